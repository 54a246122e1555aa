"""Whom do the EU's financial sanctions files name, under which regulations, and since when."""

from spillover.loaders.eu_fsf.entries import transform
from spillover.loaders.eu_fsf.files import read

__all__ = ["read", "transform"]

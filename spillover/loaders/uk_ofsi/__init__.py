"""Whom do the UK's lists of sanctions targets name, under which regime, and since when."""

from spillover.loaders.uk_ofsi.entries import transform
from spillover.loaders.uk_ofsi.files import read

__all__ = ["read", "transform"]

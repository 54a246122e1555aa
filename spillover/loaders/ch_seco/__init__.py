"""Whom does the Swiss sanctions list name, from when until when, and as linked to whom."""

from spillover.loaders.ch_seco.entries import transform
from spillover.loaders.ch_seco.files import read

__all__ = ["read", "transform"]

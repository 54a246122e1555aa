"""Which entity does a row of names and identifiers mean, how surely, and for which reasons."""

from spillover.queries.matching.asked import Asked, Match
from spillover.queries.matching.matcher import match

__all__ = ["Asked", "Match", "match"]

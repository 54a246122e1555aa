"""Which rules would take too long for these targets, when nobody asked for them by name?"""

from __future__ import annotations

from typing import Final

from spillover.queries.cascade import below
from spillover.queries.holdings import Ints
from spillover.queries.ledger import Ledger
from spillover.queries.rulebook import Rule

MOST: Final = 20_000
"""Most entities below the listed for which a rule that nobody named sums chains."""
_SUMS: Final = ("products", "simple_paths")


def too_costly(ledger: Ledger, law: Rule, targets: Ints, most: int | None) -> bool:
    """Whether a rule that sums chains meets more entities below its targets than ``most``."""
    if most is None or law.method not in _SUMS:
        return False
    return len(below(ledger, targets)) > most

"""What is a transaction to those who hand it queries?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, LiteralString, Protocol


class Transaction(Protocol):
    """Queries that stand or fall together."""

    def run(
        self, query: LiteralString, parameters: dict[str, Any] | None = None, **kwparameters: Any
    ) -> Any:
        """Run a query; the answer is its rows, with ``single`` and ``consume``."""


Steps = Callable[[Transaction], None]
"""What is done in one transaction."""

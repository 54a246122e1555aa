"""How is a Neo4j server reached, and what does it say when it cannot be?

This is the only module that imports the driver. Values reach the server as parameters alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, LiteralString, Self, TypeVar

from spillover.graph.errors import StoreError
from spillover.graph.neo4j.address import Address

if TYPE_CHECKING:
    from neo4j import Driver, ManagedTransaction, Record, Session

T = TypeVar("T")
WAIT: Final = 3.0
"""Seconds in which a server must answer at first."""
PATIENCE: Final = 60.0
"""Seconds for which a step is tried again when a server goes away in the middle of the work."""
FETCH: Final = 1000


class Server:
    """A database of a Neo4j server, as a context manager.

    Args:
        address: where it is.
        patience: seconds for which a step is tried again when the server goes away.

    Raises:
        StoreError: nobody answers there, or the name or password is wrong.
    """

    def __init__(self, address: Address, *, patience: float = PATIENCE) -> None:
        import neo4j

        # What the driver logs of a lost connection is said in one line by the error itself.
        logging.getLogger("neo4j").setLevel(logging.CRITICAL)
        self.address, self._patience = address, patience
        auth = (address.user, address.password) if address.user else None
        with self._told():
            self._driver: Driver = neo4j.GraphDatabase.driver(
                address.uri,
                auth=auth,
                connection_timeout=WAIT,
                connection_acquisition_timeout=WAIT + 0.5,
                max_transaction_retry_time=patience,
                notifications_min_severity="OFF",
                user_agent="spillover",
            )
        try:
            self.alone("RETURN 1")
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the server; a second call does nothing."""
        self._driver.close()

    # -- asking -----------------------------------------------------------------------------

    def rows(self, query: LiteralString, **values: Any) -> list[Record]:
        """All rows of a query that changes nothing."""
        with self._session() as session:
            return session.execute_read(lambda work: list(work.run(query, values)))

    def stream(
        self, query: LiteralString, *, fetch: int = FETCH, **values: Any
    ) -> Iterator[Record]:
        """Rows of a query that changes nothing, one after the other; so many at a time."""
        with self._session(fetch_size=fetch) as session, session.begin_transaction() as work:
            yield from work.run(query, values)

    def within(
        self, seconds: float, query: LiteralString, values: Mapping[str, Any]
    ) -> list[Record]:
        """All rows of a query that changes nothing, and that the server stops after so long."""
        with (
            self._session(default_access_mode="READ") as session,
            session.begin_transaction(timeout=seconds) as work,
        ):
            return list(work.run(query, dict(values)))

    def write(self, query: LiteralString, **values: Any) -> list[Record]:
        """Rows of a query that changes something, in a transaction of its own.

        It is tried again when the server goes away, so it must mean the same when done twice.
        """
        return self.work(lambda work: list(work.run(query, values)))

    def work(self, steps: Callable[[ManagedTransaction], T]) -> T:
        """What several queries that stand or fall together answer; tried again like `write`."""
        from neo4j.exceptions import IncompleteCommit

        until = monotonic() + self._patience
        with self._session() as session:
            while True:
                try:
                    return session.execute_write(steps)
                except IncompleteCommit:  # it can stand: the driver leaves it to us to do it twice
                    if monotonic() > until:
                        raise

    def alone(self, query: LiteralString, **values: Any) -> list[Record]:
        """Rows of a query that opens transactions of its own (``IN TRANSACTIONS``), or of DDL."""
        with self._session() as session:
            return list(session.run(query, values))

    @contextmanager
    def _session(self, **options: Any) -> Iterator[Session]:
        database = self.address.database or None
        with self._told(), self._driver.session(database=database, **options) as session:
            yield session

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Errors of the driver become one line."""
        import neo4j.exceptions

        try:
            yield
        except (neo4j.exceptions.DriverError, neo4j.exceptions.Neo4jError) as error:
            raise self._unreachable(error) from error
        except (OSError, ValueError) as error:
            raise StoreError(f"{self.address}: {error}") from error

    def _unreachable(self, error: Exception) -> StoreError:
        """What the driver says, as one line that names the server and the mend."""
        from neo4j import exceptions as told

        where = str(self.address)
        if isinstance(error, told.AuthError):
            return StoreError(
                f"{where}: the server does not accept this user and password; set NEO4J_USERNAME"
                " and NEO4J_PASSWORD"
            )
        if isinstance(error, told.ServiceUnavailable | told.SessionExpired):
            return StoreError(
                f"{where}: no Neo4j server answers there ({_first_line(error)}); start it, or name"
                " another address"
            )
        if isinstance(error, told.ClientError) and "Database.DatabaseNotFound" in str(error.code):
            return StoreError(
                f"{where}: the server has no such database; name another with --database"
            )
        if isinstance(error, told.Neo4jError) and "TransactionTimedOut" in str(error.code):
            return StoreError(
                f"{where}: the server stopped the question at its time limit; ask for less"
            )
        return StoreError(f"{where}: {_first_line(error)}")


def _first_line(error: Exception) -> str:
    message = getattr(error, "message", None) or str(error)
    return message.splitlines()[0][:300] if message else type(error).__name__

"""Which ways can Spillover refuse, and with which exit code.

::

    SpilloverError            1
    ├── InputError            3   a file, record or value is not what it claims to be
    │   ├── StakeError            a text that is no share
    │   └── DateError             a text that is no (partial) date
    ├── NotFoundError         4   no entity, rule or dataset of that name
    ├── AmbiguousError        4   several entities of that name; lists them
    ├── LoadRefusedError      5   a load that would not reconcile; nothing was changed
    └── StoreError            6   a graph file that is in use, unreadable or of a newer version;
                                a server that does not answer or holds no graph

Codes 10 and 11 are no refusals: ``screen``, ``watch`` and ``diff`` end with 10 when something is
hit or has changed, and with 11 when nothing is certain but questions are open; ``neo4j verify``
ends with 10 when file and server differ.

Every message is one line that names the file, the record, the value and the mend.
"""

from __future__ import annotations


class SpilloverError(Exception):
    """Base of every error that a user can cause; ``exit_code`` is what the shell sees."""

    exit_code = 1


class InputError(SpilloverError):
    """A file, record or value is not what it claims to be."""

    exit_code = 3


class StakeError(InputError):
    """A text cannot be read as a share."""


class DateError(InputError):
    """A text cannot be read as a full or partial ISO date."""


class NotFoundError(SpilloverError):
    """No entity, rule, loader or dataset goes by that name."""

    exit_code = 4


class AmbiguousError(SpilloverError):
    """Several entities go by that name; ``candidates`` holds (id, name, country) of each."""

    exit_code = 4

    def __init__(self, message: str, candidates: tuple[tuple[str, str, str], ...] = ()) -> None:
        super().__init__(message)
        self.candidates = candidates


class LoadRefusedError(SpilloverError):
    """A load does not reconcile or leaves its expected bounds; the store is unchanged."""

    exit_code = 5


class StoreError(SpilloverError):
    """A graph file is in use, damaged or of a newer version; or a server cannot be asked."""

    exit_code = 6

"""Has an entity been described before in this load, and in these very words."""

from __future__ import annotations

from array import array


class Digests:
    """Hash of the first description of each entity, in eight bytes where the entity is new.

    Args:
        first: number of the first new entity.
    """

    def __init__(self, first: int) -> None:
        self._first = first
        self._new = array("q")  # -1, which is no hash of anything, where there is none
        self._old: dict[int, int] = {}

    def of(self, number: int) -> int | None:
        """The hash of an entity; None when nothing has described it."""
        place = number - self._first
        if place < 0:
            return self._old.get(number)
        digest = self._new[place] if place < len(self._new) else -1
        return None if digest == -1 else digest

    def add(self, number: int, digest: int) -> None:
        """Keep the hash of an entity that has none yet."""
        place = number - self._first
        if place < 0:
            self._old[number] = digest
            return
        while len(self._new) <= place:
            self._new.append(-1)
        self._new[place] = digest

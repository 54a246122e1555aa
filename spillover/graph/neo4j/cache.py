"""Where are graph files kept that repeat what a server held after its last push?

A folder for each address in the user's cache, readable by this user alone, with one file named
after the tag of the push. It is made when a question needs it, and replaced after the next push.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import time
from pathlib import Path
from typing import Final

from spillover.graph.errors import StoreError
from spillover.graph.neo4j.address import Address

_ABANDONED: Final = 86_400.0
"""Seconds after which a file that was never finished is nobody's any more."""


def kept(where: Address, tag: str) -> Path | None:
    """The file of this push, where there is one."""
    path = _folder(where) / _name(tag)
    return path if path.exists() else None


def place(where: Address, tag: str) -> Path:
    """Where the file of this push belongs; its folder is made.

    Raises:
        StoreError: the folder cannot be made.
    """
    folder = _folder(where)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise StoreError(
            f"{folder}: cannot be made ({error.strerror}), but what the server holds must be kept"
            " there; make room, or set XDG_CACHE_HOME"
        ) from error
    return folder / _name(tag)


def tidy(where: Address, tag: str) -> None:
    """Remove what was kept of earlier pushes; a process that has it open can finish with it."""
    folder = _folder(where)
    for path in sorted(folder.glob("*.db")):
        if path.name != _name(tag):
            with contextlib.suppress(OSError):
                path.unlink()
    for index in sorted(folder.glob("*.db.index")):
        if index.name != f"{_name(tag)}.index":
            shutil.rmtree(index, ignore_errors=True)
    for scratch in sorted(folder.glob(".*.building")):
        with contextlib.suppress(OSError):
            if time.time() - scratch.stat().st_mtime > _ABANDONED:
                scratch.unlink()


def _folder(where: Address) -> Path:
    import platformdirs

    cache = Path(platformdirs.user_cache_dir("spillover", appauthor=False))
    return cache / "neo4j" / _digest(str(where))


def _name(tag: str) -> str:
    return f"{_digest(tag)}.db"


def _digest(text: str) -> str:
    """A name that says nothing: a tag comes from a server, which may be anybody's."""
    return hashlib.sha256(text.encode()).hexdigest()[:24]

"""How are the arrays of an index kept in a folder, complete or not at all.

A folder is written under another name, made durable, and renamed: whoever finds it finds all of
it. What is found is checked all the same, because a disk or a copy may have cut it.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
import uuid
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Arrays = dict[str, npt.NDArray[Any]]

FORMAT: Final = 3
"""Version of the arrays; a folder of another version is compiled anew."""
KEPT: Final = 2
"""Indexes of other versions that stay: those that were compiled last."""
ABANDONED: Final = 24 * 3600
"""Seconds after which a half-written folder is taken for the remains of a killed process."""

FIELDS: Final = (
    *("source", "target", "low", "high", "first", "until"),
    *("observed", "key", "block", "code"),
)
"""What stands together of each claim: a cascade that looks at one field has all of them at hand.

In ``into`` the claims stand in order of those they are about. In ``out`` they stand in order of
their sources, with their positions in all other arrays in place of ``source``."""
_COLUMNS: Final = {
    **dict.fromkeys(("last", "until_low", "until_high", "pair", "relation"), np.int32),
    **dict.fromkeys(("kind", "basis", "confidence", "flags"), np.uint8),
}
_RECORDS: Final = ("into", "out")
_STARTS: Final = ("into_start", "out_start")
_SCRATCH: Final = ".compiling-"


def write(folder: Path, arrays: Arrays) -> bool:
    """Write the arrays into the folder in one step; False where nothing can be written.

    Each file is synchronised first: a rename can reach the disk before the data does, and a power
    cut would leave files of the right size, full of zeros.
    """
    scratch = folder.parent / f"{_SCRATCH}{uuid.uuid4().hex}"
    try:
        scratch.mkdir(parents=True)
        for name, array in arrays.items():
            with (scratch / f"{name}.npy").open("xb") as file:
                np.save(file, array, allow_pickle=False)
                os.fsync(file.fileno())
        sizes = {name: (scratch / f"{name}.npy").stat().st_size for name in arrays}
        with (scratch / "index.json").open("x", encoding="utf-8") as text:
            json.dump({"format": FORMAT, "sizes": sizes}, text)
            text.flush()
            os.fsync(text.fileno())
        if folder.exists():  # damaged or of another format
            shutil.rmtree(folder)
        scratch.replace(folder)
    except OSError:
        shutil.rmtree(scratch, ignore_errors=True)
        return folder.is_dir()  # another process may have been faster
    with contextlib.suppress(OSError):  # another process may be tidying, too
        _drop_stale(folder)
    return True


def _drop_stale(folder: Path) -> None:
    """Remove the indexes of other versions but the last ones, and what killed processes left."""
    others = [path for path in folder.parent.iterdir() if path != folder and path.is_dir()]
    age = {path: time.time() - path.stat().st_mtime for path in others}
    whole = sorted((p for p in others if not p.name.startswith(_SCRATCH)), key=age.__getitem__)
    left = [p for p in others if p.name.startswith(_SCRATCH) and age[p] > ABANDONED]
    for path in (*whole[KEPT:], *left):
        shutil.rmtree(path, ignore_errors=True)


def mapped(folder: Path) -> Arrays | None:
    """The arrays of a complete folder of this format, memory-mapped; else None."""
    try:
        said = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        if said["format"] != FORMAT:
            return None
        arrays: Arrays = {}
        for name in (*_COLUMNS, *_RECORDS, *_STARTS):
            path = folder / f"{name}.npy"
            if path.stat().st_size != said["sizes"][name]:
                return None
            arrays[name] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None
    return arrays if _fits(arrays) else None


def _fits(arrays: Arrays) -> bool:
    """Whether the arrays have the types and lengths that belong together."""
    claims = len(arrays["pair"])
    columns = all(
        arrays[name].dtype == dtype and arrays[name].shape == (claims,)
        for name, dtype in _COLUMNS.items()
    )
    records = all(
        arrays[name].dtype == np.int32 and arrays[name].shape == (claims, len(FIELDS))
        for name in _RECORDS
    )
    return (
        columns
        and records
        and all(
            arrays[name].dtype == np.int64
            and arrays[name].ndim == 1
            and arrays[name][-1:].tolist() == [claims]
            for name in _STARTS
        )
    )

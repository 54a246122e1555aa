"""Where is the user's own graph, and how is it made of the built-in facts."""

from __future__ import annotations

import os
from pathlib import Path

from spillover.loaders.run import Report, run


def data_folder() -> Path:
    """The folder in which this user's graphs stand."""
    import platformdirs

    return Path(platformdirs.user_data_dir("spillover", appauthor=False))


def build_facts(path: Path) -> Report:
    """Make a graph of the built-in facts; the file appears whole or not at all.

    Raises:
        StoreError: the place cannot be written.
    """
    scratch = path.with_name(f"{path.name}.{os.getpid()}.building")
    try:
        report = run(scratch, "seed", ())
        for leftover in ("-wal", "-shm"):  # of an earlier file: SQLite would apply it to this one
            Path(f"{path}{leftover}").unlink(missing_ok=True)
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)
    return report

"""What does every file of a folder give, loaded by the loader that knows it, in one graph?

    python scripts/load_folder.py FOLDER GRAPH [--tolerance SHARE]

Each dataset is loaded in a process of its own, so that its seconds and its memory are its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from spillover.loaders.detect import detect

COLUMNS = ("dataset", "files", "read", "loaded", "merged", "ignored", "quarantined")


def main() -> None:
    """Load, and print the table with what was set aside and why."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("graph", type=Path)
    parser.add_argument("--tolerance", default=None)
    said = parser.parse_args()
    detection = detect([said.folder])
    print("| " + " | ".join((*COLUMNS, "seconds", "peak MB", "set aside, and why")) + " |")
    print("|" + " --- |" * (len(COLUMNS) + 3))
    failed = 0
    for loader, parts in sorted(detection.loads().items()):
        files = list(dict.fromkeys(part.path for part in parts))
        failed += _load(loader, files, said.graph, said.tolerance)
    for part, why in detection.unknown:
        print(f"\nleft out: {part}: {why}")
    sys.exit(1 if failed else 0)


def _load(loader: str, files: list[Path], graph: Path, tolerance: str | None) -> bool:
    """Load with one loader and print its row; whether it was refused."""
    command = str(Path(sys.executable).with_name("spillover"))
    words = [command, "load", loader, *map(str, files)]
    words += ["--graph", str(graph), "--format", "json"]
    words += ["--tolerance", tolerance] if tolerance else []
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        began = time.perf_counter()
        process = subprocess.Popen(words, stdout=out, stderr=err)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        out.seek(0)
        err.seek(0)
        if status:
            print(f"| {loader} | {len(files)} | refused: {err.read().strip()[:300]} |")
            return True
        data = json.load(out)
    row = [data["dataset"], len(files), *data["records"].values()]
    row += [f"{seconds:.1f}", round(used.ru_maxrss / 1024), _reasons(data)]
    print("| " + " | ".join(map(str, row)) + " |", flush=True)
    return False


def _reasons(data: dict[str, Any]) -> str:
    reasons = Counter(item["reason"][:80] for item in data["quarantine"])
    return "; ".join(f"{count} x {reason}" for reason, count in reasons.most_common(3))


if __name__ == "__main__":
    main()

"""Does the built wheel answer from an empty environment, in any folder, with nothing missing?"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Build the wheel, install it outside the checkout, ask it the opening example."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build = ["-m", "build", "--wheel", "--no-isolation", "--outdir", name, str(ROOT)]
        _run(sys.executable, *build, cwd=folder)
        wheel = next(folder.glob("*.whl"))
        tops = {entry.split("/")[0] for entry in zipfile.ZipFile(wheel).namelist()}
        assert {top for top in tops if not top.endswith(".dist-info")} == {"spillover"}, tops
        _run(sys.executable, "-m", "venv", "empty", cwd=folder)
        python = str(folder / "empty" / "bin" / "python")
        lock = str(ROOT / "requirements" / "runtime.lock")
        _run(python, "-m", "pip", "install", "-q", "--require-hashes", "-r", lock, cwd=folder)
        _run(python, "-m", "pip", "install", "-q", "--no-deps", str(wheel), cwd=folder)
        elsewhere = folder / "elsewhere"
        elsewhere.mkdir()
        spillover = str(folder / "empty" / "bin" / "spillover")
        said = _run(spillover, "demo", cwd=elsewhere)
        assert "Syngenta AG would be blocked, with certainty" in said, said
        said = _run(spillover, "blocked", "ChemChina", "--as-of", "2022-10-05", cwd=elsewhere)
        assert "Syngenta AG" in said, said
        said = _run(spillover, "loaders", "--format", "csv", cwd=elsewhere)
        assert "wikidata," in said, said
        report = (elsewhere / "spillover-demo.html").read_text(encoding="utf-8")
        assert "vis-network" in report, "the report has no interactive picture"
    print("the wheel answers from an empty environment")


def _run(*command: str, cwd: Path) -> str:
    env = {**os.environ, "XDG_DATA_HOME": str(cwd), "PYTHONPATH": ""}
    done = subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()

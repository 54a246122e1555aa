"""The session on the page about networkx runs, and prints what the page says."""

import ast
import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from spillover.loaders.run import run

PAGE = Path(__file__).parents[2] / "docs" / "networkx.md"
BLOCK = re.compile(r"```python\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", re.DOTALL)
OTHERS = ("import matplotlib", "import pandas", "neo4j://")
"""What needs a library that is not installed, or a server; it is read, not run."""


def blocks() -> list[tuple[str, str]]:
    """Each block of Python with what it prints."""
    return BLOCK.findall(PAGE.read_text(encoding="utf-8"))


def test_the_session_prints_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run(Path("facts.db"), "seed", ())
    names: dict[str, object] = {}
    ran = 0
    for code, printed in blocks():
        if any(word in code for word in OTHERS):
            ast.parse(code)
            continue
        said = StringIO()
        with redirect_stdout(said):
            exec(compile(code, PAGE.name, "exec"), names)  # noqa: S102 - the page is our own
        assert said.getvalue() == printed, code
        ran += 1
    assert ran == 6


def test_what_is_only_read_names_what_there_is() -> None:
    """Every public name that a block imports from Spillover can be imported."""
    for code, _ in blocks():
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("spillover"):
                exec(ast.unparse(node), {})  # noqa: S102 - as above

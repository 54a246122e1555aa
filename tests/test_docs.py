"""Is every command, option, flag, column and exit code documented where it is used?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from spillover.cli import app
from spillover.graph import errors
from spillover.loaders.manifest import manifest, names
from spillover.queries.blocked import FLAGS
from spillover.queries.rulebook import rule_ids

ROOT = Path(__file__).parents[1]


def page(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


def test_every_command_is_documented() -> None:
    documented = set(re.findall(r"`spillover ([a-z0-9]+)`", page("command-line")))
    assert documented == set(typer.main.get_command(app).commands)  # type: ignore[attr-defined] # a group


def test_every_option_is_documented_somewhere() -> None:
    everything = "\n".join(path.read_text("utf-8") for path in (ROOT / "docs").glob("*.md"))
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined] # a group
    options = {o for c in commands.values() for p in c.params for o in p.opts if o.startswith("--")}
    missing = {option for option in options if option not in everything}
    assert missing == set()


@pytest.mark.parametrize("flag", FLAGS)
def test_every_flag_is_documented(flag: str) -> None:
    assert f"`{flag}`" in page("blocked")


def test_every_exit_code_is_documented() -> None:
    codes = {error.exit_code for error in vars(errors).values() if hasattr(error, "exit_code")}
    rows = re.findall(r"^\| (\d) \|", page("command-line"), re.MULTILINE)
    documented = {int(code) for code in rows}
    assert codes - {1} | {0, 2} == documented


def test_every_column_of_a_users_table_is_documented() -> None:
    for shape, columns in manifest("table").tables["shapes"].items():
        for column in columns["must"] + columns["may"]:
            assert f"`{column}`" in page("loading"), (shape, column)


def test_every_loader_and_rule_is_documented() -> None:
    own = {"seed", "ftm", "table"}  # on the page itself
    assert all((ROOT / "docs" / "sources" / f"{name}.md").exists() for name in {*names()} - own)
    assert all(f"`{name}`" in page("loading") for name in names())
    assert all(f"`{rule}`" in page("rules") for rule in rule_ids())


def test_links_between_pages_lead_somewhere() -> None:
    for path in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        for link in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert link.startswith("http") or (path.parent / link).exists(), (path.name, link)

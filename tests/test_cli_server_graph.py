"""Does every command give the same answer, to the byte, from a server as from the file?"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import typer
from typer.testing import CliRunner

from scripts.neo4j_server import Server
from spillover.cli import app
from spillover.graph.errors import SpilloverError
from spillover.graph.evidence import Dataset
from spillover.graph.neo4j.address import address
from spillover.graph.neo4j.connection import Server as Connection
from spillover.graph.neo4j.push import push
from spillover.graph.neo4j.state import clear
from spillover.graph.schema import Entity, Relation
from spillover.graph.stake import parse_stake
from tests.graphs import build, relations
from tests.queries.test_published_rules import CASES

ICIO: Final = Path(__file__).parent / "data" / "io_table" / "icio.csv"
LEI: Final = "529900T8BM49AURSDO55"
FLOWS: Final = """refYear,reporterCode,partnerCode,flowCode,cmdCode,primaryValue,netWgt
2021,276,643,X,854231,120,12
2022,276,643,X,854231,10,1
2021,398,643,X,854231,4,2
2022,398,643,X,854231,30,2
"""
CHPL: Final = "hs6,tier,description_hs2022\n854231,1,Processors\n"
SUPPLIERS: Final = """Supplier,Country,Spend,Currency
Syngenta AG,Switzerland,1200000,USD
Pirelli & C. S.p.A.,Italy,300000,EUR
Acme Widgets GmbH,Germany,1000,EUR
"""
PLAN: Final = """name: {name}
at: 2022-10-05
changes:
  - designate:
      entity: {target}
      by: US-OFAC-SDN
"""

QUESTIONS: Final = {
    "status": ("",),
    "quarantine": ("",),
    "search": ("syngenta", "化", "a"),
    "show": ("ChemChina", "one"),
    "owners": ("'Syngenta AG'",),
    "subsidiaries": ("ChemChina", "two"),
    "shares": ("ChemChina", "X"),
    "beneficial": ("'Syngenta AG'", "C"),
    "power": ("'Syngenta AG'",),
    "blocked": ("ChemChina", "X one --rule all", "ChemChina --of 'Syngenta AG'"),
    "why": ("'Syngenta AG' --targets ChemChina",),
    "gaps": ("ChemChina",),
    "ties": ("ChemChina",),
    "chokepoints": ("ChemChina --to 'pesticides, world'",),
    "sectors": ("TWN_26",),
    "market": ("'pesticides, world'",),
    "collateral": ("ChemChina", "ChemChina --draws 100 --seed 3"),
    "coalition": ("'commercial seeds, world'",),
    "diversion": ("--products chpl --target RU --since 2022-02 --direct DE",),
    "strategic": ("'pesticides, world'",),
    "systemic": ("ChemChina", "ChemChina --draws 100 --seed 3"),
    "optimise": ("'pesticides, world' --budget 2",),
    "exposure": ("ChemChina",),
    "screen": ("suppliers.csv --target ChemChina",),
    "diff": ("--and 2017-01-01", "--scenario a.yml --scenario b.yml --exposures"),
    "watch": ("suppliers.csv --target ChemChina --look look.json --no-save",),
    "export": ("", "--format graphml", "--format ftm"),
    "scenario run": ("a.yml",),
    "scenario compare": ("a.yml b.yml",),
}
"""What each command is asked; those that have no day of their own are asked as of one day."""
WRITERS: Final = {"load", "unload"}
"""Commands that change a graph file: a server is refused."""


def commands() -> dict[str, set[str]]:
    """The options of every command, by its words."""

    def under(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, set[str]]]:
        if hasattr(command, "commands"):
            for name, one in command.commands.items():
                yield from under(one, (*words, name))
        else:
            options = {option for parameter in command.params for option in parameter.opts}
            yield " ".join(words), options

    return dict(under(typer.main.get_command(app), ()))


def run(words: str, graph: object) -> tuple[int, str]:
    """Exit code and standard output of a command, or the one line by which it is refused."""
    command = [*shlex.split(words), "--graph", str(graph)]
    done = CliRunner().invoke(app, command)
    if isinstance(done.exception, SpilloverError):
        return done.exception.exit_code, str(done.exception)
    assert done.exit_code in {0, 10, 11}, done.output
    return done.exit_code, done.stdout


def asked(words: str) -> str:
    """The whole question: as of one day where its command knows days, and in JSON."""
    of = max((name for name in commands() if f"{words} ".startswith(f"{name} ")), key=len)
    if "--as-of" in commands()[of]:
        words += " --as-of 2022-10-05"
    return words if of == "export" else f"{words} --format json"


def graph_of_many(path: Path) -> Path:
    """Several datasets; some were loaded again, so that numbers have gaps; two entities are one."""
    said = [("lei", LEI)]
    one: list[Entity | Relation] = [
        Entity("one", "Company", "One", identifiers=tuple(said)),
        *relations("X > one 60"),
    ]
    two: list[Entity | Relation] = [
        Entity("two", "Company", "Two", identifiers=tuple(said)),
        *relations("two > C 70"),
    ]
    for _ in range(2):
        build(path, one, Dataset("first", "First", "Somebody", licence="no commercial use"))
        for words in ("load seed", "load io_table icio.csv --date 2020"):
            assert run(words, path)[0] == 0
    build(path, two, Dataset("second", "Second", commercial_use=False))
    for words in ("load comtrade flows.csv", "load control_lists chpl.csv"):
        assert run(words, path)[0] == 0
    build(path, "X > gone 10", Dataset("third", "Third"))
    assert CliRunner().invoke(app, ["unload", "third", "--graph", str(path)]).exit_code == 0
    return path


@pytest.fixture(scope="module")
def pushed(
    neo4j_home: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, str]]:
    """A graph file, and the address of a server to which it was pushed."""
    folder = tmp_path_factory.mktemp("served")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in neo4j_home.environment.items():
            patch.setenv(name, value)
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        patch.setenv("XDG_DATA_HOME", str(folder / "data"))
        patch.delenv("SPILLOVER_GRAPH", raising=False)
        patch.chdir(folder)
        for name, text in {
            "icio.csv": ICIO.read_text(encoding="utf-8"),
            "flows.csv": FLOWS,
            "chpl.csv": CHPL,
            "suppliers.csv": SUPPLIERS,
            "a.yml": PLAN.format(name="A", target="ChemChina"),
            "b.yml": PLAN.format(name="B", target="Syngenta AG"),
        }.items():
            Path(name).write_text(text, encoding="utf-8")
        where = address()
        with Connection(where) as server:
            clear(server)
        path = graph_of_many(folder / "graph.db")
        push(path, where)
        assert run("watch suppliers.csv --as-of 2017-01-01 --look look.json", path)[0] in {
            0,
            10,
            11,
        }
        yield path, f"{where.uri}/neo4j"


def test_every_command_that_takes_a_graph_is_asked() -> None:
    taking = {
        words
        for words, options in commands().items()
        if "--graph" in options and not words.startswith("neo4j ")
    }
    assert QUESTIONS.keys() == taking - WRITERS


@pytest.mark.parametrize(
    "words", [f"{command} {more}".strip() for command, asked in QUESTIONS.items() for more in asked]
)
def test_the_answer_is_the_same_to_the_byte(pushed: tuple[Path, str], words: str) -> None:
    path, where = pushed
    question = asked(words)
    code, here = run(question, path)
    assert code in {0, 10, 11}, here
    if words == "status":
        here = here.replace(json.dumps(str(path)), json.dumps(where))
    assert run(question, where) == (code, here)


@pytest.mark.parametrize("command", sorted(WRITERS))
def test_what_writes_a_graph_refuses_a_server(pushed: tuple[Path, str], command: str) -> None:
    code, said = run(f"{command} seed", pushed[1])
    assert code == 3
    assert "spillover neo4j pull" in said
    assert "\n" not in said


def test_an_earlier_version_is_refused_and_a_later_day_is_not(pushed: tuple[Path, str]) -> None:
    path, where = pushed
    for words in (
        "blocked ChemChina --known-at 2020-01-01",
        "diff",
        "diff --from v2",
        "diff --from 2020",
        "diff --to v3",
    ):
        code, said = run(words, where)
        assert code == 3, words
        assert said.startswith(where)
        assert "only the newest" in said
        assert "\n" not in said
    question = "blocked ChemChina --known-at 2999-12-31 --format json"
    assert run(question, where) == run(question, path)


@pytest.mark.skipif(not CASES.exists(), reason=f"no {CASES}: it stands beside the checkout")
def test_every_published_case(pushed: tuple[Path, str]) -> None:
    """All cases in one graph, each with names of its own, so that one push brings all of them."""
    path = pushed[0].with_name("cases.db")
    cases = json.loads(CASES.read_text(encoding="utf-8"))
    items = [item for case in cases for item in claims(case)]
    build(path, items, Dataset("published", "Published cases"))
    where = address()
    with Connection(where) as server:
        clear(server)
    push(path, where)
    for case in cases:
        for name in designated(case):
            for question in (
                f"blocked {name!r} --rule all --as-of 2026-11-22",
                f"shares {name!r} --as-of 2026-11-22",
                f"beneficial {name!r} --as-of 2026-11-22",
            ):
                words = f"{question} --format json"
                assert run(words, where) == run(words, path), case["id"]


def claims(case: dict[str, Any]) -> Iterator[Relation]:
    """The claims of a case."""
    own = f"{case['id']}: "
    for link in case["owners"]:
        percent = link["percent"]
        stake = None if percent is None else parse_stake(str(percent))
        yield Relation("OWNS", own + link["owner"], own + link["owned"], stake, "capital")
    for link in case.get("controls", ()):
        yield Relation("CONTROLS", own + link["controller"], own + link["controlled"])
    for link in case.get("acts_for", ()):
        yield Relation("REPRESENTS", own + link["person"], own + link["entity"])


def designated(case: dict[str, Any]) -> list[str]:
    """Whom the case designates, or else its first owner."""
    listed = case.get("designated") or [link["owner"] for link in case["owners"][:1]]
    return [f"{case['id']}: {name}" for name in listed]

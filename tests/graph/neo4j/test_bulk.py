"""Does a folder of the export become the same graph on a server as a push?"""

from __future__ import annotations

import csv
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from scripts.neo4j_server import Server as Neo4j
from spillover.graph.claims import prepare
from spillover.graph.content import content
from spillover.graph.dates import now
from spillover.graph.errors import InputError
from spillover.graph.evidence import Dataset, Evidence
from spillover.graph.neo4j import bulk, held
from spillover.graph.neo4j.address import Address, address
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.labels import statements
from spillover.graph.neo4j.pull import pull
from spillover.graph.neo4j.push import push
from spillover.graph.neo4j.verify import verify
from spillover.graph.rows import Audit, Quarantined
from spillover.graph.schema import Entity, Name, Relation
from spillover.graph.stake import parse_stake
from spillover.graph.store import Store
from spillover.graph.writer import File, Tally, Writer
from tests.graphs import build
from tests.loads import load, unload

NASTY = "a\"b `c` {d} \\\"e\\ , ;|\t\x1f\x01 'f'  中铁 🚢 \u202eg\u2028h "
LEI = "529900T8BM49AURSDO55"


def exported(path: Path, folder: Path) -> Path:
    with Store(path) as store:
        return bulk.export(store, folder).folder


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    """Rows of a group, as the standard library reads them."""
    with (folder / f"{name}-header.csv").open(encoding="utf-8", newline="") as stream:
        (header,) = csv.reader(stream)
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return [dict(zip(header, row, strict=True)) for row in csv.reader(stream)]


# -- the files ------------------------------------------------------------------------------


def test_columns_have_types_and_rows_have_values(tmp_path: Path) -> None:
    folder = exported(build(tmp_path / "g.db", "X > A 25-75 observed=2017"), tmp_path / "out")
    (owns,) = rows(folder, "owns")
    found = {
        ":START_ID(Entity)": "1",
        ":END_ID(Entity)": "2",
        "low:long": "25000000",
        "high:long": "75000000",
        "stake_text:string": "25-75",
        "share:string": "25–75 %",
        "observed:string": "2017",
        "start:string": "",
        "dataset:string": "test",
        "num:long": "1",
        "load:long": "1",
    }
    assert {name: owns[name] for name in found} == found
    ids = [
        (row["num:ID(Entity){id-type:long}"], row["id:string"]) for row in rows(folder, "entities")
    ]
    assert ids == [("1", "X"), ("2", "A")]
    assert {row[":LABEL"] for row in rows(folder, "entities")} == {"Entity"}, "both are only named"


def test_rows_with_line_ends_are_announced(tmp_path: Path) -> None:
    plain = exported(build(tmp_path / "p.db", [Entity("p", "Thing", "plain")]), tmp_path / "plain")
    two = exported(build(tmp_path / "t.db", [Entity("t", "Thing", "one\ntwo")]), tmp_path / "two")
    assert "multiline" not in (plain / bulk.COMMAND).read_text(encoding="utf-8")
    command = (two / bulk.COMMAND).read_text(encoding="utf-8")
    assert "--multiline-fields=true" in command
    assert str(tmp_path) not in command
    assert [row["name:string"] for row in rows(two, "entities")] == ["one\ntwo"]


def test_what_parts_a_list_stands_in_none_of_its_texts(tmp_path: Path) -> None:
    items = [Entity("n", "Thing", "n", (Name("a\x1fb"), Name("c\x1ed")))]
    folder = exported(build(tmp_path / "g.db", items), tmp_path / "out")
    assert "--array-delimiter=U+001D" in (folder / bulk.COMMAND).read_text(encoding="utf-8")
    (row,) = rows(folder, "entities")
    assert row["names:string[]"].split("\x1d") == ["a\x1fb", "c\x1ed"]


def test_nothing_is_exported_where_every_character_is_taken(tmp_path: Path) -> None:
    taken = "".join(map(chr, range(1, 32)))
    path = build(tmp_path / "g.db", [Entity("n", "Thing", "n", (Name(taken),))])
    with pytest.raises(InputError, match="hold every control character"):
        exported(path, tmp_path / "out")
    assert not [file.name for file in tmp_path.iterdir() if "out" in file.name]


@pytest.mark.parametrize("name", ["a(b", "a)", "{x}", "two\nlines"])
def test_a_dataset_that_no_column_can_name_is_refused(tmp_path: Path, name: str) -> None:
    path = load(tmp_path / "g.db", "X > A 60", name)
    with pytest.raises(InputError, match="which neo4j-admin cannot carry"):
        exported(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    path = build(tmp_path / "g.db", "X > A 60")
    (tmp_path / "out").mkdir()
    with pytest.raises(InputError, match="is there already"):
        exported(path, tmp_path / "out")
    assert not any((tmp_path / "out").iterdir())


def test_a_folder_appears_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = build(tmp_path / "g.db", "X > A 60")

    def full(_: Store) -> Iterator[held.Claimed]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(held, "claims", full)
    with pytest.raises(InputError, match=r"out: cannot be written \(No space left on device\)"):
        exported(path, tmp_path / "out")
    assert not [file.name for file in tmp_path.iterdir() if "out" in file.name]


def test_an_entity_is_listed_while_one_designation_stands(tmp_path: Path) -> None:
    items = """
        P DESIGNATES now start=2020
        P DESIGNATES was start=2020 end=2021
        P DESIGNATES both start=2020 end=2021
        Q DESIGNATES both start=2022
        P DESIGNATES never start=2020 denies
    """
    with Store(build(tmp_path / "g.db", items)) as store:
        found = {entity.properties["id"]: entity for entity in held.entities(store)}
    assert {name: one.properties["listing"] for name, one in found.items()} == {
        "P": None,
        "Q": None,
        "now": "listed",
        "was": "delisted",
        "both": "listed",
        "never": None,
    }


def test_claims_that_say_the_same_have_keys_of_their_own(tmp_path: Path) -> None:
    """Three claims of one source about one pair; two of them are equal."""
    path = build(tmp_path / "g.db", "X > A 60\nX > A 60\nX > A 10\nX > B 60")
    with Store(path) as store:
        keys = [claim.properties["key"] for claim in held.claims(store)]
    assert len(set(keys)) == 4
    with Store(build(tmp_path / "h.db", "X > B 60\nX > A 10\nX > A 60\nX > A 60")) as store:
        again = [claim.properties["key"] for claim in held.claims(store)]
    assert set(keys) == set(again), "the order of the claims does not count"


def test_the_command_names_the_folder_and_what_to_do_with_it(tmp_path: Path) -> None:
    path = build(tmp_path / "g.db", "X > A 60")
    code = "from spillover.cli import main; main()"
    words = [sys.executable, "-c", code, "export", "--format", "neo4j-admin", "--graph", str(path)]
    nowhere = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (nowhere.returncode, nowhere.stdout) == (3, "")
    assert "name a new one with -o FOLDER" in nowhere.stderr
    words += ["-o", str(tmp_path / "out")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "wrote 2 entities and 1 relations" in done.stderr
    again = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (again.returncode, again.stderr.count("\n")) == (3, 1)


# -- the server -----------------------------------------------------------------------------


def test_an_imported_server_holds_what_a_pushed_one_holds(
    tmp_path: Path, neo4j_server: Address
) -> None:
    path = nasty(tmp_path / "g.db")
    push(path, neo4j_server)
    pushed = dump(neo4j_server)
    with imported(exported(path, tmp_path / "out"), tmp_path / "home") as where:
        assert dump(where) == pushed
        _pulls_back(path, where, tmp_path)


def _pulls_back(path: Path, where: Address, folder: Path) -> None:
    """Nothing is left for a push, and a pull gives back the same content."""
    assert not push(path, where).changed
    pull(where, folder / "back.db")
    with Store(path) as store, Store(folder / "back.db") as back:
        assert content(back) == content(store)
    found = verify(where, path)
    assert found.equal, found.findings


def nasty(path: Path) -> Path:
    """A graph with a history and with everything that a CSV file or a shell could spoil."""
    load(path, [Entity("gone", "Company", "Gone")], "gone")
    first = [
        Entity(
            "a",
            "LegalEntity",
            NASTY,
            (Name(NASTY * 2, "zh", "alias"), Name("one\ntwo\r\nthree", role="weak")),
            ("cn", "hk"),
            (("lei", LEI), ("register", NASTY)),
            ("sanction", 'x"y'),
            {"note": ("line\nend", NASTY, "")},
        ),
        Entity("bill", "Person", "Bill", (Name("A"), Name("A", "en", "alias"))),
        Entity("same", "Company", "The same", identifiers=(("lei", LEI),)),
        Entity("k1", "Person", "K1", identifiers=(("lei", "5493001KJTIIGC8Y1R12"),)),
        Entity("k2", "Vessel", "K2", identifiers=(("imo", "9074729"), ("imo", "9176187"))),
    ]
    _load(path, Dataset("q:`\"ua'te 中", NASTY, "P\nQ", "u", "free", None, "2024"), first)
    load(path, "X > A 60", "again")
    load(path, "X > A 70\nX > A 70\nS DESIGNATES X start=2020\nstub > A 25 denies", "again")
    second: list[Entity | Relation] = [
        Entity("a", "Company", "A", (Name(NASTY),), ("cn", "us"), topics=("role.pep",)),
        Entity("a", "Company", "A another way"),
        Relation(
            "OWNS",
            "a",
            'st"ub\n',
            parse_stake("33.333333 %"),
            "capital",
            "2019",
            "2020-02",
            Evidence("P", NASTY, "http://x", "2021", "low", "asserts", "r\n1", NASTY),
            reported_indirect=True,
            block="b\x1f",
            stake_text='"33.3"',
            properties={"joint": ("yes", NASTY), "other": ("",)},
        ),
        Relation("STATE_TIE", "bill", "a", properties={"tie": ("party\nline",), "degree": ("2",)}),
    ]
    _load(path, Dataset("said_x", "T", commercial_use=False), second)
    unload(path, "gone")
    return path


def _load(path: Path, dataset: Dataset, items: Sequence[Entity | Relation]) -> None:
    with Writer(path) as writer:
        for item in items:
            if isinstance(item, Entity):
                writer.entity(item)
            else:
                writer.relation(prepare(item))
        writer.commit(
            dataset,
            loader="table",
            started=now(),
            tally=Tally(len(items) + 1, len(items), 0, 0, 1),
            files=(File(NASTY, "0" * 64, 12),),
            audits=(Audit("unknown", "k\n", 2, NASTY),),
            quarantined=(Quarantined("f", "line 1", "bad", NASTY),),
        )


@contextmanager
def imported(folder: Path, home: Path) -> Iterator[Address]:
    """A server that ran the command of the folder before its first start."""
    server = Neo4j(home)
    admin = home / "bin" / "neo4j-admin"
    admin.parent.mkdir()
    java = shlex.join(server._java("org.neo4j.server.startup.Neo4jAdminCommand"))
    admin.write_text(f'#!/bin/sh\nexec {java} "$@"\n', encoding="utf-8")
    admin.chmod(0o700)
    environment = server._environment()
    done = subprocess.run(
        ["sh", folder / bulk.COMMAND], env=environment, capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stdout + done.stderr
    with server:
        where = address(environment=server.environment)
        with Server(where) as connection:
            text = (folder / bulk.SCHEMA).read_text(encoding="utf-8")
            assert text == "".join(f"{statement};\n" for statement in statements())
            for statement in statements():
                connection.alone(statement)
        yield where


def dump(where: Address) -> dict[str, list[Any]]:
    """All that a server holds, but for when it came there."""
    with Server(where) as server:
        nodes = server.rows("MATCH (n) RETURN labels(n) AS labels, properties(n) AS values")
        links = server.rows(
            "MATCH (a)-[r]->(b)"
            " RETURN type(r) AS type, a.id AS a, b.id AS b, properties(r) AS values"
        )
    return {
        "nodes": sorted([sorted(labels), sorted(_stable(said).items())] for labels, said in nodes),
        "links": sorted([kind, a, b, sorted(said.items())] for kind, a, b, said in links),
    }


def _stable(said: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in said.items() if key not in ("tag", "pushed")}

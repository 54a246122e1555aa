"""FollowTheMoney lines become entities and links of the right kind, in the right direction."""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from spillover.graph.errors import InputError, LoadRefusedError
from spillover.graph.schema import KINDS, Entity, Name, Relation
from spillover.graph.stake import Stake
from spillover.graph.store import Store
from spillover.loaders.context import Options
from spillover.loaders.run import Report, run
from tests.graph.small import content

SAMPLE = Path(__file__).parents[1] / "data" / "ftm" / "every_kind.ftm.jsonl"
REAL = Path(__file__).parents[2].parent / "shared" / "data" / "ftm"


def entity(entity_id: str, schema: str, **properties: Any) -> dict[str, Any]:
    return {"id": entity_id, "schema": schema, "properties": properties}


def owned(**properties: Any) -> dict[str, Any]:
    return entity("o", "Ownership", **{"owner": ["a"], "asset": ["b"], **properties})


class Loaded:
    """The lines given, loaded into a graph of their own."""

    def __init__(self, folder: Path, lines: Iterable[object], tolerance: float = 1.0) -> None:
        self.graph, self.file = folder / "graph.db", folder / "file.jsonl"
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        self.file.write_text("\n".join(texts) + "\n", encoding="utf-8")
        options = Options(tolerance=tolerance)
        self.report: Report = run(self.graph, "ftm", [self.file], options=options)
        _, self.entities, claims, _ = content(self.graph)
        self.relations: list[Relation] = [relation for relation, _ in claims]


def test_each_schema_becomes_its_kind_and_direction(tmp_path: Path) -> None:
    """Directions as followthemoney's schema files declare source and target."""
    report = run(tmp_path / "g", "ftm", [SAMPLE])
    assert report.tally == (15, 14, 0, 1, 0)
    assert [(a.what, a.key) for a in report.audits if a.what == "ignored"] == [
        ("ignored", "schema Address")
    ]
    found = [(r.kind, r.source, r.target) for r, _ in content(tmp_path / "g")[2]]
    assert found == [
        ("OWNS", "org", "firm"),
        ("DIRECTS", "ann", "firm"),
        ("EMPLOYS", "firm", "ann"),
        ("MEMBER_OF", "ann", "org"),
        ("FAMILY_OF", "ann", "bob"),
        ("REPRESENTS", "ann", "firm"),
        ("SUCCEEDS", "firm", "org"),
        ("LINKED_TO", "ship", "firm"),
        ("LINKED_TO", "ann", "carl"),
        ("DESIGNATES", "US-OFAC-SDN", "org"),
        ("DESIGNATES", "EU-SYR", "org"),
    ]


def test_what_the_sample_says_about_one_firm_and_one_holding(tmp_path: Path) -> None:
    run(tmp_path / "g", "ftm", [SAMPLE], options=Options(name="sample"))
    with Store(tmp_path / "g") as store:
        assert store.entity(store.find("org")) == Entity(
            "org",
            "Organization",
            "Orga Holding",
            (
                Name("Orga"),
                Name("OH", role="alias"),
                Name("Old Orga", role="previous"),
                Name("O", role="weak"),
            ),
            ("cn", "hk"),
            (("lei", "529900T8BM49AURSDO55"),),
            ("sanction",),
            {"website": ("https://example.org",)},
            ("sample",),
        )
        assert store.entity(store.find("firm ag")).identifiers == (("register", "HRB 4711"),)
        assert store.find("9074729") == store.find("ship")
        owns, _ = store.relations([1])[1]
        assert (owns.stake, owns.stake_text) == (Stake(51_500_000, 51_500_000), "51.5%")
        assert (owns.basis, owns.start, owns.end) == ("interest", "2019-03", None)
        evidence = owns.evidence
        assert (evidence.publisher, evidence.record) == ("Register", "own")
        assert (evidence.url, evidence.observed) == (
            "https://example.org/filing",
            "2024-05-01T12:00:00",
        )
        listed, _ = store.relations([10])[10]
        assert (listed.start, listed.evidence.note) == ("2021-06-01", "as listed")
        assert listed.properties["program"] == ("Iran and Syria",)
        assert store.entity(store.find("US-OFAC-SDN")).schema == "Programme"


@pytest.mark.parametrize(
    ("texts", "stake"),
    [
        (["50"], (50_000_000, 50_000_000)),
        (["50.00 %"], (50_000_000, 50_000_000)),
        (["more than 25"], (25_000_001, 100_000_000)),
        (["25-50"], (25_000_000, 50_000_000)),
        (["20", "30"], (20_000_000, 30_000_000)),  # several: their hull
        ([], None),
        (["", " "], None),
        (["", "7"], (7_000_000, 7_000_000)),
        (["unknown"], (0, 100_000_000)),
    ],
)
def test_percentages(tmp_path: Path, texts: list[str], stake: tuple[int, int] | None) -> None:
    (relation,) = Loaded(tmp_path, [owned(percentage=texts)]).relations
    assert relation.stake == stake


def test_a_missing_percentage_stays_missing(tmp_path: Path) -> None:
    (relation,) = Loaded(tmp_path, [owned()]).relations
    assert (relation.stake, relation.stake_text, relation.basis) == (None, "", "")


def test_of_several_owners_each_has_anything_up_to_the_share(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, [owned(owner=["a", "c"], percentage=["60"])])
    assert [(r.source, r.stake) for r in loaded.relations] == [
        ("a", (0, 60_000_000)),
        ("c", (0, 60_000_000)),
    ]
    assert ("link with several ends", "Ownership") in [
        (a.what, a.key) for a in loaded.report.audits
    ]


@pytest.mark.parametrize(
    ("properties", "dates"),
    [
        ({"startDate": ["2019"], "endDate": ["2020-02"]}, ("2019", "2020-02", None)),
        ({"startDate": ["2019-05", "2018"]}, ("2018", None, None)),
        ({"endDate": ["2019", "2019-05"]}, (None, "2019", None)),
        ({"date": ["2020"], "retrievedAt": ["2021-01-01", "2022"]}, (None, None, "2022")),
        ({"startDate": [""]}, (None, None, None)),
    ],
)
def test_of_several_dates_the_widest_counts(
    tmp_path: Path, properties: dict[str, list[str]], dates: tuple[str | None, ...]
) -> None:
    (relation,) = Loaded(tmp_path, [owned(**properties)]).relations
    assert (relation.start, relation.end, relation.evidence.observed) == dates


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (owned(percentage=["140"]), "'140' is no share: above 100 %"),
        (owned(percentage=["half of it?"]), "is no share"),
        (owned(startDate=["2020"], endDate=["2019"]), "ends on 2019 before it starts on 2020"),
        (owned(startDate=["last year"]), "'last year' is no date"),
        (owned(owner=[]), "Ownership 'o' has no owner"),
        (entity("o", "Ownership", owner=["a"]), "Ownership 'o' has no asset"),
        (owned(owner=[""]), "OWNS names nobody at one of its ends"),
        (entity("s", "Sanction", program=["P"]), "Sanction 's' has no entity"),
        (entity("x", "Spaceship"), "schema 'Spaceship' is not known to this loader"),
        (owned(owner="a"), "property 'owner' is not a list of texts"),
        (owned(percentage=[50]), "property 'percentage' is not a list of texts"),
        (owned(owner=[None]), "property 'owner' is not a list of texts"),
        (owned(owner=[entity("a", "Company")]), "'owner' holds whole entities; export them flat"),
        ({"op": "PUT", "entity": entity("x", "Company")}, "operation 'PUT'; a delta has ADD, MOD"),
        ({"op": "DEL", "entity": {}}, "a delta without an entity, or without its id"),
        ({"id": "x", "schema": "Company"}, "no properties"),
        ({"id": "", "schema": "Company", "properties": {}}, "no id or no schema"),
        ({"id": 7, "schema": "Company", "properties": {}}, "no id or no schema"),
        ({"id": "x", "properties": {}}, "no id or no schema"),
        ([1, 2], "not an object"),
        ('"text"', "not an object"),
        ("null", "not an object"),
        ('{"id": "x", "schema":', "no JSON in UTF-8"),
        ("[" * 100_000, "no JSON in UTF-8"),
        ('{"id": "x", "schema": "Company", "properties": {}, "n": 1e999999}', "no JSON in UTF-8"),
        ('{"id": "\\ud800", "schema": "Company", "properties": {}}', "no JSON in UTF-8"),
        ("\x00\x01", "no JSON in UTF-8"),
    ],
)
def test_a_record_that_cannot_be_read_is_set_aside(
    tmp_path: Path, record: object, reason: str
) -> None:
    good = entity("good", "Company", name=["Good"])
    loaded = Loaded(tmp_path, [record, good])
    (aside,) = loaded.report.quarantined
    assert (aside.file, aside.position) == ("file.jsonl", "line 1")
    assert loaded.report.tally == (2, 1, 0, 0, 1)
    assert [e.id for e in loaded.entities] == ["good"]
    assert re.search(reason, aside.reason)


def test_huge_numbers_of_digits_are_no_trouble(tmp_path: Path) -> None:
    line = '{"id": "x", "schema": "Company", "properties": {}, "score": ' + "9" * 1000 + "}"
    loaded = Loaded(tmp_path, [line, entity("y", "Company")])
    assert loaded.report.tally.read == 2
    assert "y" in [e.id for e in loaded.entities]


def test_an_unknown_field_is_noted_and_known_ones_are_not(tmp_path: Path) -> None:
    record = {**entity("x", "Company"), "datasets": ["d"], "target": True, "moon": "full"}
    audits = Loaded(tmp_path, [record]).report.audits
    assert audits == (("unknown field", "moon", 1, "'full'"),)


def test_an_entity_without_a_name_is_called_by_its_id(tmp_path: Path) -> None:
    assert [e.name for e in Loaded(tmp_path, [entity("x", "Company")]).entities] == ["x"]


def test_the_same_entity_again_is_merged_and_another_description_kept(tmp_path: Path) -> None:
    one, two = entity("x", "Company", name=["One"]), entity("x", "Company", name=["Two"])
    report = Loaded(tmp_path, [one, one, two]).report
    assert report.tally == (3, 1, 2, 0, 0)
    assert report.audits == (("two descriptions of one id", "x", 1, "Two"),)


def test_sanctions_meet_under_one_programme(tmp_path: Path) -> None:
    """By key when the record has one; else by title, in whatever case it is printed."""
    sanctions = [
        entity("1", "Sanction", entity=["a"], programId=["US-OFAC-SDN"], program=["SDGT"]),
        entity("2", "Sanction", entity=["b"], programId=["US-OFAC-SDN"], program=["Iran"]),
        entity("3", "Sanction", entity=["a"], program=["Some List"]),
        entity("4", "Sanction", entity=["b"], program=["Some-List"]),
        entity("5", "Sanction", entity=["b"], authority=["Ministry"]),
    ]
    loaded = Loaded(tmp_path, sanctions)
    assert [r.source for r in loaded.relations] == [
        "US-OFAC-SDN",
        "US-OFAC-SDN",
        "programme:some-list",
        "programme:some--list",
        "programme:ministry",
    ]
    assert "two descriptions of one id" not in {audit.what for audit in loaded.report.audits}


def test_a_cut_off_file_is_refused_and_the_graph_stays(tmp_path: Path) -> None:
    """Cut at every byte of the last record; only the whole one, with or without its end, loads."""
    graph, file = tmp_path / "g", tmp_path / "file.jsonl"
    run(graph, "ftm", [SAMPLE])
    before = content(graph)
    lines = [json.dumps(entity(name, "Company", name=[name])).encode() for name in ("x", "y")]
    whole = b"\n".join(lines)
    for cut in range(len(lines[0]) + 2, len(whole)):
        file.write_bytes(whole[:cut])
        with pytest.raises(InputError, match=r"line 2, the last, is cut off .*fetch it again"):
            run(graph, "ftm", [file])
    assert content(graph) == before
    file.write_bytes(whole)
    with pytest.raises(LoadRefusedError, match="2 records after 15 of the last load"):
        run(graph, "ftm", [file])
    assert run(graph, "ftm", [file], options=Options(allow_shrink=True)).tally.loaded == 2


def test_a_cut_off_gzip_is_refused_and_the_graph_stays(tmp_path: Path) -> None:
    graph, file = tmp_path / "g", tmp_path / "file.jsonl.gz"
    packed = gzip.compress(SAMPLE.read_bytes())
    file.write_bytes(packed)
    assert run(graph, "ftm", [file]).tally.loaded == 14
    before = content(graph)
    for cut in range(20, len(packed), 37):
        file.write_bytes(packed[:cut])
        with pytest.raises(InputError, match="cut-off gzip"):
            run(graph, "ftm", [file])
    assert content(graph) == before


def test_more_than_one_in_a_hundred_unreadable_refuses_the_file(tmp_path: Path) -> None:
    good = [entity(f"c{n}", "Company") for n in range(199)]
    bad = entity("x", "Spaceship")
    tally = Loaded(tmp_path, [bad, *good], tolerance=0.01).report.tally
    assert tally == (200, 199, 0, 0, 1)
    with pytest.raises(LoadRefusedError, match=r"3 of 202 records .* tolerance of 1.00%; first"):
        Loaded(tmp_path, [bad, bad, bad, *good], tolerance=0.01)


def test_a_file_must_be_named_and_hold_something(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name a file of FollowTheMoney"):
        run(tmp_path / "g", "ftm", [])
    (tmp_path / "empty").touch()
    with pytest.raises(LoadRefusedError, match="0 records, expected 1 to any number"):
        run(tmp_path / "g", "ftm", [tmp_path / "empty"])


@pytest.mark.skipif(not REAL.exists(), reason="the shared sample data is not on this machine")
def test_a_real_file_is_accounted_for_to_the_record(tmp_path: Path) -> None:
    """ICIJ's Luanda Leaks as OCCRP publishes them; counted here with json alone."""
    file = REAL / "icij_luanda_leaks.ftm.jsonl"
    records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    schemata = Counter(record["schema"] for record in records)
    report = run(tmp_path / "g", "ftm", [file], options=Options(name="luanda"))
    assert report.tally == (len(records), 849, 0, 3, 0)
    assert len(records) == 852
    ignored = {a.key.removeprefix("schema "): a.count for a in report.audits if a.what == "ignored"}
    assert ignored == {name: schemata[name] for name in ("Table", "Workbook")}
    _, entities, claims, _ = content(tmp_path / "g")
    assert len(claims) == schemata["Ownership"] == 423
    assert all(relation.stake is None for relation, _ in claims)
    linked = {kind.ftm[0] for kind in KINDS.values() if kind.ftm}
    described = {r["id"] for r in records if r["schema"] not in linked | set(ignored)}
    assert {item.id for item in entities if item.datasets} == described
    ends = {
        (r["id"], owner, asset)
        for r in records
        if r["schema"] == "Ownership"
        for owner in r["properties"]["owner"]
        for asset in r["properties"]["asset"]
    }
    assert {(r.evidence.record, r.source, r.target) for r, _ in claims} == ends


def delta(operation: str, **said: Any) -> dict[str, Any]:
    return {"op": operation, "entity": said}


def told(path: Path) -> tuple[set[str], set[str]]:
    """What a graph says, without numbers and order."""
    _, entities, claims, _ = content(path)
    described = {repr(e) for e in entities if e.datasets}
    return described, {repr(relation) for relation, _ in claims}


def test_a_delta_gives_the_graph_that_the_new_full_file_gives(tmp_path: Path) -> None:
    """The old list has a, b, c and two links; the new one has a changed, no b, d and a new link."""
    a, b, c, d = (entity(name, "Company", name=[name.upper()]) for name in "abcd")
    changed = entity("a", "Company", name=["A Holding"], leiCode=["529900T8BM49AURSDO55"])
    kept = entity("k", "Ownership", owner=["a"], asset=["c"], percentage=["60"])
    gone = entity("g", "Ownership", owner=["a"], asset=["b"], percentage=["50"])
    new = entity("n", "Ownership", owner=["d"], asset=["a"], percentage=["25-50"])
    old = Loaded(tmp_path, (a, b, c, kept, gone))
    steps = [
        delta("MOD", **changed),
        delta("DEL", id="b"),
        delta("DEL", id="g"),
        delta("ADD", **d),
        delta("ADD", **new),
    ]
    file = tmp_path / "delta.json"
    file.write_text("".join(json.dumps(step) + "\n" for step in steps))
    report = run(old.graph, "ftm", [file])
    assert report.tally == (5, 3, 2, 0, 0)
    full = tmp_path / "full"
    full.mkdir()
    assert told(old.graph) == told(Loaded(full, (changed, c, kept, d, new)).graph)
    assert [load.dataset.name for load in content(old.graph)[0]] == ["ftm"]


def test_a_delta_says_what_it_does_not_find(tmp_path: Path) -> None:
    old = Loaded(tmp_path, [entity("a", "Company", name=["A"])])
    file = tmp_path / "delta.json"
    steps = [
        delta("MOD", **entity("x", "Company", name=["X"])),
        delta("ADD", **entity("a", "Company", name=["A2"])),
        delta("DEL", id="y"),
    ]
    file.write_text("\n".join(map(json.dumps, steps)))
    report = run(old.graph, "ftm", [file])
    assert report.tally == (3, 2, 0, 1, 0)
    noted = {(audit.what, audit.key, audit.example) for audit in report.audits}
    assert noted == {
        ("MOD of an entity that the dataset", "does not have", "x"),
        ("ADD of an entity that the dataset", "has already", "a"),
        ("DEL of an entity that the dataset", "does not have", "y"),
        ("ignored", "taken away by the delta", "y"),
    }
    names = {entity.id: entity.name for entity in content(old.graph)[1] if entity.datasets}
    assert names == {"a": "A2", "x": "X"}


@pytest.mark.skipif(not REAL.exists(), reason="the shared sample data is not on this machine")
def test_a_real_delta_file_is_counted_to_the_line(tmp_path: Path) -> None:
    """It comes without its full list, so that nothing it changes or deletes is there."""
    file = REAL / "yente_entities.delta.json"
    said = Counter(re.match(rb'{"op":"(\w+)"', line)[1] for line in file.read_bytes().splitlines())  # type: ignore[index] # every line has it
    report = run(tmp_path / "g", "ftm", [file])
    noted = {(audit.what[:3], audit.key): audit.count for audit in report.audits}
    assert report.tally.read == sum(said.values()) == 1700
    assert noted["DEL", "does not have"] == said[b"DEL"] == 571
    assert noted["MOD", "does not have"] == said[b"MOD"] == 1039


def test_a_file_of_nothing_but_bad_lines_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is set aside is held in memory, so there is an end to it."""
    monkeypatch.setattr("spillover.loaders.run._ASIDE", 3)
    with pytest.raises(LoadRefusedError, match="more than 3 records cannot be read; the last: "):
        Loaded(tmp_path, ["{}"] * 5)


def test_of_very_many_strange_fields_the_first_thousand_are_named(tmp_path: Path) -> None:
    line = entity("x", "Company", name=["X"]) | {f"field{number}": 1 for number in range(1200)}
    audits = Loaded(tmp_path, [line]).report.audits
    assert len(audits) == 1001
    assert next(audit.count for audit in audits if audit.key == "(others)") == 200

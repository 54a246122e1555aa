"""A user's own tables: every shape, and what is refused with file, line, value and mend."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spillover.graph.errors import InputError
from spillover.graph.folding import fold
from spillover.graph.schema import Name, Relation
from spillover.graph.store import Store
from spillover.loaders.context import Options, name_id
from spillover.loaders.run import Report, run
from tests.graph.small import company, content, load

DATA = Path(__file__).parents[1] / "data" / "table"


class Tables:
    """A folder with a graph and tables."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.graph = folder, folder / "graph.db"

    def load(self, *texts: str, options: Options | None = None, graph: str = "graph.db") -> Report:
        """Load these tables as ``0.csv``, ``1.csv`` ..."""
        files = [self.folder / f"{number}.csv" for number in range(len(texts))]
        for file, text in zip(files, texts, strict=True):
            file.write_text(text, encoding="utf-8")
        return run(self.folder / graph, "table", files, options=options)

    def relations(self, graph: str = "graph.db") -> list[Relation]:
        return [relation for relation, _ in content(self.folder / graph)[2]]

    def links(self, graph: str = "graph.db") -> list[tuple[str, str]]:
        return [(item.source, item.target) for item in self.relations(graph)]


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    return Tables(tmp_path)


def test_every_shape(tmp_path: Path) -> None:
    """The five sample tables together; that of entities comes last and is read first."""
    names = ("stakes.csv", "designations.tsv", "supply.csv", "links.csv", "entities.csv")
    report = run(tmp_path / "g", "table", [DATA / name for name in names])
    assert report.tally == (11, 11, 0, 0, 0)
    assert [(r.kind, r.source, r.target, r.stake_text) for r, _ in content(tmp_path / "g")[2]] == [
        ("OWNS", "e:alpha", "e:beta", "60"),
        ("OWNS", "e:beta", "name:gamma-ltd", "25-50"),
        ("OWNS", "name:gamma-ltd", "name:delta,-inc.", ""),
        ("DESIGNATES", "US-OFAC-SDN", "e:alpha", ""),
        ("DESIGNATES", "name:some-national-list", "name:gamma-ltd", ""),
        ("SUPPLIES", "name:gamma-ltd", "e:beta", "about 30"),
        ("SUPPLIES", "name:gamma-ltd", "e:beta", "5"),
        ("DIRECTS", "name:ann-example", "name:gamma-ltd", ""),
        ("STATE_TIE", "name:people's-office", "e:alpha", ""),
    ]
    with Store(tmp_path / "g") as store:
        alpha = store.entity(store.find("阿尔法"))
        assert alpha.names == (
            Name("Alpha Group", role="alias"),
            Name("阿尔法", role="alias"),
        )
        assert (alpha.schema, alpha.countries) == ("Company", ("cn", "hk"))
        assert store.find("529900t8bm49aursdo55") == store.find("e:alpha")
        assert store.entity(store.find("e:beta")).schema == "LegalEntity"
        assert store.entity(store.find("us-ofac-sdn")).schema == "Programme"
        first = store.relations([1])[1][0]
        assert (first.basis, first.start) == ("capital", "2019")
        assert (first.evidence.observed, first.evidence.record) == ("2024", "stakes.csv:2")
        assert first.evidence.note == "named by an alias"


def test_a_percentage_of_140_names_file_line_value_and_mend_and_changes_nothing(
    tables: Tables,
) -> None:
    tables.load("owner,asset,stake\nA,B,60\n")
    before = content(tables.graph)
    with pytest.raises(InputError) as caught:
        tables.load("owner,asset,stake\nA,B,40\nA,C,140\n")
    assert str(caught.value).startswith(
        "0.csv: line 3: '140' is no share: above 100 %; correct the value or the declared scale"
    )
    assert content(tables.graph) == before


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("owner,asset,stake,colour\nA,B,1,red\n", "unknown column 'colour' .* known: owner, asset"),
        ("owner,asset,stake,\nA,B,1,\n", "unknown column ''"),
        ("owner,asset,stake,stake\nA,B,1,2\n", r"\['stake'\] twice"),
        (
            "owner,share\nA,1\n",
            "make no known table. Tables: stakes: owner, asset, stake; entities",
        ),
        ("", "empty; expected a header row"),
        ("\n \n", "empty; expected a header row"),
        ("owner,asset,stake\nA,B,1,2\n", "line 2: 4 cells where the header has 3; quote cells"),
        ("owner,asset,stake\nA,,1\n", "0.csv: line 2: empty cell 'asset'; name an entity"),
        ("owner,asset,stake\nA\n", "0.csv: line 2: empty cell 'asset'"),
        ("owner,asset,stake\nA,B,lots\n", "'lots' is no share: no number in it"),
        ('owner,asset,stake\nA,B,"50,5"\n', "'50,5' is no share"),
        ("owner,asset,stake,basis\nA,B,1,luck\n", "OWNS has no basis 'luck'; it has: capital"),
        ("owner,asset,stake,start\nA,B,1,31.12.2020\n", "'31.12.2020' is no date; write YYYY"),
        ("owner,asset,stake,confidence\nA,B,1,sure\n", "confidence 'sure'"),
        ("owner,asset,stake,stance\nA,B,1,maybe\n", "stance 'maybe'"),
        ("id,name,schema\n,A,Company\n", "empty cell 'id'"),
        ("id,name,schema\na,,Company\n", "empty cell 'name'"),
        ("id,name,schema\na,A,Spaceship\n", "unknown schema 'Spaceship'; known: Thing"),
        ("source,kind,target\nA,LIKES,B\n", "unknown kind 'LIKES'; known: OWNS"),
        ('owner,asset,stake\nA,"B,1\nC,D,2\n', "check the quotes"),
    ],
)
def test_what_cannot_be_read_refuses_the_table(tables: Tables, table: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        tables.load(table)


def test_the_message_counts_the_other_unreadable_rows(tables: Tables) -> None:
    with pytest.raises(InputError, match=r"line 2: .*; and 2 more unreadable records"):
        tables.load("owner,asset,stake\n" + "A,B,lots\n" * 3 + "A,B,1\n")


def test_with_a_tolerance_unreadable_rows_are_set_aside(tables: Tables) -> None:
    report = tables.load("owner,asset,stake\nA,B,lots\nA,C,1\n", options=Options(tolerance=0.5))
    assert report.tally == (2, 1, 0, 0, 1)
    assert [(q.file, q.position) for q in report.quarantined] == [("0.csv", "line 2")]
    with Store(tables.graph) as store:
        assert store.quarantined(report.load) == report.quarantined
        assert store.number("name:b") is None  # nothing of the row was written


def test_a_table_and_its_tsv_and_loose_forms_say_the_same(tables: Tables) -> None:
    forms = [
        "owner,asset,stake\nA,B,60\n",
        "owner\tasset\tstake\nA\tB\t60\n",
        "owner;asset;stake\nA;B;60\n",
        "\ufeffOwner , ASSET,Stake\r\n\r\n A ,B, 60 \r\n\x1a",
        "stake,owner,asset\n60,A,B\n",
        "owner,asset,stake,source url\nA,B,60\n",
    ]
    said = []
    for number, form in enumerate(forms):
        tables.load(form, graph=str(number))
        said.append([(r.source, r.target, r.stake) for r in tables.relations(str(number))])
    assert said == [said[0]] * len(forms)


def test_a_cell_is_an_id_when_the_graph_has_it(tables: Tables) -> None:
    load(tables.graph, company("A", "Somebody"), dataset="other")
    tables.load("owner,asset,stake\nA,a,60\n")
    assert tables.links() == [("A", "name:a")]


def test_an_id_made_from_a_name_may_be_written_as_such(tables: Tables) -> None:
    """Spillover prints ``name:acme-ltd``; whoever copies that means the same firm."""
    tables.load("owner,asset,stake\nname:acme-ltd,B,60\nAcme  LTD,C,1\n")
    assert tables.links() == [("name:acme-ltd", "name:b"), ("name:acme-ltd", "name:c")]


def test_a_name_of_two_entities_is_refused(tables: Tables) -> None:
    entities = "id,name,schema,names\ne:1,Star,,\ne:2,Sun,,STAR\n"
    with pytest.raises(
        InputError, match="'star' in 'owner' is the name of two entities; use an id"
    ):
        tables.load("owner,asset,stake\nstar,B,60\n", entities)
    tables.load("owner,asset,stake\ne:1,Sun,60\n", entities)
    assert tables.links() == [("e:1", "e:2")]


def test_an_entity_listed_twice_is_one(tables: Tables) -> None:
    report = tables.load("id,name,schema\ne:1,Star,\ne:1,Star,\n", "owner,asset,stake\nStar,B,6\n")
    assert tables.links() == [("e:1", "name:b")]
    assert report.tally == (3, 2, 1, 0, 0)


def test_the_same_table_in_any_order_and_again_makes_the_same_graph(tables: Tables) -> None:
    rows = ["A-B,C d,60", "a-b,C  D,55", "name:c-d,E,10", "E,A-b,5", "F - G,E,1"]
    entities = ["e:1,F - G,Company", "e:2,H,Company"]
    chance, said = random.Random(7), []  # noqa: S311 - an order, no secret
    for number in range(4):
        chance.shuffle(rows)
        chance.shuffle(entities)
        stakes = "\n".join(["owner,asset,stake", *rows])
        ids = "\n".join(["id,name,schema", *entities])
        for _ in range(2):  # the second time the dataset replaces itself
            tables.load(stakes, ids, graph=str(number))
            relations = tables.relations(str(number))
            said.append(sorted((r.source, r.target, r.stake_text) for r in relations))
    assert said == [
        [
            ("e:1", "name:e", "1"),
            ("name:a--b", "name:c-d", "55"),
            ("name:a--b", "name:c-d", "60"),
            ("name:c-d", "name:e", "10"),
            ("name:e", "name:a--b", "5"),
        ]
    ] * len(said)


def test_an_entity_that_left_the_tables_is_no_longer_known(tables: Tables) -> None:
    """The second version lists no entities: the graph is that of a first load of it."""
    stakes = "owner,asset,stake\ne:1,B,60\n"
    tables.load(stakes, "id,name,schema\ne:1,Star,\n")
    assert tables.links() == [("e:1", "name:b")]
    tables.load(stakes)
    assert tables.links() == [("name:e:1", "name:b")]


@given(st.text("aA- %2d_\u00df\u3000", max_size=8), st.text("aA- %2d_\u00df\u3000", max_size=8))
def test_different_names_have_different_ids(one: str, other: str) -> None:
    assert (name_id(one) == name_id(other)) is (fold(one) == fold(other))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Acme Ltd", "name:acme-ltd"),
        ("Rolls-Royce  Holdings", "name:rolls--royce-holdings"),
        ("a -b", "name:a-%2db"),
        ("a- b", "name:a%2d-b"),
        ("100% Pure", "name:100%25-pure"),
        ("中国 石化", "name:中国-石化"),
    ],
)
def test_ids_of_names_can_be_read(name: str, expected: str) -> None:
    assert name_id(name) == expected


def test_names_that_spreadsheets_would_run_are_kept_raw(tables: Tables) -> None:
    names = ["=1+1", "+1", "-1", "@SUM(A1)", "<script>", "Robert'); DROP TABLE entity;--"]
    tables.load("owner,asset,stake\n" + "".join(f"{name},B,1\n" for name in names))
    assert [entity.name for entity in content(tables.graph)[1]] == [names[0], "B", *names[1:]]


def test_a_denial_and_a_low_confidence_are_read(tables: Tables) -> None:
    tables.load("owner,asset,stake,stance,confidence\nA,B,60,denies,low\n")
    (relation,) = tables.relations()
    assert (relation.evidence.stance, relation.evidence.confidence) == ("denies", "low")


def test_means_of_control_and_joint_holders_are_read(tables: Tables) -> None:
    tables.load(
        "owner,asset,stake,joint\nA,C,60,estate\nB,C,60,estate\nA,D,5,\n",
        "source,kind,target,role\nA,CONTROLS,E,board\nA,CONTROLS,F,stated parent\n"
        "A,CONTROLS,G,\nA,ACTS_JOINTLY,D,pact\nM,STATE_TIE,A,supervision\nB,DIRECTS,A,chair\n",
    )
    assert [(r.kind, r.basis, dict(r.properties)) for r in tables.relations()] == [
        ("OWNS", "interest", {"joint": ("estate",)}),
        ("OWNS", "interest", {"joint": ("estate",)}),
        ("OWNS", "interest", {}),
        ("CONTROLS", "board", {}),
        ("CONTROLS", "", {"means": ("stated parent",)}),
        ("CONTROLS", "", {}),
        ("ACTS_JOINTLY", "", {"arrangement": ("pact",)}),
        ("STATE_TIE", "", {"tie": ("supervision",)}),
        ("DIRECTS", "", {"role": ("chair",)}),
    ]


def test_another_encoding_is_declared(tables: Tables) -> None:
    file = tables.folder / "t.csv"
    file.write_bytes("owner,asset,stake\nCafé,B,1\n".encode("cp1252"))
    with pytest.raises(InputError, match="byte 0xe9 is not utf-8; save it as UTF-8 or name its"):
        run(tables.graph, "table", [file])
    run(tables.graph, "table", [file], options=Options(encoding="cp1252"))
    assert tables.links() == [("name:café", "name:b")]


def test_half_characters_are_refused_in_words(tables: Tables) -> None:
    """UTF-7 can write one half of a surrogate pair: ``+2AA-`` is U+D800."""
    file = tables.folder / "t.csv"
    file.write_bytes(b"owner,asset,stake\nA+2AA-,B,1\n")
    with pytest.raises(InputError):
        run(tables.graph, "table", [file], options=Options(encoding="utf-7"))


def test_a_table_must_be_named(tables: Tables) -> None:
    with pytest.raises(InputError, match="name at least one file: CSV, TSV, XLSX or Parquet"):
        run(tables.graph, "table", [])

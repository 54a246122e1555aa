"""Nodes and edges of the Offshore Leaks become entities and roles, in every form they came in."""

import csv
import re
from collections import Counter
from io import StringIO
from itertools import pairwise, product
from pathlib import Path

import pytest

from spillover.graph.errors import InputError, LoadRefusedError
from spillover.graph.schema import Entity, Name, Relation
from spillover.loaders.context import Options
from spillover.loaders.icij.dates import iso_date
from spillover.loaders.manifest import manifest
from spillover.loaders.run import Report, run
from tests.graph.small import content
from tests.loaders.hostile import assert_one_line, naughty, truncations, written
from tests.loaders.listed import cuts

SAMPLE = Path(__file__).parents[1] / "data" / "icij"
REAL = Path(__file__).parents[2].parent / "shared" / "data" / "icij"
LINKS = [
    (text, kinds.split())
    for kinds, groups in manifest("icij").tables["links"].items()
    for texts in groups
    for text in texts
]
OFFICERS = "node_id,name,countries,country_codes,sourceID,valid_until,note\n"
EDGES = "node_id_start,node_id_end,rel_type,link,status,start_date,end_date,sourceID\n"
NODES = f"{OFFICERS}1,One,,,,,\n2,Two,,,,,\n"


class Loaded:
    """Files of these names and texts, loaded into a graph of their own."""

    def __init__(
        self, folder: Path, named: dict[str, str] | None = None, strict: bool = False, **more: str
    ) -> None:
        files = {**(named or {}), **more}
        self.graph = folder / "graph.db"
        paths = [folder / f"{name.replace('_', '-')}.csv" for name in files]
        for path, text in zip(paths, files.values(), strict=True):
            path.write_text(text, encoding="utf-8", newline="")
        options = Options(tolerance=None if strict else 1.0, allow_shrink=True)
        self.report: Report = run(self.graph, "icij", paths, options=options)
        _, entities, claims, _ = content(self.graph)
        self.entities = {entity.id: entity for entity in entities}
        self.relations: list[Relation] = [relation for relation, _ in claims]
        self.noted = {(a.what, a.key): a.count for a in self.report.audits}

    @property
    def ends(self) -> list[tuple[str, str, str]]:
        return [(r.kind, r.source, r.target) for r in self.relations]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    files = {path.stem: path.read_text("utf-8") for path in sorted(SAMPLE.iterdir())}
    return Loaded(tmp_path_factory.mktemp("icij"), files)


def edge(kind: str, link: str = "", leak: str = "Panama Papers") -> str:
    return f'{EDGES}1,2,{kind},"{link}",,,,{leak}\n'


def test_the_sample_reconciles_to_the_record(sample: Loaded) -> None:
    """10 nodes, of which 2 addresses; 17 edges, of which 2 addresses and 2 guesses are left out."""
    nodes, edges = 3 + 3 + 1 + 1 + 2, 17
    assert sample.report.tally == (nodes + edges, 8 + 13, 1 + 2, 1 + 2, 0)
    assert sample.noted == {
        ("described by nobody", "entities that relations name"): 3,
        ("ignored", "address where no node is registered"): 1,
        ("ignored", "guess that two nodes are the same: same name as"): 1,
        ("ignored", "guess that two nodes are the same: similar"): 1,
        ("merged", "address"): 1,
        ("merged", "address of a node"): 2,
        ("node without a name", "entity"): 1,
        ("shares made out to the bearer", "EL PORTADOR"): 1,
        ("unknown country", "Atlantis"): 1,
        ("unknown link", "grand vizier of"): 1,
        ("unreadable date of a node", "incorporation_date"): 1,
    }


def test_each_edge_in_its_kind_and_direction(sample: Loaded) -> None:
    assert sample.ends == [
        ("OWNS", "icij:12900001", "icij:10900001"),
        ("OWNS", "icij:12900001", "icij:10900001"),  # director and shareholder: two claims
        ("DIRECTS", "icij:12900001", "icij:10900001"),
        ("OWNS", "icij:12900002", "icij:10900001"),
        ("REPRESENTS", "icij:12900003", "icij:10900001"),  # a nominee acts for somebody else
        ("REPRESENTS", "icij:11900001", "icij:10900001"),
        ("LINKED_TO", "icij:12900001", "icij:10900002"),
        ("LINKED_TO", "icij:12900001", "icij:10900002"),  # unknown, kept with its text
        ("LINKED_TO", "icij:12999999", "icij:14900001"),  # the address of a node nobody describes
        ("LINKED_TO", "icij:10900002", "icij:10900001"),
        ("LINKED_TO", "icij:12900001", "icij:85900001"),
        ("OWNS", "icij:12999998", "icij:10900003"),
        ("EMPLOYS", "icij:10900003", "icij:12900001"),
        ("MEMBER_OF", "icij:12900001", "icij:10900003"),
    ]
    roles = [r.properties["role"][0] for r in sample.relations]
    assert roles[1:3] == ["Director and Shareholder of"] * 2
    assert roles[7] == sample.relations[7].evidence.note == "grand vizier of"
    assert not any(r.stake or r.basis or r.stake_text for r in sample.relations)


def test_a_claim_has_its_dates_its_leak_and_the_year_of_the_leak(sample: Loaded) -> None:
    """The edges of today's form do not say how current they are: the nodes of the leak do."""
    owns, both, *_ = sample.relations
    assert (owns.start, owns.end) == ("1998-03-05", "2013-02-18")
    assert (both.start, both.properties["status"]) == ("1998", ("ACTIVE",))
    assert (owns.evidence.title, owns.evidence.observed) == ("Panama Papers", "2015")
    assert owns.evidence.record == "12900001 officer_of 10900001"
    leaks = {(r.evidence.title, r.evidence.observed) for r in sample.relations}
    assert leaks == {("Panama Papers", "2015"), ("Paradise Papers - Registry", "2016")}


def test_an_entity_with_all_its_columns(sample: Loaded) -> None:
    assert sample.entities["icij:10900001"] == Entity(
        "icij:10900001",
        "Company",
        "NORTH PIER, LTD.",
        (Name("SOUTH PIER LTD.", role="previous"),),
        ("ws", "hk", "cn"),
        (("icij", "10900001"), ("register", "25221")),
        ("corp.offshore",),
        {
            "jurisdiction": ("Samoa",),
            "legalForm": ("Standard Company",),
            "internalId": ("77",),
            "incorporationDate": ("2006-03-23",),
            "inactivationDate": ("2013-02-18",),
            "struckOffDate": ("2013-02-15",),
            "status": ("Defaulted",),
            "serviceProvider": ("A Provider",),
            "leak": ("Panama Papers",),
            "validUntil": ("The Panama Papers data is current through 2015",),
            "note": ("Record was closed",),
            "address": ("1 Pier Road; Apia", "Unit 5, 9 Harbour Street; Zug"),
            "sourceUrl": ("https://offshoreleaks.icij.org/nodes/10900001",),
        },
        ("icij",),
    )
    trust = sample.entities["icij:10900002"]
    assert (trust.countries, trust.properties["incorporationDate"]) == ((), ("2014",))
    nameless = sample.entities["icij:10900003"]
    assert (nameless.name, nameless.countries) == ("icij:10900003", ("vg",))
    assert nameless.properties["country"] == ("Atlantis",)
    assert nameless.properties["incorporationDate"] == ("someday",)


def test_other_kinds_of_node(sample: Loaded) -> None:
    other = sample.entities["icij:85900001"]
    assert (other.schema, other.countries) == ("LegalEntity", ("aw",))
    assert other.properties["incorporationDate"] == ("1999-01-05",)
    assert other.properties["closingDate"] == ("2010-12-31",)
    assert other.properties["legalForm"] == ("LIMITED LIABILITY COMPANY",)
    bearer = sample.entities["icij:12900002"]
    assert bearer.properties["holder"] == (
        "whoever holds the shares: they are made out to the bearer",
    )
    mina = sample.entities["icij:12900001"]
    assert mina.properties["address"] == ("Unit 5, 9 Harbour Street; Zug",)
    assert not sample.entities["icij:14900001"].properties  # named, and described by nobody
    lost = next(r for r in sample.relations if r.target == "icij:14900001")
    assert lost.evidence.note == "Unit 5, 9 Harbour Street; Zug"


@pytest.mark.parametrize(("text", "kinds"), LINKS)
def test_every_link(tmp_path: Path, text: str, kinds: list[str]) -> None:
    loaded = Loaded(tmp_path, nodes_officers=NODES, edges=edge("officer_of", text.title()))
    assert [r.kind for r in loaded.relations] == kinds
    assert not [key for key in loaded.noted if key[0] == "unknown link"]


@pytest.mark.parametrize(("kind", "rule"), sorted(manifest("icij").tables["types"].items()))
def test_every_kind_of_edge(tmp_path: Path, kind: str, rule: str) -> None:
    loaded = Loaded(tmp_path, nodes_officers=NODES, edges=edge(kind.replace(" ", "_")))
    if rule == "same":
        assert loaded.report.tally == (3, 2, 0, 1, 0)
        assert loaded.noted == {("ignored", f"guess that two nodes are the same: {kind}"): 1}
    else:
        # without a link an officer is one; an address that no file has is kept as a link
        wanted = {"by link": "DIRECTS", "address": "LINKED_TO"}.get(rule, rule)
        assert [r.kind for r in loaded.relations] == [wanted]


def test_the_text_of_a_link_is_listed_once() -> None:
    assert max(Counter(text for text, _ in LINKS).values()) == 1
    assert all(text == " ".join(text.lower().split()) for text, _ in LINKS)


@pytest.mark.parametrize(
    ("header", "row", "record"),
    [
        (EDGES, "1,2,officer_of,shareholder of,,,,L", "1 officer_of 2"),
        ("node_1,rel_type,node_2\n", "1,Shareholder of,2", "1 Shareholder of 2"),  # 2016
        (
            '"node_1","rel_type","node_2","r.sourceID"\n',
            "1,shareholder of,2,L",
            "1 shareholder of 2",
        ),
        (
            "START_ID,TYPE,END_ID,link,sourceID\n",
            "1,officer_of,2,shareholder of,L",
            "1 officer_of 2",
        ),
        ("ID, START_ID,TYPE,END_ID,link,sourceID\n", "7,1,officer_of,2,shareholder of,L", "7"),
        ("_id,_start,_end,_type,link\n", "7,1,2,officer_of,shareholder of", "7"),  # 2021
    ],
)
def test_every_form_of_edges(tmp_path: Path, header: str, row: str, record: str) -> None:
    loaded = Loaded(tmp_path, nodes_officers=NODES, edges=f"{header}{row}\n")
    assert loaded.ends == [("OWNS", "icij:1", "icij:2")]
    assert loaded.relations[0].evidence.record == record
    assert loaded.noted == {}


@pytest.mark.parametrize(
    ("name", "text", "schema"),
    [
        ("Entities", "name,node_id,ibcRUC\nX,1,5\n", "Company"),
        ("panama_papers.nodes.entity", '"n.name","n.node_id"\nX,1\n', "Company"),
        ("panama_papers.nodes.officer", '"n.name","n.node_id"\nX,1\n', "LegalEntity"),
        ("some", "name,node_id,ibcRUC\nX,1,5\n", "Company"),
        ("some", "name,node_id,internal_id\nX,1,5\n", "LegalEntity"),
        ("some", 'labels(n),n.node_id,n.name\n"[""Entity""]",1,X\n', "Company"),
        ("some", "Type, ID, Name/Address, CountryCode,\nentity,1,X,HKG,\n", "Company"),
        ("some", "Type, ID, Name/Address, CountryCode,\nofficer,1,X,HKG,\n", "LegalEntity"),
        ("some", "name,node_id\nX,1\n", "LegalEntity"),
    ],
)
def test_every_form_of_nodes(tmp_path: Path, name: str, text: str, schema: str) -> None:
    file = tmp_path / f"{name}.csv"
    file.write_text(text)
    report = run(tmp_path / "g", "icij", [file])
    (entity,) = content(tmp_path / "g")[1]
    assert (entity.id, entity.name, entity.schema) == ("icij:1", "X", schema)
    assert report.audits == ()


def test_an_address_of_the_form_with_types(tmp_path: Path) -> None:
    nodes = "Type, ID, Name/Address, CountryCode,\naddress,9,9 Quay,,\nofficer,1,X,HKG;CHE,\n"
    edges = "ID, START_ID,TYPE,END_ID,link\n1,1,registered_address,9,registered address\n"
    loaded = Loaded(tmp_path, edges=edges, nodes=nodes)
    assert loaded.report.tally == (3, 1, 2, 0, 0)
    assert loaded.entities["icij:1"].properties["address"] == ("9 Quay",)
    assert loaded.entities["icij:1"].countries == ("hk", "ch")


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("05-MAR-1998", "1998-03-05"),
        ("5-Mar-1998", "1998-03-05"),
        ("Mar 05, 1998", "1998-03-05"),
        ("March 5, 1998", "1998-03-05"),
        ("2014-04-14 00:00:00", "2014-04-14"),
        ("2014-04-14", "2014-04-14"),
        ("2014-04", "2014-04"),
        ("1998", "1998"),
        ("23/03/2006", "2006-03-23"),
        ("03/23/2006", "2006-03-23"),
        ("23.03.2006", "2006-03-23"),
        ("05/06/2014", "2014"),  # which is the month is not said
        ("05/05/2014", "2014-05-05"),
        ("18/19/2015", ""),
        ("31/02/2013", ""),
        ("29-FEB-2006", ""),
        ("05-MRZ-1998", ""),
        ("05-MAR-98", ""),
        ("0012-03-04", ""),
        ("28/02/201", ""),
        ("soon", ""),
        ("", ""),
    ],
)
def test_dates(text: str, iso: str) -> None:
    assert iso_date(text) == iso


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",2,officer_of,shareholder of,,,,L", "are no ids of two nodes"),
        ("1,,officer_of,shareholder of,,,,L", "are no ids of two nodes"),
        ("1,2,officer_of,shareholder of,,soon,,L", "start_date 'soon' is no date"),
        ("1,2,officer_of,shareholder of,,,18/19/2015,L", "end_date '18/19/2015' is no date"),
        ("1,2,officer_of,shareholder of,,2014,2013,L", "ends on 2013 before it starts on 2014"),
        ("1,2,officer_of,shareholder of,,,,L,M", "9 cells where the header has 8"),
        ("1,2,officer_of", "3 cells where the header has 8"),
    ],
)
def test_an_edge_that_cannot_be_read_is_set_aside(tmp_path: Path, row: str, reason: str) -> None:
    good = "2,1,officer_of,shareholder of,,,,L"
    loaded = Loaded(tmp_path, nodes_officers=NODES, edges=f"{EDGES}{row}\n{good}\n")
    assert loaded.report.tally == (4, 3, 0, 0, 1)
    assert reason in loaded.report.quarantined[0].reason
    assert loaded.report.quarantined[0].position == "line 2"
    assert loaded.report.quarantined[0].value.startswith(("{", "["))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",One,,,,,", "'' is no id of a node"),
        ("1 2,One,,,,,", "'1 2' is no id of a node"),
        ('1,"One\n12222208,Two""",,,,,', "two nodes in one row"),
        ('1,"One\nofficer,12222208""",,,,,', "two nodes in one row"),
    ],
)
def test_a_node_that_cannot_be_read_is_set_aside(tmp_path: Path, row: str, reason: str) -> None:
    loaded = Loaded(tmp_path, nodes_officers=f"{OFFICERS}{row}\n3,Three,,,,,\n")
    assert loaded.report.tally == (2, 1, 0, 0, 1)
    assert reason in loaded.report.quarantined[0].reason


@pytest.mark.parametrize("name", ["One\nTwo", "Suite 5\n12 High Street", "A\r\nB"])
def test_a_line_break_in_a_name_is_kept(tmp_path: Path, name: str) -> None:
    loaded = Loaded(tmp_path, nodes_officers=f'{OFFICERS}1,"{name}",,,,,\n')
    assert loaded.entities["icij:1"].name == name


@pytest.mark.parametrize(
    ("files", "noted"),
    [
        ({"nodes": f"{OFFICERS.strip()},shoe\n1,One,,,,,,44\n"}, ("unknown field", "nodes: shoe")),
        ({"edges": "node_1,rel_type,node_2,hat\n1,x,2,3\n"}, ("unknown field", "edges: hat")),
        ({"edges": "node_1,rel_type,node_2\n1,x,2\n"}, ("unknown link", "x")),
        ({"nodes": "Type,ID,Name/Address\nghost,1,X\n"}, ("unknown kinds", "ghost")),
        ({"nodes": f"{OFFICERS}1,One,,XQQ,,,\n"}, ("unknown country", "XQQ")),
        (
            {"nodes": f"{OFFICERS}1,One,,,L,for ever,\n"},
            ("unreadable valid_until", "for ever"),
        ),
        (
            {"edges": "node_1,rel_type,node_2,valid_until\n1,x,2,for ever\n"},
            ("unreadable valid_until", "for ever"),
        ),
    ],
)
def test_what_is_unknown_is_signalled(
    tmp_path: Path, files: dict[str, str], noted: tuple[str, str]
) -> None:
    assert Loaded(tmp_path, files).noted[noted] == 1


def test_two_words_on_how_current_a_leak_is_date_nothing(tmp_path: Path) -> None:
    nodes = f"{OFFICERS}1,One,,,L,data is current through 2015,\n2,Two,,,L,current through 2016,\n"
    loaded = Loaded(tmp_path, nodes_officers=nodes, edges=edge("officer_of", leak="L"))
    assert loaded.relations[0].evidence.observed is None


def test_no_file_and_a_wrong_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name the files of nodes and relationships"):
        run(tmp_path / "g", "icij", [])
    file = tmp_path / "w.csv"
    for text in ("a,b\n1,2\n", "node_id\n1\n", ""):
        file.write_text(text)
        with pytest.raises(InputError, match=r"w\.csv: columns .* are neither ICIJ's nodes nor"):
            run(tmp_path / "g", "icij", [file])


def test_too_many_unreadable_rows_change_nothing(tmp_path: Path) -> None:
    rows = "".join(f"{number},N,,,,,\n" for number in range(1, 100))
    Loaded(tmp_path, nodes_officers=OFFICERS + rows)
    with pytest.raises(LoadRefusedError, match="2 of 101 records cannot be read"):
        Loaded(tmp_path, strict=True, nodes_officers=f"{OFFICERS}{rows},,,,,,x\n,y,,,,,\n")
    assert [load.read for load in content(tmp_path / "graph.db")[0]] == [99]


def test_naughty_texts_stay_as_they_are(tmp_path: Path) -> None:
    """In every text of a node and of an edge; the ids are digits."""
    nodes, edges, wanted = [OFFICERS], [EDGES], {}
    for number, text in enumerate(naughty(), start=1):
        cell = written(text, "csv")
        if cell:
            wanted[f"icij:{number}"] = text
            nodes.append(f"{number},{cell},{cell},{cell},{cell},{cell},{cell}\n")
            edges.append(f"{number},{number},{cell},{cell},{cell},,,{cell}\n")
    loaded = Loaded(tmp_path, nodes_officers="".join(nodes), edges="".join(edges))
    assert len(wanted) > 100
    assert {key: entity.name for key, entity in loaded.entities.items()} == wanted
    assert {r.source: r.properties["role"][0] for r in loaded.relations} == wanted
    assert {r.source: r.evidence.title for r in loaded.relations} == wanted


@pytest.mark.parametrize("name", ["relationships", "nodes-officers"])
def test_cut_off_anywhere_it_is_refused_or_whole(tmp_path: Path, name: str) -> None:
    """What is accepted ends in a whole row, or in one that is set aside."""
    data = (SAMPLE / f"{name}.csv").read_bytes()
    file = tmp_path / "cut.csv"
    file.write_bytes(data)
    run(tmp_path / "graph.db", "icij", [file])
    rows = list(csv.reader(StringIO(data.decode())))
    for cut in cuts(tmp_path, "icij", list(truncations(data)), suffix=".csv"):
        last = list(csv.reader(StringIO(cut.decode())))[-1]
        assert len(last) == len(rows[0]), last


def test_a_refusal_is_one_line(tmp_path: Path) -> None:
    for text in naughty():
        file = tmp_path / "w.csv"
        file.write_text(f'"{text.replace(chr(34), "")}"\n1\n', encoding="utf-8", newline="")
        with pytest.raises(InputError) as caught:
            run(tmp_path / "g", "icij", [file])
        assert_one_line(str(caught.value).replace(str(file), file.name))


@pytest.mark.skipif(not REAL.exists(), reason="the real files are not here")
def test_the_real_files(tmp_path: Path) -> None:
    """Counted line by line with plain string splits, which share nothing with the loader."""
    files = sorted(REAL.glob("*.csv"))
    report = run(tmp_path / "g", "icij", files)
    edges, nodes = (file.read_text("utf-8").splitlines()[1:] for file in files)
    swallowed = [line for line in nodes if re.fullmatch(r'[a-z]+,\d+""",.*', line)]
    kinds = Counter(line.split(",")[0] for line in nodes)
    cells = [line.split(",") for line in edges]
    ids = {line.split(",")[1] for line in nodes} - {
        # both nodes of a broken row: the second stands on a line of its own
        *(line.split(",")[1] for line in nodes if line in swallowed),
    }
    ids -= {before.split(",")[1] for before, line in pairwise(nodes) if line in swallowed}
    backwards = [row for row in cells if row[5] and row[6] and row[6] < row[5]]
    links = Counter((row[2], row[4]) for row in cells if row not in backwards)
    placed = [row for row in cells if row[2] == "registered_address" and row[1] in ids]
    read = len(nodes) - len(swallowed) + len(edges)
    merged = kinds["address"] + len(placed)
    set_aside = len(swallowed) + len(backwards)
    assert (len(swallowed), len(backwards)) == (10, 1)
    assert report.tally == (read, read - merged - set_aside, merged, 0, set_aside)
    found = Counter((r.kind, r.properties["role"][0]) for r, _ in content(tmp_path / "g")[2])
    assert found == {
        ("OWNS", "shareholder of"): links["officer_of", "shareholder of"],
        ("OWNS", "beneficiary of"): links["officer_of", "beneficiary of"],
        ("OWNS", "beneficial owner of"): links["officer_of", "beneficial owner of"],
        ("REPRESENTS", "intermediary of"): links["intermediary_of", "intermediary of"],
        ("LINKED_TO", "registered address"): 882 - len(placed),
    }
    by_ends = {(r.source, r.target): r for r, _ in content(tmp_path / "g")[2]}
    third = by_ends["icij:12141424", "icij:10013539"]
    assert (third.kind, third.start, third.evidence.observed) == ("OWNS", "2014-04-14", "2015")
    bearers = sum(a.count for a in report.audits if a.what == "shares made out to the bearer")
    named = [
        line.split(",")[2].strip().upper() for line in nodes if line.split(",")[0] != "address"
    ]
    assert bearers == sum(name in {"THE BEARER", "BEARER", "EL PORTADOR"} for name in named)


def test_no_two_columns_of_a_form_share_a_name() -> None:
    for table in ("nodes", "edges"):
        aliases = manifest("icij").tables[table].values()
        pairs = [(one, other) for one, other in product(aliases, aliases) if one is not other]
        assert all(set(one) & set(other) <= {"_id"} for one, other in pairs)

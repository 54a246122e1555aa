"""Entities that share a strong identifier are one; contradictions join nobody and are reported.

LEIs, credit codes, ISINs and IMO numbers here have right check digits: ISO 17442 (mod 97-10),
GB 32100 (mod 31), ISO 6166 (Luhn), and for IMO the sum of digits times 7 to 2.
"""

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.canonical import Conflict
from spillover.graph.errors import NotFoundError
from spillover.graph.identifiers import STRONG, forms, normal, valid
from spillover.graph.index import Index, compile_arrays
from spillover.graph.schema import Entity
from spillover.graph.store import Store
from spillover.graph.writer import Writer
from tests.graph.small import company, load, owns

LEI = "549300TRUWO2CD2G5692"  # 5493 00TR UWO2 CD2G 5692
LEI_2 = "5493001KJTIIGC8Y1R12"
USCC = "91350100M000100Y43"
IMO = "9074729"  # 9*7+0*6+7*5+4*4+7*3+2*2 = 139: ends in 9
ISIN = "US0378331005"


def lei(entity_id: str, value: str = LEI, **said: Any) -> Entity:
    return company(entity_id, identifiers=(("lei", value),), **said)


def one_of(path: Path) -> dict[str, list[str]]:
    """Each entity that stands for others, with their ids."""
    with Store(path) as store:
        found = store.entities(store.entity_numbers())
        return {
            e.id: list(e.properties["same_as"]) for e in found.values() if "same_as" in e.properties
        }


def conflicts(path: Path) -> list[Conflict]:
    with Store(path) as store:
        return list(store.joined.conflicts())


@pytest.mark.parametrize(
    ("scheme", "value", "right"),
    [
        ("lei", LEI, True),
        ("lei", LEI.lower(), True),
        ("lei", "549300TRUWO2CD2G5693", False),
        ("uscc", USCC, True),
        ("uscc", "91350100M000100Y44", False),
        ("gb-coh", "102498", True),
        ("gb-coh", "SC123456", True),
        ("gb-coh", "N/A", False),
        ("imo", "IMO 9074729", True),
        ("imo", "9074728", False),
        ("isin", ISIN, True),
        ("isin", "US0378331006", False),
        ("wikidata", "Q312", True),
        ("wikidata", "312", False),
        ("ofac", "0", False),
        ("un-sc", "QDe.004", True),
        ("passport", "anything", True),
    ],
)
def test_strong_identifiers_are_checked(scheme: str, value: str, right: bool) -> None:
    assert valid(scheme, value) is right


def test_identifiers_are_compared_without_what_people_write_around_them() -> None:
    assert normal("imo", "IMO 9074729") == normal("imo", "9074729") == "9074729"
    assert normal("gb-coh", "102498") == "00102498"
    assert normal("register", "IMO 1") == "imo1"
    assert {"102498", "00102498"} <= forms("102498")


def test_sources_meet_in_an_identifier_and_keep_their_own_statements(tmp_path: Path) -> None:
    """(a) owns 60 % of (b: register), and (b: list) owns all of (c)."""
    graph = tmp_path / "g"
    load(graph, lei("reg:b", names=()), company("a"), owns("a", "reg:b", "60"), dataset="register")
    load(graph, lei("list:b"), company("c"), owns("list:b", "c", "100"), dataset="list")
    assert one_of(graph) == {"reg:b": ["list:b"]}
    with Store(graph) as store:
        assert store.number("list:b") == store.number("reg:b") == store.find(LEI)
        assert store.entity(store.find("list:b")).datasets == ("register", "list")
        index = Index(compile_arrays(store))
        found = store.relations(index.relation)
        assert {(r.source, r.target, d) for r, d in found.values()} == {
            ("a", "reg:b", "register"),
            ("reg:b", "c", "list"),
        }
        ends = {
            (int(s), int(t)) for s, t in zip(index.source, index.target(slice(None)), strict=True)
        }
        a, b, c = map(store.find, ("a", "reg:b", "c"))
        assert ends == {(a, b), (b, c)}
        assert [hit.id for hit in store.search("list:b")] == ["reg:b"]
        assert store.search("list:b")[0].num == b


def test_unloading_a_source_undoes_its_part_and_past_days_keep_it(tmp_path: Path) -> None:
    graph = tmp_path / "g"
    load(graph, lei("a"), dataset="one")
    load(graph, lei("b"), dataset="two")
    load(graph, lei("c"), dataset="three")
    assert one_of(graph) == {"a": ["b", "c"]}
    with Writer(graph) as writer:
        writer.unload("one")
    assert one_of(graph) == {"b": ["c"]}
    with Writer(graph) as writer:
        writer.unload("two")
    assert one_of(graph) == {}
    with Store(graph) as store:
        assert store.number("a") is None
        assert [loaded.dataset.name for loaded in store.loads] == ["three"]
    load(graph, lei("a"), dataset="one")
    assert one_of(graph) == {"a": ["c"]}
    with pytest.raises(NotFoundError, match="no dataset is named 'two'; the graph has: one, three"):
        Writer(graph).unload("two")


def test_a_name_joins_nobody(tmp_path: Path) -> None:
    load(tmp_path / "g", company("a", "Gazprom"), dataset="one")
    load(tmp_path / "g", company("b", "Gazprom"), dataset="two")
    assert one_of(tmp_path / "g") == {}


CONTRADICTIONS = {
    "two countries": (
        [lei("a", countries=("cn",)), lei("b", countries=("ru",))],
        [("one identifier in two countries", f"lei {LEI.lower()}", ("a", "b"))],
    ),
    "a person and a firm": (
        [lei("a"), lei("b")._replace(schema="Person")],
        [("one identifier on two kinds", f"lei {LEI.lower()}", ("a", "b"))],
    ),
    "another number": (
        [
            company("a", identifiers=(("lei", LEI), ("uscc", USCC))),
            company("b", identifiers=(("lei", LEI_2), ("uscc", USCC))),
        ],
        [("two identifiers lei on one entity", f"uscc {USCC.lower()}", ("a", "b"))],
    ),
    "two on one record": (
        [company("a", identifiers=(("lei", LEI), ("lei", LEI_2))), lei("b")],
        [
            (
                "two identifiers lei on one entity",
                f"lei {LEI_2.lower()} and {LEI.lower()}",
                ("a",),
            )
        ],
    ),
}


@pytest.mark.parametrize("case", CONTRADICTIONS)
@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_contradictions_join_nobody(tmp_path: Path, case: str, order: tuple[int, ...]) -> None:
    entities, expected = CONTRADICTIONS[case]
    for place in order:
        load(tmp_path / "g", entities[place], dataset=f"d{place}")
    assert one_of(tmp_path / "g") == {}
    assert conflicts(tmp_path / "g") == expected


def test_a_conflict_goes_with_its_source_and_is_told_once(tmp_path: Path) -> None:
    graph = tmp_path / "g"
    load(graph, lei("a", countries=("cn",)), dataset="one")
    number = load(graph, lei("b", countries=("ru",)), dataset="two")
    third = load(graph, company("c"), dataset="three")
    with Store(graph) as store:
        assert [audit.what for audit in store.audits(number)] == ["identifiers contradict"]
        assert store.audits(third) == ()
    with Writer(graph) as writer:
        writer.unload("two")
    assert conflicts(graph) == []


JOINED = {
    "countries that overlap": [lei("a", countries=("cn", "hk")), lei("b", countries=("hk",))],
    "a country nobody stated": [lei("a", countries=("cn",)), lei("b")],
    "a wider schema": [lei("a"), lei("b")._replace(schema="LegalEntity")],
    "a public body": [lei("a"), lei("b")._replace(schema="PublicBody")],
    "a ship under another flag": [
        Entity(i, "Vessel", i, countries=(c,), identifiers=(("imo", text),))
        for i, c, text in (("a", "ru", IMO), ("b", "pa", f"IMO {IMO}"))
    ],
    "one of several ISINs": [
        company("a", identifiers=(("isin", ISIN), ("isin", "US5949181045"))),
        company("b", identifiers=(("isin", ISIN),)),
    ],
}


@pytest.mark.parametrize("case", JOINED)
def test_what_can_be_one_is_one(tmp_path: Path, case: str) -> None:
    for place, entity in enumerate(JOINED[case]):
        load(tmp_path / "g", entity, dataset=f"d{place}")
    assert one_of(tmp_path / "g") == {"a": ["b"]}
    assert conflicts(tmp_path / "g") == []


def test_other_things_with_the_number_stay_apart(tmp_path: Path) -> None:
    """A security is not its issuer, and a firm's number is no ship's."""
    for place, entity in enumerate(
        [
            company("firm", identifiers=(("isin", ISIN), ("imo", IMO))),
            Entity("share", "Security", "share", identifiers=(("isin", ISIN),)),
            Entity("ship", "Vessel", "ship", identifiers=(("imo", IMO),)),
        ]
    ):
        load(tmp_path / "g", entity, dataset=f"d{place}")
    assert one_of(tmp_path / "g") == {}
    assert conflicts(tmp_path / "g") == []


def test_wrong_check_digits_join_nobody(tmp_path: Path) -> None:
    wrong = LEI[:-1] + "3"
    load(tmp_path / "g", lei("a", wrong), dataset="one")
    load(tmp_path / "g", lei("b", wrong), dataset="two")
    assert one_of(tmp_path / "g") == {}


def test_a_statement_that_two_are_the_same_joins_them(tmp_path: Path) -> None:
    """It names an id to the letter; one that no dataset describes joins nobody."""
    graph = tmp_path / "g"
    load(graph, company("list:B", "ChemChina", countries=("cn",)), dataset="list")
    said = (("same_as", "list:B"), ("same_as", "list:b"), ("same_as", "list:missing"))
    load(graph, company("seed:b", identifiers=said), dataset="seed")
    assert one_of(graph) == {"list:B": ["seed:b"]}
    with Writer(graph) as writer:
        writer.unload("list")
    assert one_of(graph) == {}
    load(graph, lei("list:B", LEI), dataset="list")
    load(graph, lei("seed:b", LEI_2)._replace(identifiers=(*said, ("lei", LEI_2))), dataset="seed")
    assert one_of(graph) == {}
    assert conflicts(graph)[0][0] == "two identifiers lei on one entity"


def test_a_number_that_everybody_carries_joins_nobody(tmp_path: Path) -> None:
    load(tmp_path / "g", *(lei(f"e{number}") for number in range(65)))
    assert one_of(tmp_path / "g") == {}
    assert conflicts(tmp_path / "g")[0][0] == "one identifier on 65 entities"


CODES = {"lei": (LEI, LEI_2), "uscc": (USCC,), "wikidata": ("Q1", "Q2", "Q3")}
ENTITIES = st.lists(
    st.tuples(
        st.frozensets(
            st.sampled_from([(s, v) for s, values in CODES.items() for v in values]), max_size=3
        ),
        st.frozensets(st.sampled_from(["cn", "ru"]), max_size=2),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(described=ENTITIES, order=st.randoms(use_true_random=False))
def test_whatever_order_sources_come_in_the_same_are_one(
    tmp_path_factory: pytest.TempPathFactory, described: list[Any], order: object
) -> None:
    """And within one entity no single number has two values."""
    folder = tmp_path_factory.mktemp("order")
    entities = [
        company(f"e{n}", identifiers=tuple(sorted(codes)), countries=tuple(sorted(countries)))
        for n, (codes, countries) in enumerate(described)
    ]
    shuffled = entities.copy()
    order.shuffle(shuffled)  # type: ignore[attr-defined] # Hypothesis' own random
    groups = []
    for name, several in (("a", entities), ("b", shuffled)):
        for entity in several:
            load(folder / name, entity, dataset=entity.id)
        groups.append({frozenset((i, *ids)) for i, ids in one_of(folder / name).items()})
    assert groups[0] == groups[1]
    for group in groups[0]:
        values = {pair for entity in entities if entity.id in group for pair in entity.identifiers}
        for scheme in CODES:
            held = [value for one, value in values if one == scheme]
            twice = any(
                sum(one == scheme for one, _ in entity.identifiers) > 1
                for entity in entities
                if entity.id in group
            )
            assert len(held) < 2 or twice or not STRONG[scheme].single

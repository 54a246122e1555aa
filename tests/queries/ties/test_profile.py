"""To which organs is an entity tied, in which category, through whom, and who denies it?"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.errors import NotFoundError
from spillover.graph.evidence import Evidence, Stance
from spillover.graph.schema import Entity, Name, Relation
from spillover.loaders.run import run
from spillover.queries.conditions import conditions
from spillover.queries.ties.by_organ import OrganTies, organ_ties
from spillover.queries.ties.profile import Ties, profile
from spillover.queries.ties.rules import categories
from tests.graphs import opened, relations

DAY = "2024-06-30"
SHARED = Path(__file__).parents[4] / "shared" / "data"
BODIES = (
    Entity("sasac", "PublicBody", "SASAC", (), ("cn",)),
    Entity("miit", "PublicBody", "Ministry of Industry and Information Technology", (), ("cn",)),
    Entity("sastind", "PublicBody", "SASTIND", (), ("cn",)),
    Entity("pla", "MilitaryUnit", "People's Liberation Army", (), ("cn",), topics=("mil",)),
    Entity("navy", "MilitaryUnit", "PLA Navy", (), ("cn",)),
    Entity("pap", "MilitaryUnit", "People's Armed Police", (), ("cn",)),
    Entity("ufwd", "PoliticalParty", "X", (Name("United Front Work Department"),), ("cn",)),
    Entity("party", "PoliticalParty", "Chinese Communist Party", (), ("cn",)),
    Entity("council", "PublicBody", "State Council", (), ("cn",)),
    Entity("italy", "PublicBody", "Government of Italy", (), ("it",)),
    Entity("mod", "PublicBody", "Ministry of Defence (United Kingdom)", (), ("gb",)),
    Entity("norway", "Country", "Norway", (), ("no",)),
    Entity("school", "University", "Beihang University", (), ("cn",)),
    Entity("college", "University", "A college", (), ("cn",)),
)


def asked(
    claims: str, entity: str = "F", *, as_of: str = DAY, low: bool = False, **how: object
) -> Ties:
    """The profile of an entity in a graph of these claims and the bodies above."""
    when = conditions(as_of, min_confidence="low" if low else "medium")
    with opened([*BODIES, *relations(claims)]) as graph:
        return profile(graph, entity, when, **how)  # type: ignore[arg-type] # keywords as they are


def listed(claims: str, *organs: str, **how: object) -> OrganTies:
    """Who is tied to organs in such a graph."""
    with opened([*BODIES, *relations(claims)]) as graph:
        return organ_ties(graph, organs, conditions(DAY), **how)  # type: ignore[arg-type] # as above


STATED = [
    # what is claimed, its category, the paragraphs of Section 1260H that speak of it
    ("pla > F 30", "military-ownership", ["(d)(1)(B)(i)(I)"]),
    ("pla STATE_TIE F tie=ownership", "military-ownership", ["(d)(1)(B)(i)(I)"]),
    ("pla CONTROLS F", "military-ownership", ["(d)(1)(B)(i)(I)"]),
    ("F REPRESENTS pla", "military-agent", ["(d)(1)(B)(i)(I)"]),
    ("pla STATE_TIE F tie=affiliation", "military-affiliation", ["(d)(1), as amended for 2025"]),
    ("F SUPPLIES pla", "defence-supply", []),
    ("pla STATE_TIE F tie=procurement", "defence-supply", []),
    ("F COLLABORATES pla form=research", "military-research", []),
    ("pap STATE_TIE F tie=affiliation", "security-organ", ["(d)(1), as amended for 2025"]),
    (
        "sastind STATE_TIE F tie=affiliation",
        "defence-regulator",
        ["(d)(2)(C)", "(d)(1), as amended for 2025"],
    ),
    ("council STATE_TIE F tie=funding", "science-assistance", ["(d)(2)(A)"]),
    (
        "miit STATE_TIE F tie=affiliation",
        "industry-ministry",
        ["(d)(2)(B)", "(d)(1), as amended for 2025"],
    ),
    (
        "F COLLABORATES miit form=project",
        "industry-ministry",
        ["(d)(2)(B)", "(d)(1), as amended for 2025"],
    ),
    ("council STATE_TIE F tie=enterprise_zone", "fusion-zone", ["(d)(2)(E)"]),
    ("council STATE_TIE F tie=odd", "other-tie", []),
    ("council STATE_TIE F tie=veto", "special-powers", []),
    ("ufwd STATE_TIE F tie=affiliation", "united-front", ["(d)(1), as amended for 2025"]),
    ("council STATE_TIE F tie=party_committee", "party-organisation", []),
    ("F MEMBER_OF party", "party-organisation", []),
    ("sasac > F 51", "state-ownership", ["(d)(1), as amended for 2025"]),
    ("council > F 51", "state-ownership", []),
    ("sasac STATE_TIE F tie=affiliation", "state-affiliation", ["(d)(1), as amended for 2025"]),
    ("F SUPPLIES council", "state-supply", []),
    ("council STATE_TIE F tie=supervision", "supervision", []),
    ("council CONSOLIDATES F", "other-tie", []),
    ("G STATE_TIE F", "other-tie", []),
]


@pytest.mark.parametrize(("claim", "category", "paragraphs"), STATED)
def test_each_tie_has_its_category(claim: str, category: str, paragraphs: list[str]) -> None:
    (item,) = asked(f"{claim} observed=2020").ties
    assert (item.tie.category.id, item.tie.status) == (category, "stated")
    assert [said.paragraph for said in item.tie.paragraphs] == paragraphs


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("military-civil fusion enterprise zone", "fusion-zone"),
        ("military production licence", "military-licence"),
        ("military procurement platform", "procurement-platform"),
        ("Defence Enterprise", "defence-enterprise"),
        ("golden power measure", "special-powers"),
        ("party committee", "party-organisation"),
        ("military-civil fusion contributor", "named-contributor"),
    ],
)
def test_words_of_a_tie_that_name_a_paragraph_decide_whatever_the_organ_is(
    words: str, category: str
) -> None:
    assert categories().of("STATE_TIE", words, "state").id == category


def test_every_category_of_the_table_can_be_reached() -> None:
    """Each has a tie in the tests above, so that no rule hides another for good."""
    reached = {row[1] for row in STATED} | {
        *("fusion-zone", "military-licence", "procurement-platform", "defence-enterprise"),
        *("named-contributor", "state-research"),
    }
    assert reached == {category.id for category in categories().every}
    assert categories().of("COLLABORATES", "", "state").id == "state-research"


def test_organs_of_other_countries_have_the_same_categories_and_no_paragraph() -> None:
    answer = asked(
        """italy STATE_TIE F tie=golden_power observed=2023-06
        F SUPPLIES mod product=engines observed=2020
        norway > F 67 observed=2024"""
    )
    said = {
        (item.tie.organ.party.id, item.tie.category.id, item.tie.paragraphs) for item in answer.ties
    }
    assert said == {
        ("italy", "special-powers", ()),
        ("mod", "defence-supply", ()),
        ("norway", "state-ownership", ()),
    }
    shares = {item.tie.organ.party.id: item.tie.share for item in answer.ties}
    assert str(shares["norway"]) == "67 %"


def test_sales_to_a_country_are_no_tie_to_its_government() -> None:
    answer = asked("F SUPPLIES norway observed=2024")
    assert (answer.ties, answer.beside) == ((), ())


def test_owners_ties_are_the_entitys_at_as_many_hops_with_their_shares() -> None:
    """The layers of Hikvision: a state owner, its group, the holding, the firm."""
    answer = asked(
        """sasac > group 100 observed=2020
        group > holding 80 observed=2020
        holding > F 40 observed=2020
        pla STATE_TIE holding tie=procurement observed=2020"""
    )
    found = [
        (item.route, item.hops, item.tie.entity.id, item.tie.organ.party.id) for item in answer.ties
    ]
    assert found == [("owners", 1, "holding", "pla"), ("owners", 2, "group", "sasac")]
    chain = answer.ties[1].chain
    assert [(step.source.id, step.target.id, str(step.share)) for step in chain] == [
        ("holding", "F", "40 %"),
        ("group", "holding", "80 %"),
    ]
    assert answer.counts["owners"] == {"defence-supply": 1, "state-ownership": 1}
    assert answer.counts["own"] == {}


def test_ties_of_subsidiaries_and_partners_are_listed_apart() -> None:
    answer = asked(
        """F > D 100 observed=2020
        pla STATE_TIE D tie=procurement observed=2020
        F COLLABORATES P form=licence observed=2021
        miit STATE_TIE P tie=affiliation observed=2021"""
    )
    assert [(item.route, item.tie.entity.id) for item in answer.ties] == [
        ("subsidiaries", "D"),
        ("partners", "P"),
    ]
    assert [step.target.id for step in answer.partners] == ["P"]


def test_a_step_that_repeats_a_chain_is_taken_only_where_the_chain_is_not_known() -> None:
    """``top`` is named as parent over the layer between; the layer itself is known."""
    known = """sasac > top 100 observed=2020
        top > F 50 observed=2020 indirect"""
    (item,) = asked(known).ties
    assert (item.hops, item.at_least) == (1, True)
    (item,) = asked(f"{known}\ntop > mid 70 observed=2020\nmid > F 70 observed=2020").ties
    assert (item.hops, item.at_least) == (2, False)


def test_work_with_a_university_counts_when_the_university_is_tied_to_defence() -> None:
    claims = "F COLLABORATES school form=research\nF COLLABORATES college form=research"
    assert asked(claims).ties == ()
    answer = asked(f"{claims}\nmiit STATE_TIE school tie=administration")
    own = [(i.tie.organ.party.id, i.tie.category.id) for i in answer.ties if i.route == "own"]
    assert own == [("school", "military-research")]


def test_denials_stand_beside_the_claims_of_the_pair() -> None:
    answer = asked(
        """pla STATE_TIE F tie=procurement observed=2020
        pla STATE_TIE F tie=defence_production observed=2021 denies denied_by=Parent
        pla STATE_TIE F tie=affiliation observed=2020
        pla STATE_TIE F tie=affiliation observed=2022 denies publisher=Ministry
        F LINKED_TO pla observed=2022 denies"""
    )
    ties = {item.tie.word: item.tie for item in answer.ties}
    assert {word: one.status for word, one in ties.items()} == {
        "procurement": "stated",
        "defence_production": "only denied",
        "affiliation": "stated and denied",
    }
    assert ties["affiliation"].denied_by == ("Ministry",)
    assert ties["defence_production"].denied_by == ("Parent",)
    # Every denial between the two is shown with every tie between them, also of other kinds.
    assert all(len(one.denials) == 3 for one in ties.values())
    assert [claim.kind for claim in answer.beside] == ["LINKED_TO"]
    # What is only denied is not counted.
    assert answer.counts["own"] == {"defence-supply": 1, "military-affiliation": 1}


def test_a_source_that_reports_a_denial_makes_the_tie_disputed() -> None:
    (item,) = asked("pla STATE_TIE F tie=affiliation denied_by=F_itself").ties
    assert (item.tie.status, item.tie.denied_by) == ("stated and denied", ("F_itself",))


def test_a_denial_made_after_the_day_does_not_dispute_it_yet() -> None:
    claims = """pla STATE_TIE F tie=affiliation observed=2020
        pla STATE_TIE F tie=affiliation observed=2023 denies"""
    assert [i.tie.status for i in asked(claims, as_of="2022-01-01").ties] == ["stated"]
    assert [i.tie.status for i in asked(claims).ties] == ["stated and denied"]


@pytest.mark.parametrize(
    ("as_of", "status", "counts"),
    [
        ("2018-12-31", "not yet", {}),
        ("2019-06-01", "stated", {"defence-supply": 1}),
        ("2022-01-01", "ended", {}),
    ],
)
def test_a_tie_that_ended_is_shown_as_ended_and_not_counted(
    as_of: str, status: str, counts: dict[str, int]
) -> None:
    claim = "pla STATE_TIE F tie=procurement start=2019 end=2021 observed=2021"
    answer = asked(claim, as_of=as_of)
    assert [item.tie.status for item in answer.ties] == [status]
    assert answer.counts["own"] == counts


def test_unsure_ties_are_shown_and_count_when_asked_for() -> None:
    claim = "F COLLABORATES pla form=partnership confidence=low"
    assert [item.tie.status for item in asked(claim).ties] == ["less sure"]
    assert asked(claim).counts["own"] == {}
    assert asked(claim, low=True).counts["own"] == {"military-research": 1}


def test_no_tie_found_is_an_empty_answer_with_its_datasets() -> None:
    answer = asked("A > F 10 observed=2020")
    assert answer.ties == ()
    assert [load.dataset.name for load in answer.sources.datasets] == ["test"]


def test_the_answer_narrows_to_organs_categories_and_countries() -> None:
    claims = """pla STATE_TIE F tie=procurement observed=2020
        mod STATE_TIE F tie=procurement observed=2020
        sasac > F 20 observed=2020"""
    narrowed: list[tuple[dict[str, object], list[str]]] = [
        ({"organs": ["mod"]}, ["mod"]),
        ({"category": ["state-ownership"]}, ["sasac"]),
        ({"countries": ["GB"]}, ["mod"]),
    ]
    for how, organs in narrowed:
        answer = asked(claims, **how)  # type: ignore[arg-type] # keywords as they are
        assert [item.tie.organ.party.id for item in answer.ties] == organs
    with pytest.raises(NotFoundError, match=r"no category of ties is named 'x'; there are: fusion"):
        asked(claims, category=["x"])


def test_owners_beyond_the_limit_are_told() -> None:
    claims = "A > F 10\nB > F 10\nsasac > B 90"
    assert not asked(claims).truncated
    with opened([*BODIES, *relations(claims)]) as graph:
        answer = profile(graph, "F", conditions(DAY), limit=1)
    assert answer.truncated


def test_the_lists_that_a_tie_is_a_finding_of() -> None:
    """By its own property, or because the page that lists the entity states the tie."""
    page = Evidence(publisher="DoD", title="The list", url="http://l", observed="2024-01-31")
    items: list[Entity | Relation] = [
        *BODIES,
        Entity("L", "Programme", "A list"),
        Relation("DESIGNATES", "L", "F", start="2024-01-31", evidence=page),
        Relation("STATE_TIE", "pla", "F", evidence=page, properties={"tie": ("affiliation",)}),
        Relation("STATE_TIE", "sasac", "F", properties={"tie": ("x",), "list": ("OTHER",)}),
        Relation("STATE_TIE", "miit", "F", properties={"tie": ("x",)}),
    ]
    with opened(items) as graph:
        answer = profile(graph, "F", conditions(DAY))
    lists = {item.tie.organ.party.id: item.tie.lists for item in answer.ties}
    assert lists == {"pla": ("L",), "sasac": ("OTHER",), "miit": ()}
    assert answer.entity.listed == ("L",)


def test_an_organ_tells_under_whom_it_stands() -> None:
    (item,) = asked("pla CONTROLS navy\nnavy STATE_TIE F tie=procurement").ties
    assert [claim.source.id for claim in item.tie.organ.under] == ["pla"]


# -- the other way ------------------------------------------------------------------------------


def test_who_is_tied_to_an_organ_itself_and_through_owned_chains() -> None:
    answer = listed(
        """sasac > A 100
        A > B 60
        B > C 30
        sasac STATE_TIE D tie=affiliation
        E SUPPLIES sasac
        G STATE_TIE sasac tie=x""",
        "sasac",
    )
    assert [(item.entity.id, item.hops, item.of.id) for item in answer.results] == [
        ("A", 0, "A"),
        ("D", 0, "D"),
        ("E", 0, "E"),
        ("B", 1, "A"),
        ("C", 2, "A"),
    ]
    assert [str(step.share) for step in answer.results[-1].chain] == ["60 %", "30 %"]
    assert answer.counts == {
        "direct": {"state-affiliation": 1, "state-ownership": 1, "state-supply": 1},
        "through": {"state-ownership": 2},
    }


def test_organs_under_an_organ_count_too() -> None:
    answer = listed("pla CONTROLS navy\nF SUPPLIES navy", "pla")
    assert [organ.party.id for organ in answer.under] == ["navy"]
    assert [item.entity.id for item in answer.results] == ["F"]


def test_ended_ties_are_shown_and_nothing_hangs_below_them() -> None:
    answer = listed("sasac STATE_TIE A tie=affiliation end=2020\nA > B 60", "sasac")
    assert [(i.entity.id, [t.status for t in i.ties]) for i in answer.results] == [("A", ["ended"])]
    assert answer.counts == {"direct": {}, "through": {}}


def test_the_listing_narrows_by_category_country_hops_and_limit() -> None:
    claims = """sasac > A 100
        A > B 60
        B > C 30
        sasac STATE_TIE D tie=affiliation"""
    places = [Entity("B", "Company", "B", (), ("it",)), Entity("D", "Company", "D", (), ("it",))]
    with opened([*BODIES, *places, *relations(claims)]) as graph:

        def ids(**how: object) -> list[str]:
            answer = organ_ties(graph, ["sasac"], conditions(DAY), **how)  # type: ignore[arg-type] # as above
            return [item.entity.id for item in answer.results]

        assert ids(category=["state-affiliation"]) == ["D"]
        assert ids(countries=["it"]) == ["D", "B"]
        assert ids(max_hops=1) == ["A", "D", "B"]
        assert ids(limit=1) == ["D"]  # the first of the file
        assert organ_ties(graph, ["sasac"], conditions(DAY), limit=1).truncated


def test_several_organs_are_asked_together() -> None:
    answer = listed("sasac > A 100\nmiit STATE_TIE A tie=x\npla STATE_TIE B tie=x", "sasac", "miit")
    assert {(i.entity.id, t.organ.party.id) for i in answer.results for t in i.ties} == {
        ("A", "sasac"),
        ("A", "miit"),
    }


# -- nothing is dropped -------------------------------------------------------------------------

NAMES = ("A", "B", "C", "pla", "sasac", "school")


def _claim(
    kind: str, ends: list[str], start: int, years: int | None, stance: Stance, word: str
) -> Relation:
    return Relation(
        kind,
        ends[0],
        ends[1],
        start=f"{start}",
        end=f"{start + years}" if years is not None else None,
        evidence=Evidence(observed=f"{start}", stance=stance),
        properties={"tie": (word,)} if kind == "STATE_TIE" else {},
    )


CLAIMS = st.builds(
    _claim,
    st.sampled_from(["STATE_TIE", "STATE_TIE", "OWNS", "CONTROLS", "SUPPLIES", "COLLABORATES"]),
    st.lists(st.sampled_from(NAMES), min_size=2, max_size=2, unique=True),
    st.integers(2015, 2026),
    st.none() | st.integers(0, 5),
    st.sampled_from(["asserts", "asserts", "denies"]),
    st.sampled_from(["ownership", "affiliation", "procurement", "odd"]),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(CLAIMS, min_size=1, max_size=12))
def test_every_tie_has_a_claim_and_every_state_tie_of_the_entity_appears(
    claims: list[Relation],
) -> None:
    with opened([*BODIES, Entity("A", "Company", "A"), *claims]) as graph:
        answer = profile(graph, "A", conditions(DAY))
    assert all(item.tie.every for item in answer.ties)
    own = [item.tie for item in answer.ties if item.route == "own"]
    shown = {claim.relation for one in own for claim in one.every}
    stated = [claim for claim in claims if claim.kind == "STATE_TIE" and claim.target == "A"]
    assert len([c for c in answer.claims if c.kind == "STATE_TIE" and c.target.id == "A"]) == len(
        stated
    )
    assert sum(c.relation in shown for c in answer.claims if c.kind == "STATE_TIE") >= len(stated)
    # A tie is counted when, and only when, a claim asserts it on the day.
    for one in own:
        counted = any(c.standing == "counted" and c.stance == "asserts" for c in one.claims)
        assert one.counted == counted


@settings(max_examples=40, deadline=None)
@given(st.lists(CLAIMS, min_size=1, max_size=12))
def test_both_directions_find_the_same_direct_ties(claims: list[Relation]) -> None:
    """Asked from the firm or from the organ, the same claims make the same ties."""
    firms = [Entity(name, "Company", name) for name in "ABC"]
    with opened([*BODIES, *firms, *claims]) as graph:
        when = conditions(DAY)
        answer = organ_ties(graph, ["pla"], when)
        under = {organ.party.id for organ in (*answer.organs, *answer.under)}
        for firm in "ABC":
            mine = {
                (i.tie.organ.party.id, i.tie.kind, i.tie.word, i.tie.status)
                for i in profile(graph, firm, when).ties
                if i.route == "own" and i.tie.organ.party.id in under
            }
            theirs = {
                (tie.organ.party.id, tie.kind, tie.word, tie.status)
                for item in answer.results
                if item.entity.id == firm and item.hops == 0
                for tie in item.ties
            }
            assert mine == theirs


# -- real facts ---------------------------------------------------------------------------------


def test_the_built_in_facts(tmp_path: Path) -> None:
    """Findings that the list of 8 June 2026 prints, and the Seven Sons under the ministry."""
    from spillover.graph.session import Graph
    from spillover.loaders.home import build_facts

    path = tmp_path / "facts.db"
    build_facts(path)
    when = conditions("2026-11-22")
    with Graph(path) as graph:
        dji = profile(graph, "seed:dji", when)
        own = {(i.tie.organ.party.id, i.tie.word) for i in dji.ties if i.route == "own"}
        assert own == {("seed:miit", "affiliation"), ("seed:pap", "affiliation")}
        assert all(i.tie.lists == ("US-DOD-1260H",) for i in dji.ties if i.route == "own")
        pirelli = profile(graph, "seed:pirelli", when).ties[0]
        assert (pirelli.tie.organ.party.id, pirelli.tie.category.id) == (
            "seed:gov-it",
            "special-powers",
        )
        balloons = {
            i.tie.word: i.tie.status for i in profile(graph, "seed:zhuzhou-rubber", when).ties
        }
        assert balloons["procurement"] == "stated"
        assert balloons["defence production"] == "only denied"
        schools = organ_ties(graph, ["MIIT"], when).results
        assert sum(item.entity.schema == "University" for item in schools) == 7


def test_the_list_of_1260h_as_it_is(tmp_path: Path) -> None:
    """The tables of 2021 to 2025 print parents and no ties: none is found, and none is made up."""
    folder = SHARED / "dod_1260h"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not here")
    from spillover.graph.session import Graph

    path = tmp_path / "list.db"
    run(path, "dod_1260h", sorted(folder.glob("*.csv")))
    with Graph(path) as graph:
        answer = profile(
            graph, "Hangzhou Hikvision Digital Technology Co., Ltd.", conditions("2025-06-30")
        )
        assert answer.ties == ()
        assert answer.entity.listed == ("US-DOD-1260H",)
        assert answer.listings

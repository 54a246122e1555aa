"""A scenario file is read strictly and exactly, and written back to the same scenario."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.errors import InputError
from spillover.graph.schema import KINDS
from spillover.queries.scenarios.file import (
    Acquire,
    Assume,
    Change,
    Delist,
    Designate,
    Divest,
    End,
    New,
    Scenario,
    Start,
)
from spillover.queries.scenarios.saved import stacked, text_of
from spillover.queries.scenarios.words import in_words

FILE = """
name: Barker plan
at: 2019-01-27
rules: us-ofac-50
targets: [Oleg Deripaska]
changes:
  - divest: {owner: Oleg Deripaska, asset: En+, share: 25.05, to: {new: Buyer, country: cy}}
  - designate: {entity: no, by: US-OFAC-SDN, on: 2018-04-06}
  - acquire: {owner: "new:Buyer", asset: En+, share: all, from: VTB}
  - start: {kind: CONTROLS, source: A, target: B, properties: {role: chair}}
"""


def test_every_value_is_the_text_that_stands_there() -> None:
    said = Scenario.read(FILE, "plan.yml")
    assert (said.at, said.rules, said.targets) == (
        "2019-01-27",
        ("us-ofac-50",),
        ("Oleg Deripaska",),
    )
    sold, listed, bought, begun = said.changes
    assert isinstance(sold, Divest)
    assert (sold.share, sold.to) == ("25.05", New(new="Buyer", country="cy"))  # no float
    assert isinstance(listed, Designate)
    assert (listed.entity, listed.by, listed.on) == ("no", ("US-OFAC-SDN",), "2018-04-06")
    assert isinstance(bought, Acquire)
    assert (bought.owner, bought.source) == (New(new="Buyer"), "VTB")
    assert isinstance(begun, Start)
    assert begun.properties == {"role": ("chair",)}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("- 1", "f.yml: no scenario; it says: name, at, note, rules, targets, changes"),
        ("a: [", "f.yml: no YAML that can be read (line 1: "),
        ("name: x", "f.yml: 'changes' is missing"),
        ("changes: []", "f.yml: changes: "),
        ("changes: x", "f.yml: changes: "),
        ("changes: [x]", "f.yml: change 1: say one thing of it"),
        ("changes: [{sell: {}}]", "f.yml: change 1: 'sell' is no change; there are: designate, "),
        ("changes: [{divest: x}]", "f.yml: change 1 (divest): give its details by name: on, owner"),
        ("changes: [{divest: {owner: a}}]", "f.yml: change 1 (divest): 'asset' is missing"),
        (
            "changes: [{divest: {owner: a, asset: b, shar: 5}}]",
            "f.yml: change 1 (divest): 'shar' is not known; it says: on, owner, asset, share",
        ),
        (
            "changes: [{divest: {owner: a, asset: b, share: 130}}]",
            "f.yml: change 1 (divest): share: '130' is no share: above 100 %",
        ),
        (
            "changes: [{assume: {owner: a, asset: b, share: all}}]",
            "f.yml: change 1 (assume): share: 'all' is no share here",
        ),
        (
            "changes: [{assume: {owner: a, asset: b, share: unknown}}]",
            "f.yml: change 1 (assume): share: 'unknown' states no share",
        ),
        (
            "changes: [{acquire: {owner: a, asset: b, share: all}}]",
            "f.yml: change 1 (acquire): share 'all' needs to say 'from' whom",
        ),
        (
            "changes: [{end: {kind: EATS, source: a, target: b}}]",
            "f.yml: change 1 (end): kind: 'EATS' is no kind of relation; there are: OWNS",
        ),
        (
            "changes: [{designate: {entity: {new: a, schema: Foo}}}]",
            "f.yml: change 1 (designate): entity.schema: 'Foo' is no kind of entity",
        ),
        (
            "at: soon\nchanges: [{delist: {entity: a}}]",
            "f.yml: at: 'soon' is no date; write YYYY",
        ),
        (
            "at: 2019-01\nchanges: [{delist: {entity: a}}]",
            "f.yml: at: '2019-01' is not one day; write YYYY-MM-DD",
        ),
        ("rules: x\nchanges: [{delist: {entity: a}}]", "f.yml: rules.0: no rule is named 'x'"),
        ("1: 2\nchanges: [{delist: {entity: a}}]", "f.yml: '1' is not known"),
        (
            "changes: [{divest: {owner: a, owner: b, asset: c}}]",
            "f.yml: no YAML that can be read (line 1: 'owner' stands twice)",
        ),
        ("a: &x [*x]", "f.yml: 'changes' is missing"),
        ("[" * 100_000, "f.yml: no YAML that can be read"),
    ],
)
def test_what_a_file_cannot_say_is_told_in_one_line(text: str, reason: str) -> None:
    with pytest.raises(InputError) as error:
        Scenario.read(text, "f.yml")
    assert str(error.value).startswith(reason)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 600


@pytest.mark.parametrize(
    ("verb", "text", "change"),
    [
        ("designate", " A Ltd ", Designate(entity="A Ltd")),
        ("delist", "A", Delist(entity="A")),
        ("divest", "A Ltd > B", Divest(owner="A Ltd", asset="B")),
        ("divest", "A>B=25.05", Divest(owner="A", asset="B", share="25.05")),
        ("divest", "A > B = 25 > C", Divest(owner="A", asset="B", share="25", to="C")),
        ("divest", "A > B > new:C", Divest(owner="A", asset="B", to=New(new="C"))),
        ("acquire", "A > B = 20", Acquire(owner="A", asset="B", share="20")),
        (
            "acquire",
            "A > B = all from C of D",
            Acquire(owner="A", asset="B", share="all", source="C of D"),
        ),
        ("assume", "A > B = more than 50", Assume(owner="A", asset="B", share="more than 50")),
        ("end", "A B CONTROLS C", End(kind="CONTROLS", source="A B", target="C")),
        ("start", "A OWNS B = 1/3", Start(kind="OWNS", source="A", target="B", share="1/3")),
        ("start", "A DIRECTS B", Start(kind="DIRECTS", source="A", target="B")),
    ],
)
def test_a_change_in_words(verb: str, text: str, change: Change) -> None:
    assert in_words(verb, text) == change


@pytest.mark.parametrize(
    ("verb", "text", "reason"),
    [
        ("divest", "A", "--divest 'A': write OWNER > ASSET = SHARE > BUYER"),
        ("assume", "A > B", "--assume 'A > B': write OWNER > ASSET = SHARE"),
        ("end", "A EATS B", "--end 'A EATS B': write SOURCE KIND TARGET"),
        ("assume", "A > B = x", "--assume 'A > B = x' (assume): share: 'x' is no share"),
        ("designate", "", "--designate '' (designate): entity: "),
    ],
)
def test_words_that_are_no_change_show_the_form(verb: str, text: str, reason: str) -> None:
    with pytest.raises(InputError) as error:
        in_words(verb, text)
    assert str(error.value).startswith(reason)


NAMES = st.text(min_size=1, max_size=8).filter(lambda text: not text.startswith("new:"))
DAYS = st.sampled_from([None, "2019-01-27", "2020-02-29"])
SHARES = st.sampled_from(["25", "25.05", "1/3", "more than 50", "25-50"])
CHANGES = st.one_of(
    st.builds(Designate, entity=NAMES, by=st.lists(NAMES, max_size=2).map(tuple), on=DAYS),
    st.builds(Delist, entity=NAMES, on=DAYS),
    st.builds(
        Divest,
        owner=NAMES,
        asset=NAMES,
        share=st.one_of(SHARES, st.just("all")),
        to=st.one_of(st.none(), NAMES, st.builds(New, new=NAMES)),
        on=DAYS,
    ),
    st.builds(Acquire, owner=NAMES, asset=NAMES, share=SHARES, source=st.one_of(st.none(), NAMES)),
    st.builds(Assume, owner=NAMES, asset=NAMES, share=SHARES),
    st.builds(End, kind=st.sampled_from(sorted(KINDS)), source=NAMES, target=NAMES),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(CHANGES, min_size=1, max_size=4), NAMES, DAYS)
def test_what_is_saved_reads_back_the_same(
    changes: list[Change], name: str, day: str | None
) -> None:
    said = Scenario(name=name, at=day, changes=tuple(changes))
    assert Scenario.read(text_of(said), "saved.yml") == said


def test_stacked_files_are_one_whose_changes_keep_their_days() -> None:
    first = Scenario(name="a", at="2019-01-01", changes=(Delist(entity="x"),), rules=("uk-ofsi",))
    second = Scenario(name="b", at="2018-01-01", changes=(Delist(entity="y", on="2017-01-01"),))
    both = stacked([first, second])
    assert (both.name, both.at, both.rules) == ("a + b", "2019-01-01", ("uk-ofsi",))
    assert [one.on for one in both.changes] == ["2019-01-01", "2017-01-01"]
    assert stacked([first, second], "2020-01-01").at == "2020-01-01"

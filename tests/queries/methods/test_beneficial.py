"""Do ultimate owners, closed cycles and the unattributed rest account for the whole?"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.stake import WHOLE
from spillover.queries.holdings import Flags
from spillover.queries.methods import beneficial as module
from spillover.queries.methods.beneficial import Beneficial, beneficial
from spillover.queries.methods.network import Network
from tests.queries.methods.elimination import matrix, network_of, networks, relabelled, walks

SOME = settings(max_examples=150, deadline=None)


def nobody(network: Network) -> Flags:
    return np.zeros(network.size, bool)


def percents(found: Beneficial) -> dict[int, tuple[float, float]]:
    return {
        share.row: (float(round(100 * share.low, 7)), float(round(100 * share.high, 7)))
        for share in found.owners
    }


@SOME
@given(networks(exact=True), st.data())
def test_least_shares_are_those_of_exact_elimination(network: Network, data: st.DataObject) -> None:
    subject = data.draw(st.integers(0, network.size - 1))
    found = beneficial(network, subject, nobody(network))
    shares = matrix(network)
    for owner in found.owners:
        # Nobody holds of an ultimate owner, so every walk from it to the subject is one of a chain.
        assert owner.low == walks(shares, owner.row)[subject]
        assert owner.low == owner.high


@SOME
@given(networks(), st.data(), st.booleans())
def test_parts_add_up_to_the_whole_within_their_bounds(
    network: Network, data: st.DataObject, large: bool
) -> None:
    subject = data.draw(st.integers(0, network.size - 1))
    with pytest.MonkeyPatch.context() as patch:
        if large:
            patch.setattr(module, "FEW", 0)
        found = beneficial(network, subject, nobody(network))
    parts = [(share.low, share.high) for share in found.owners]
    parts += [(cycle.low, cycle.high) for cycle in found.cycles]
    parts.append(found.unattributed)
    least, most = (sum(float(part[end]) for part in parts) for end in (0, 1))
    assert least <= 1 + 1e-9
    assert most >= 1 - 1e-9
    assert all(0 <= low <= high + 1e-12 <= 1 + 1e-9 for low, high in parts)
    certain = sum(float(low) for low, _ in parts[:-1])
    assert float(found.unattributed[1]) == pytest.approx(1 - certain, abs=1e-9)


@SOME
@given(networks(), st.data())
def test_floats_enclose_the_exact_answer(network: Network, data: st.DataObject) -> None:
    subject = data.draw(st.integers(0, network.size - 1))
    exact = beneficial(network, subject, nobody(network))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FEW", 0)
        wide = {share.row: share for share in beneficial(network, subject, nobody(network)).owners}
    for owner in exact.owners:
        assert isinstance(owner.low, Fraction)
        assert wide[owner.row].low == pytest.approx(float(owner.low), rel=1e-9, abs=1e-12)
        assert float(owner.high) <= wide[owner.row].high + 1e-9


@SOME
@given(networks(), st.data())
def test_numbering_does_not_matter(network: Network, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(network.size)))
    subject = data.draw(st.integers(0, network.size - 1))
    one = beneficial(network, subject, nobody(network))
    other = beneficial(relabelled(network, order), order[subject], nobody(network))
    assert {order[row]: ends for row, ends in percents(one).items()} == percents(other)


def test_a_person_is_ultimate_whoever_is_said_to_own_it() -> None:
    # 2 "owns" the person 1, who holds half of 0: a slip in the source, and no chain.
    network = network_of(3, {(1, 0): (WHOLE // 2, WHOLE // 2), (2, 1): (WHOLE, WHOLE)})
    persons = np.array([False, True, False])
    assert percents(beneficial(network, 0, persons)) == {1: (50, 50)}
    assert percents(beneficial(network, 0, nobody(network))) == {2: (50, 50)}


def test_a_closed_cycle_takes_what_enters_it() -> None:
    # 0 is held by 1 at 50 % and by 3 at 40 %; 1 and 2 hold all of each other
    network = network_of(
        4,
        {
            (1, 0): (WHOLE // 2, WHOLE // 2),
            (2, 1): (WHOLE, WHOLE),
            (1, 2): (WHOLE, WHOLE),
            (3, 0): (40_000_000, 40_000_000),
        },
    )
    found = beneficial(network, 0, nobody(network))
    assert percents(found) == {3: (40, 40)}
    assert [(cycle.rows, cycle.low, cycle.high) for cycle in found.cycles] == [((1, 2), 0.5, 0.5)]
    assert [float(end) for end in found.unattributed] == pytest.approx([0.1, 0.1])


def test_an_open_cycle_is_a_geometric_series() -> None:
    # 1 holds half of 0 and 0 a fifth of 1's owner... here: 0 > 1 10 %, 1 > 0 20 %, 2 > 0 50 %.
    # What 2 has of 0: 0.5 + 0.2 * 0.1 * 0.5 + ... = 0.5 / (1 - 0.02)
    network = network_of(
        3,
        {
            (0, 1): (10_000_000, 10_000_000),
            (1, 0): (20_000_000, 20_000_000),
            (2, 0): (50_000_000, 50_000_000),
        },
    )
    found = beneficial(network, 0, nobody(network))
    assert found.owners[0].low == Fraction(25, 49)
    assert [(cycle.rows, cycle.high) for cycle in found.cycles] == [((0, 1), 0)]
    assert found.unattributed == (Fraction(24, 49), Fraction(24, 49))


def test_a_cycle_that_unknown_shares_may_close_bounds_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # 1 holds all of 0; 1 and 2 hold unknown parts of each other, and 3 up to half of 1: then 3 may
    # have all of it (2 holds the other half of 1, and 1 all of 2), or nothing.
    network = network_of(
        4,
        {(1, 0): (WHOLE, WHOLE), (2, 1): (0, WHOLE), (1, 2): (0, WHOLE), (3, 1): (0, WHOLE // 2)},
    )
    found = beneficial(network, 0, nobody(network))
    assert percents(found) == {3: (0, 100)}
    assert [float(end) for end in found.unattributed] == [0, 1]
    assert [(cycle.rows, cycle.low, cycle.high) for cycle in found.cycles] == [((1, 2), 0, 1)]
    monkeypatch.setattr(module, "FEW", 0)
    again = beneficial(network, 0, nobody(network))
    assert percents(again) == {3: (0, 100)}


def test_shares_over_the_whole_are_named() -> None:
    network = network_of(3, {(1, 0): (80_000_000, 80_000_000), (2, 0): (80_000_000, 80_000_000)})
    found = beneficial(network, 0, nobody(network))
    assert found.overstated == (0,)
    assert percents(found) == {1: (80, 80), 2: (80, 80)}

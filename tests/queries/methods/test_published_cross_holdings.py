"""Do cross-holdings come out as published?"""

from __future__ import annotations

import pytest

from spillover.graph.stake import WHOLE
from spillover.queries.methods.integrated import integrated, outside_claims
from tests.queries.methods.elimination import by_row, network_of


def test_egj_2x2() -> None:
    # Elliott, Golub, Jackson 2014, example of two organizations that own half of each other:
    # A = Chat (I - C)^-1 is 2/3 and 1/3. Book values (I - C)^-1 p count everything twice.
    half = (WHOLE // 2, WHOLE // 2)
    network = network_of(2, {(0, 1): half, (1, 0): half})
    for row, expected in ((0, [2 / 3, 1 / 3]), (1, [1 / 3, 2 / 3])):
        claims = outside_claims(network, row)
        assert by_row(claims, 2) == pytest.approx(expected, abs=1e-9)
        assert by_row(claims, 2, most=True) == pytest.approx(expected, abs=1e-9)
    book = sum(1 + value for row in (0, 1) for value in [sum(by_row(integrated(network, row), 2))])
    assert book == pytest.approx(2 * 2)

"""Small production networks for tests, drawn and by hand, and the index by its plain formula."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from spillover.queries.contagion.network import Network, network

Matrix = npt.NDArray[Any]


class Drawn(NamedTuple):
    """A network as a dense matrix: ``weights[i, j]`` is what i supplies to j."""

    weights: Matrix
    industry: list[int]
    classes: Matrix

    @property
    def built(self) -> Network:
        supplier, customer = np.nonzero(self.weights)
        edges = supplier, customer, self.weights[supplier, customer]
        return network(edges, self.industry, self.classes)


@st.composite
def networks(draw: st.DrawFn, most: int = 6) -> Drawn:
    """Two to six firms, up to three industries, weights from 0 to 5."""
    firms = draw(st.integers(2, most))
    amounts = draw(st.lists(st.integers(0, 5), min_size=firms**2, max_size=firms**2))
    weights = np.array(amounts, np.float64).reshape(firms, firms)
    np.fill_diagonal(weights, 0)
    industry = draw(st.lists(st.integers(0, 2), min_size=firms, max_size=firms))
    classes = draw(st.lists(st.integers(0, 2), min_size=9, max_size=9))
    return Drawn(weights, industry, np.array(classes).reshape(3, 3))


def dense(
    net: Drawn, closed: list[int], *, rounds: int, replaceable: bool = True
) -> tuple[Matrix, Matrix]:
    """Losses by the formula of Diem and others, firm by firm: for inputs, and for customers."""
    count, sold = len(net.industry), net.weights.sum(axis=1)
    psi = np.array([0.0 if firm in closed else 1.0 for firm in range(count)])
    down, up = psi.copy(), psi.copy()
    for _ in range(rounds):
        sigma = [_sigma(net, firm, down) if replaceable else 1.0 for firm in range(count)]
        down, up = (
            np.array([min(psi[j], _made(net, j, down, sigma)) for j in range(count)]),
            np.array(
                [
                    min(psi[i], 1 - sum(net.weights[i] * (1 - up)) / sold[i] if sold[i] else 1.0)
                    for i in range(count)
                ]
            ),
        )
    return 1 - down, 1 - up


def _sigma(net: Drawn, firm: int, level: Matrix) -> float:
    """How much of an industry's remaining supply a firm is, at most 1."""
    sold = net.weights.sum(axis=1)
    left = sum(
        sold[other] * level[other]
        for other in range(len(sold))
        if net.industry[other] == net.industry[firm]
    )
    return min(1.0, float(sold[firm] / left)) if left > 0 else 1.0


def _made(net: Drawn, firm: int, level: Matrix, sigma: list[float]) -> float:
    """What a firm can make of the inputs that arrive."""
    bought = net.weights[:, firm]
    made = 1.0
    linear = 0.0
    for industry in range(3):
        of = [i for i in range(len(bought)) if net.industry[i] == industry and bought[i]]
        lost = sum(bought[i] * sigma[i] * (1 - level[i]) for i in of)
        kind = net.classes[industry, net.industry[firm]]
        if of and kind == 2:
            made = min(made, 1 - lost / sum(bought[i] for i in of))
        elif of and kind == 1:
            linear += lost / bought.sum()
    return min(made, 1 - linear)


PARITY = Drawn(
    np.array(
        [
            [0, 3, 2, 7, 5, 11],
            [4, 0, 9, 1, 8, 6],
            [10, 2, 0, 4, 3, 7],
            [6, 5, 1, 0, 9, 2],
            [8, 3, 6, 10, 0, 4],
            [2, 7, 5, 3, 11, 0],
        ],
        np.float64,
    ),
    [0, 1, 2, 0, 1, 2],
    np.array([[2, 1, 0], [0, 2, 1], [1, 0, 2]]),
)
"""ESRIcascade.jl, test "C++ mixed-classification parity"; firm 1 closes, only inputs count."""

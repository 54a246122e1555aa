"""From whom can an impact come, beyond the direct neighbours, and who spreads it?

A firm is *vulnerable* to another when what it would lose with it reaches its buffer. Of the matrix
V of these links (V[i, j] = 1: i can bring down j), exp(V) counts all walks, a walk of length k
divided by k!. With C = exp(V) less its diagonal:

- *susceptibility* of j: the sum of column j of C over the links into j; above 1, j can be reached
  by others than its direct neighbours. *Fluidity* is the average of all firms.
- *diffusion* of q: how much C falls, summed over each row i and divided by the links out of q,
  when the links out of q are cut; of its own row (start) and of the other rows (intermediate).

Source: Silva, Souza, Tabak, "Monitoring vulnerability and impact diffusion in financial networks",
Working Paper 392, Central Bank of Brazil, 2015; the conventions are those of the R package
NetworkRiskMeasures (Cinelli, Silva). With weights V[i, j] may be any part of the buffer, at most 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.queries.contagion.network import Floats


class Impact(NamedTuple):
    """The measures of every firm: ``[n]`` each."""

    susceptibility: Floats
    start: Floats
    intermediate: Floats

    @property
    def diffusion(self) -> Floats:
        """Start and intermediate together."""
        return self.start + self.intermediate

    @property
    def fluidity(self) -> float:
        """Average susceptibility."""
        return float(self.susceptibility.mean()) if len(self.susceptibility) else 0.0


def vulnerable(exposure: npt.ArrayLike, buffer: npt.ArrayLike) -> Floats:
    """Which firm can bring down which.

    Args:
        exposure: ``[i, j]``: what i would lose with j.
        buffer: what each firm can lose.

    Returns:
        ``[n, n]``: 1 at [i, j] where j would lose its buffer or more with i.
    """
    lost = np.asarray(exposure, np.float64).T
    bears = np.asarray(buffer, np.float64)[None, :]
    return ((lost >= bears) & (lost > 0)).astype(np.float64)


def impact(links: Floats) -> Impact:
    """The measures of a matrix of links, ``[n, n]`` of 0 to 1: the row brings down the column."""
    count = len(links)
    walks = _walks(links)
    into = links.sum(axis=0)
    reached = np.divide(walks.sum(axis=0), into, out=np.zeros(count), where=into > 0)
    start, intermediate = np.zeros(count), np.zeros(count)
    for firm, out in enumerate(links.sum(axis=1).tolist()):
        if not out:
            continue
        cut = links.copy()
        cut[firm] = 0.0
        fall = np.maximum(walks - _walks(cut), 0.0).sum(axis=1) / out
        start[firm] = fall[firm]
        intermediate[firm] = fall.sum() - fall[firm]
    return Impact(reached, start, intermediate)


def _walks(links: Floats) -> Floats:
    from scipy.linalg import expm

    if not len(links):
        return links
    found: Floats = expm(links)
    np.fill_diagonal(found, 0.0)
    return found

"""How does a picture of amounts become a static SVG?

No script, style sheet, id or reference: a picture stands in a page with a strict policy, and in a
file of its own. The same data give the same bytes.
"""

from __future__ import annotations

from spillover.views.amounts.bars import bars_svg
from spillover.views.amounts.figures import Bars, Figure, Matrix, Shifts
from spillover.views.amounts.matrix import matrix_svg
from spillover.views.amounts.sankey import sankey_svg
from spillover.views.amounts.shifts import shifts_svg


def figure_svg(figure: Figure) -> str:
    """The picture as an SVG text with title, description, legend, caption and hidden count."""
    if isinstance(figure, Bars):
        return bars_svg(figure)
    if isinstance(figure, Shifts):
        return shifts_svg(figure)
    if isinstance(figure, Matrix):
        return matrix_svg(figure)
    return sankey_svg(figure)

"""What does the first run show: the opening example, from verdict to report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from spillover.graph.session import Graph
from spillover.queries.around import claims_about
from spillover.queries.blocked import blocked
from spillover.queries.conditions import conditions
from spillover.queries.exposure import exposure
from spillover.views import grid
from spillover.views.exposures import grid as exposure_grid
from spillover.views.output import write_pieces
from spillover.views.page import render_page
from spillover.views.terminal import headline, show
from spillover.views.verdicts import grid as verdict_grid
from spillover.views.verdicts.page import blocked_page

PARENT: Final = "China National Chemical Corporation"
SUPPLIER: Final = "Syngenta AG"
DAY: Final = "2022-10-05"
"""The day on which the parent was named on the US Department of Defense's list."""


def present(graph: Graph, output: Path) -> None:
    """Print verdict, holdings, what contradicts them and the exposed markets; write the report."""
    when = conditions(DAY)
    answer = blocked(graph, [PARENT], when)
    exposed = exposure(graph, [PARENT], when)
    subject = next(result for result in answer.results if result.entity.name == SUPPLIER)
    claims = claims_about(graph, subject.entity.num, when)
    counted = [claim for claim in claims if claim.standing == "counted"]
    beside = [claim for claim in claims if claim.standing != "counted"]
    markets = tuple(path for path in exposed.paths if path.entity.schema == "Product")
    others = tuple(path for path in exposed.paths if path not in markets)
    page = blocked_page(answer, graph, subject)
    headline(page.headline, page.verdict)
    show(
        grid.evidence("The proof", subject.proof),
        grid.evidence(f"Holdings of {SUPPLIER} that count on {DAY}", counted, brief=True),
        grid.evidence("Beside them: superseded, less sure, or of another time", beside),
        replace(
            verdict_grid.blocked(answer), title=f"Everyone whom {PARENT} holds, under us-ofac-50"
        ),
        replace(exposure_grid.exposure(replace(exposed, paths=markets)), title="Exposed markets"),
        replace(
            exposure_grid.exposure(replace(exposed, paths=others)),
            title="Exposed firms and customers",
        ),
    )
    write_pieces([render_page(page)], output)
    headline(f"Report: {output.absolute()}", "")

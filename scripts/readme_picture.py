"""Draw docs/syngenta.svg, the picture in the README, from the built-in facts."""

from __future__ import annotations

import tempfile
from pathlib import Path

from spillover import Graph, blocked, conditions, load
from spillover.views.chart import chart_svg
from spillover.views.demo import DAY, PARENT
from spillover.views.verdicts.page import blocked_page


def main() -> None:
    """Build the graph of the built-in facts anew and draw the chart of the demonstration."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "facts.db"
        load(path, "seed", ())
        with Graph(path) as graph:
            page = blocked_page(blocked(graph, [PARENT], conditions(DAY)), graph)
    chart = next(section.pictures[0] for section in page.sections if section.pictures)
    Path("docs/syngenta.svg").write_text(chart_svg(chart), encoding="utf-8")


if __name__ == "__main__":
    main()

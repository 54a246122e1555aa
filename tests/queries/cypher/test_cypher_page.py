"""Does the page on questions in Cypher tell of each what its file says?"""

from __future__ import annotations

from pathlib import Path

import pytest

from spillover.graph.neo4j.ask import PATIENCE
from spillover.graph.neo4j.verdicts import PARTS, name
from spillover.queries.cypher.library import question, question_ids
from spillover.views.cypher.output import words

PAGE = (Path(__file__).parents[3] / "docs" / "cypher.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("known", question_ids())
def test_a_question_stands_on_the_page_as_in_its_file(known: str) -> None:
    found = question(known)
    (section,) = (part for part in PAGE.split("### ") if part.startswith(f"`{known}`\n"))
    assert f"**{found.title}** {found.description}\n" in section
    assert f"Exactly: {found.exact}\n" in section
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    assert rows == [f"| `{p.name}` | {words(p)} | {p.meaning} |" for p in found.parameters]
    assert f"Columns: {', '.join(f'`{column}`' for column in found.columns)}." in section


def test_no_other_question_stands_there() -> None:
    assert PAGE.count("\n### ") == len(question_ids())


def test_properties_of_verdicts_and_the_time_limit_are_told() -> None:
    assert all(f"`{name('us-ofac-50')}{part}`" in PAGE for part in PARTS)
    assert f"({PATIENCE:.0f} if unset)" in PAGE

"""Does the tree of owners (or assets) show every branch once, and say what it leaves out."""

from __future__ import annotations

import pytest

from spillover.queries.conditions import conditions
from spillover.queries.tree import Tree, owners, subsidiaries
from tests.graphs import opened
from tests.queries.asking import DAY


def up(text: str, entity: str, *, depth: int = 10, limit: int = 500, max_age: str = "99y") -> Tree:
    with opened(text) as graph:
        return owners(graph, entity, conditions(DAY, max_age), depth=depth, limit=limit)


def down(text: str, entity: str, *, depth: int = 10, limit: int = 500) -> Tree:
    with opened(text) as graph:
        return subsidiaries(graph, entity, conditions(DAY), depth=depth, limit=limit)


def drawn(tree: Tree) -> list[str]:
    """One line a branch: indented by depth, with its share and mark."""
    return [
        " ".join(
            filter(
                None,
                (
                    "-" * branch.depth + branch.party.id,
                    str(branch.share) if branch.share else "control",
                    branch.mark,
                ),
            )
        )
        for branch in tree.branches
    ]


DATED = "observed=2020"


def test_owners_upward_larger_shares_first() -> None:
    text = f"B > A 60 {DATED}\nC > A 30 {DATED}\nD > B 100 {DATED}\nE CONTROLS A {DATED}"
    tree = up(text, "A")
    assert drawn(tree) == ["-B 60 %", "--D 100 %", "-C 30 %", "-E control"]
    assert [branch.parent.id for branch in tree.branches] == ["A", "B", "A", "A"]
    assert (tree.subject.id, tree.direction, tree.truncated) == ("A", "up", 0)


def test_subsidiaries_downward() -> None:
    tree = down("X > A 50\nA > B 40-60\nX > C 70\nA CONTROLS D", "X")
    assert drawn(tree) == ["-C 70 %", "-A 50 %", "--B 40\N{EN DASH}60 %", "--D control"]
    assert tree.undisclosed is None


def test_cycles_are_marked_and_end() -> None:
    # A -> B -> C -> A, and B owns a part of itself
    tree = down("A > B 60\nB > C 60\nC > A 60\nB > B 10", "A")
    assert drawn(tree) == ["-B 60 %", "--C 60 %", "---A 60 % cycle", "--B 10 % cycle"]


def test_a_branch_that_stands_elsewhere_is_marked_and_not_repeated() -> None:
    tree = down("A > B 60\nA > C 50\nB > D 40\nC > D 30\nD > E 20", "A")
    assert drawn(tree) == ["-B 60 %", "--D 40 %", "---E 20 %", "-C 50 %", "--D 30 % repeated"]


@pytest.mark.parametrize(
    ("depth", "limit", "lines", "truncated"),
    [
        (10, 500, ["-B 60 %", "--D 40 %", "-C 50 %"], 0),
        (1, 500, ["-B 60 %", "-C 50 %"], 1),
        (10, 2, ["-B 60 %", "--D 40 %"], 1),
        (10, 1, ["-B 60 %"], 2),
        (0, 500, [], 2),
    ],
)
def test_what_the_limits_leave_out_is_counted(
    depth: int, limit: int, lines: list[str], truncated: int
) -> None:
    tree = down("A > B 60\nA > C 50\nB > D 40", "A", depth=depth, limit=limit)
    assert (drawn(tree), tree.truncated) == (lines, truncated)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("B > A 60\nC > A 30", 10, 10),
        ("B > A 50-60\nC > A 30", 10, 20),
        ("B > A\nC > A 30", 0, 70),
        ("B > A 60 indirect\nC > A 30", 70, 70),  # it repeats a chain, and is no direct owner
        ("B > A 80\nC > A 80", 0, 0),
        ("A > B 10", 100, 100),
    ],
)
def test_the_share_that_nobody_declares(text: str, low: int, high: int) -> None:
    with opened(text) as graph:
        undisclosed = owners(graph, "A", conditions(DAY)).undisclosed
    assert undisclosed == (low * 10**6, high * 10**6)


def test_claims_that_do_not_count_are_shown_and_lead_nowhere() -> None:
    text = "B > A 60 end=2020\nC > B 50\nD > A 40 observed=2022\nD > A 30 observed=2023"
    tree = up(text, "A")
    assert drawn(tree) == ["-D 30 %", "-B control"]
    assert tree.branches[1].share is None
    assert [claim.standing for claim in tree.branches[0].claims] == ["counted", "superseded"]
    assert [claim.standing for claim in tree.branches[1].claims] == ["ended"]


def test_claims_of_a_pair_are_together_the_youngest_first() -> None:
    text = "B > A 60 observed=2020\nB CONTROLS A observed=2023\nB > A 55\nB > A 40 denies"
    (branch,) = up(text, "A").branches
    assert [claim.observed for claim in branch.claims] == ["2023", "2020", None, None]
    assert str(branch.share) == "up to 60 %"


def test_a_chain_deeper_than_python_recurses() -> None:
    chain = "\n".join(f"N{n} > N{n + 1} 100" for n in range(1500))
    tree = down(chain, "N0", depth=2000, limit=2000)
    assert (len(tree.branches), tree.branches[-1].depth, tree.truncated) == (1500, 1500, 0)

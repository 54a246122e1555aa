"""Are assumptions read strictly, each with its reason, and faults told in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from spillover.graph.errors import InputError
from spillover.queries.uncertainty.priors import NAMES, Prior, default_priors, read_priors


def written(folder: Path, text: str) -> Path:
    path = folder / "priors.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_assumption_that_comes_with_it_says_why_and_whose_idea_it_is() -> None:
    for name in NAMES:
        prior = default_priors().assumption(name)
        assert prior.low <= prior.high
        assert prior.why.endswith(".")
        assert prior.source != type(prior).model_fields["source"].default, name


def test_a_file_replaces_what_it_names(tmp_path: Path) -> None:
    found = read_priors(written(tmp_path, "substitution:\n  low: 0.2\n  high: 0.25\n"))
    assert (found.substitution.low, found.substitution.high) == (0.2, 0.25)
    assert found.substitution.why == "as the file of priors has it"
    assert found.falls == default_priors().falls


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("magic:\n  low: 0\n  high: 1\n", "'magic' is no assumption; there are: unevenness"),
        ("falls:\n  low: 0.7\n  high: 0.2\n", "falls: low 0.7 is above high 0.2"),
        ("falls:\n  low: 0\n  high: 2\n", "falls.high: Input should be less than or equal to 1"),
        ("falls:\n  low: some\n  high: 1\n", "falls.low: .*number.*'some'"),
        ("falls:\n  low: nan\n  high: 1\n", "falls.low: "),
        ("unevenness:\n  low: 0\n  high: 1\n", "unevenness.low: .*0.05"),
        ("falls:\n  low: 0\n  high: 1\n  odds: 3\n", "falls.odds is no field; there are: low"),
        ("falls:\n  low: 0\n", "falls.high: Field required"),
        ("falls: 0.5\n", "falls: '0.5' is no range; write its low, high"),
        ("- falls\n", "write one entry a line"),
        ("falls: [\n", "no YAML that can be read"),
        ("", "write one entry a line"),
    ],
)
def test_a_fault_is_told_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as fault:
        read_priors(written(tmp_path, text))
    assert "\n" not in str(fault.value)
    assert str(tmp_path) in str(fault.value)


def test_a_file_that_is_not_there_or_far_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_priors(tmp_path / "none.yml")
    with pytest.raises(InputError, match="larger than"):
        read_priors(written(tmp_path, "#" * 70_000))


def test_an_assumption_prints_as_its_range() -> None:
    assert [str(Prior(low=0, high=1)), str(Prior(low=2, high=2))] == ["0 to 1", "2"]

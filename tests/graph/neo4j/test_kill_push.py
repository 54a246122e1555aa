"""Does a push survive that the server dies? A short form of tests/kill_push.py."""

import random

import pytest

from scripts.neo4j_server import Server
from spillover.graph.neo4j.address import Address
from tests.kill_push import PUSH_DIES, STAGES, Trial


@pytest.fixture(scope="module")
def trial(neo4j_home: Server, tmp_path_factory: pytest.TempPathFactory) -> Trial:
    return Trial(neo4j_home, tmp_path_factory.mktemp("kill"))


def test_every_stage_is_a_part_of_a_push(trial: Trial) -> None:
    met = {(part, step.kind) for step, part in trial.steps}
    for stage, wanted in STAGES.items():
        assert any(wanted.part in ("", part) and kind in wanted.kinds for part, kind in met), stage


@pytest.mark.parametrize("stage", ["in a batch", "a commit whose answer is lost", PUSH_DIES])
def test_nothing_is_lost_and_nothing_stands_twice(
    trial: Trial, neo4j_server: Address, stage: str
) -> None:
    trial.run(stage, random.Random(stage))  # noqa: S311 - a moment, no secret

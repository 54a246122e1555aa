"""Does `spillover market --leaders` say who leads, in every form, and which claims are bare?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.test_cli import refused, spillover

OPTIONS = ["--leaders", "--graph", "facts.db", "--as-of", "2026-11-22"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("leaders")
    done = spillover("load", "seed", "--graph", "facts.db", home=folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_every_product_of_the_built_in_facts(home: Path) -> None:
    done = spillover("market", *OPTIONS, "--format", "json", home=home)
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    led = {one["product"]["name"]: one for one in said["markets"]}
    gallium = led["gallium"]
    assert (gallium["lead"], gallium["leaders"][0]["entity"]["name"]) == ("certain", "China")
    assert gallium["margin"] == {"low": "60", "high": "80"}  # somebody has the other 20, or many
    seeds = led["commercial seeds, world"]
    assert (seeds["lead"], seeds["leaders"][0]["entity"]["name"]) == ("named", "Bayer")
    assert seeds["margin"] == {"low": "6", "high": "6"}  # 23 and 17
    assert [count["observed"] for count in seeds["by_source"]] == ["2013", "2020"]
    bare = {(one["entity"]["name"], one["led"], one["of"]) for one in said["bare_claims"]}
    assert {("China", 37, 44), ("United States", 7, 44)} <= bare


def test_named_products_without_bare_claims(home: Path) -> None:
    done = spillover("market", "germanium", *OPTIONS, "--format", "json", home=home)
    said = json.loads(done.stdout)
    assert [one["product"]["name"] for one in said["markets"]] == ["germanium"]
    assert said["bare_claims"] == []


@pytest.mark.parametrize("form", ["table", "csv", "html", "xlsx"])
def test_every_form(home: Path, form: str) -> None:
    out = f"out.{form}"
    done = spillover("market", *OPTIONS, "--format", form, "-o", out, home=home)
    assert done.returncode == 0, done.stderr
    assert (home / out).stat().st_size > 500


def test_a_product_that_is_not_there(home: Path) -> None:
    assert "Atlantis" in refused(spillover("market", "Atlantis", *OPTIONS, home=home), 4)

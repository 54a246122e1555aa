"""Sourced supply links between firms, each with its own confidence and page."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from spillover.graph.errors import InputError, SpilloverError
from spillover.graph.schema import Entity, Relation
from spillover.graph.store import Store
from spillover.loaders.context import Options
from spillover.loaders.detect import detect
from spillover.loaders.run import Report, run
from tests.graph.small import content
from tests.loaders import hostile

SAMPLE = Path(__file__).parents[1] / "data" / "supply_links" / "links.json"
REAL = Path(__file__).parents[2].parent / "shared" / "data" / "supply"
LINK: dict[str, Any] = {
    "relationship_id": "r",
    "supplier_company_slug": "asml",
    "customer_company_slug": "intel",
    "predicate": "SUPPLIES_TO",
    "item_code": "TOOL.ETCH",
    "stage_code": "STAGE.WAFER_FAB",
    "source_ids": ["s"],
    "confidence": 1,
    "notes": "n",
}
PAGE = {"source_id": "s", "label": "l", "url": "https://s.example"}


class Loaded:
    """Files loaded into a graph of their own."""

    def __init__(self, folder: Path, *files: Path) -> None:
        options = Options(tolerance=1.0)
        self.report: Report = run(folder / "graph.db", "supply_links", files, options=options)
        _, entities, claims, _ = content(folder / "graph.db")
        self.entities: dict[str, Entity] = {entity.id: entity for entity in entities}
        self.relations: list[Relation] = [relation for relation, _ in claims]
        self.signals = {(a.what, a.key): a.count for a in self.report.audits}


def document(folder: Path, *links: Any, **around: Any) -> Path:
    file = folder / "links.json"
    made = {"contract_version": "v1", "sources": [PAGE], "relationships": links, **around}
    file.write_text(json.dumps(made), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("supply"), SAMPLE)


def test_every_record_of_the_sample_is_accounted_for(sample: Loaded) -> None:
    """3 pages, of which nobody names one; 5 links, of which two cannot be read."""
    assert sample.report.tally == (8, 3, 2, 1, 2)
    assert [(q.position, q.reason) for q in sample.report.quarantined] == [
        (
            "record 7",
            (
                "unknown predicate 'LIKES'; known: SUPPLIES_TO, LICENSES_IP_TO, FABRICATES_FOR,"
                " PACKAGES_FOR"
            ),
        ),
        ("record 8", "confidence 'high' is no number from 0 to 1"),
    ]
    assert sample.signals == {
        ("ignored", "page that no link names"): 1,
        ("link without a page", "intel-kla"): 1,
        ("merged", "page that links name"): 2,
        ("page that is not in the file", "gone"): 1,
        ("unknown field", "link: mood"): 1,
        ("unknown items", "GOOD.SHUTTLE"): 1,
        ("unknown names", "loom-works"): 2,
        ("unknown predicates", "LIKES"): 1,
        ("unknown stages", "STAGE.WEAVING"): 1,
    }


def test_the_supplier_supplies_the_customer_once_for_each_page(sample: Loaded) -> None:
    assert [
        (r.kind, r.source, r.target, r.evidence.title, r.evidence.url, r.evidence.confidence)
        for r in sample.relations
    ] == [
        (
            *("SUPPLIES", "supply_links:loom-works", "supply_links:asml", "Loom and Web sign"),
            *("https://loom.example/news", "high"),
        ),
        (
            *("SUPPLIES", "supply_links:loom-works", "supply_links:asml", "Web's report"),
            *("https://web.example/report", "high"),
        ),
        (
            *("SUPPLIES", "supply_links:asml", "supply_links:loom-works"),
            "Firm-to-firm semiconductor supply links",
            *("https://github.com/jacoboforero/semiconductor-supplychain-research", "medium"),
        ),
        (
            *("SUPPLIES", "supply_links:intel", "supply_links:kla"),
            "Firm-to-firm semiconductor supply links",
            *("https://github.com/jacoboforero/semiconductor-supplychain-research", "low"),
        ),
    ]


def test_a_link_keeps_what_it_says(sample: Loaded) -> None:
    first, _, licence, bare = sample.relations
    assert (first.stake, first.basis, first.stake_text) == (None, "", "")
    assert (first.evidence.observed, first.evidence.record) == ("2025-03-04", "loom-asml-tools")
    assert first.evidence.note == "Loom says it sells tools."
    assert dict(first.properties) == {
        "product": ("etch tools",),
        "item": ("TOOL.ETCH",),
        "predicate": ("supplies",),
        "stage": ("wafer fabrication",),
        "confidence": ("0.93",),
    }
    assert licence.properties["product"] == ("GOOD.SHUTTLE",)  # as the file writes it
    assert licence.properties["stage"] == ("STAGE.WEAVING",)
    assert (bare.evidence.note, "stage" in bare.properties) == ("", False)


def test_firms_are_named(sample: Loaded) -> None:
    assert {(e.id, e.schema, e.name) for e in sample.entities.values()} == {
        ("supply_links:loom-works", "Company", "loom works"),
        ("supply_links:asml", "Company", "ASML"),
        ("supply_links:intel", "Company", "Intel"),
        ("supply_links:kla", "Company", "KLA"),
    }


@pytest.mark.parametrize(
    ("confidence", "word"),
    [(1, "high"), (0.9, "high"), (0.899, "medium"), (0.7, "medium"), (0.6999, "low"), (0, "low")],
)
def test_confidence_in_our_words(tmp_path: Path, confidence: float, word: str) -> None:
    loaded = Loaded(tmp_path, document(tmp_path, LINK | {"confidence": confidence}))
    assert [r.evidence.confidence for r in loaded.relations] == [word]


def test_no_confidence_is_the_one_of_the_source(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, document(tmp_path, LINK | {"confidence": None}))
    assert [r.evidence.confidence for r in loaded.relations] == ["medium"]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (LINK | {"confidence": 1.01}, "is no number from 0 to 1"),
        (LINK | {"confidence": -1}, "confidence -1 is no number"),
        (LINK | {"confidence": True}, "confidence True is no number"),
        (LINK | {"supplier_company_slug": " "}, "supplier_company_slug ' ' is no text"),
        (LINK | {"customer_company_slug": 7}, "customer_company_slug 7 is no text"),
        (LINK | {"item_code": None}, "item_code None is no text"),
        (LINK | {"source_ids": "s"}, "source_ids 's' is no list"),
        ({"source_id": ["s"]}, "source_id ['s'] is no text"),
        ({"id": 1}, "neither a link nor a page"),
        ("text", "neither a link nor a page"),
    ],
)
def test_records_that_cannot_be_read_are_set_aside(
    tmp_path: Path, record: object, reason: str
) -> None:
    loaded = Loaded(tmp_path, document(tmp_path, LINK, record))
    assert loaded.report.tally == (3, 1, 1, 0, 1)
    assert reason in loaded.report.quarantined[0].reason


@pytest.mark.parametrize(
    ("around", "words"),
    [
        ({"relationships": []}, "no supply links (relationships) in it"),
        ({"relationships": {}}, "no supply links (relationships) in it"),
        ({"created_at": "soon"}, "'soon' is no date"),
        ({"created_at": 7}, "created_at 7 is no date"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, around: dict[str, Any], words: str) -> None:
    file = document(tmp_path, LINK, **around)
    assert words in hostile.refused(tmp_path / "g", "supply_links", file)
    with pytest.raises(InputError, match="name a file of supply links"):
        run(tmp_path / "g", "supply_links", [])


def test_what_stands_around_is_surveyed(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, document(tmp_path, LINK, colour="red"))
    assert loaded.signals["unknown field", "file: colour"] == 1


def test_the_sample_is_known_by_its_content() -> None:
    assert [one.loader for one in detect([SAMPLE]).found] == ["supply_links"]


def test_texts_stay_as_they_are(tmp_path: Path) -> None:
    texts = hostile.naughty()
    links = [
        LINK
        | {
            "relationship_id": f"r{n}",
            "supplier_company_slug": text,
            "notes": text,
            "item_code": text,
        }
        for n, text in enumerate(texts)
    ]
    loaded = Loaded(tmp_path, document(tmp_path, *links))
    assert loaded.report.tally == (len(texts) + 1, len(texts), 1, 0, 0)
    for relation, text in zip(loaded.relations, texts, strict=True):
        assert relation.source == f"supply_links:{text}"
        assert (relation.evidence.note, relation.properties["item"]) == (text, (text,))
        assert loaded.entities[relation.source].name == text.replace("-", " ")


def test_a_file_cut_anywhere_is_refused(tmp_path: Path) -> None:
    """One object closes the file, so that every cut leaves it open."""
    graph, file = tmp_path / "graph.db", tmp_path / "links.json"
    run(graph, "supply_links", [SAMPLE], options=Options(tolerance=1))
    whole = SAMPLE.read_bytes()
    for data in hostile.truncations(whole.rstrip(), separator=b"  },"):
        file.write_bytes(data)
        with pytest.raises(SpilloverError) as caught:
            run(graph, "supply_links", [file], options=Options(tolerance=1))
        hostile.assert_one_line(str(caught.value).replace(str(tmp_path), ""))
    with Store(graph) as store:
        assert len(store.loads) == 1


# -- the real file --------------------------------------------------------------------------------

real = pytest.mark.skipif(not REAL.exists(), reason="the real file is not here")


@real
def test_the_real_file(tmp_path: Path) -> None:
    """22 links and 39 pages, counted with a regular expression; one link by name."""
    (file,) = REAL.glob("*.json")
    text = file.read_text(encoding="utf-8")
    links = len(re.findall(r'"relationship_id"', text))
    pages = set(re.findall(r'"source_id": "([^"]+)"', text))
    named = {
        page
        for ids in re.findall(r'"source_ids": \[([^\]]*)\]', text)
        for page in re.findall(r'"([^"]+)"', ids)
    }
    loaded = Loaded(tmp_path, file)
    assert (links, len(pages), named <= pages) == (22, 39, True)
    assert loaded.report.tally == (61, 22, len(named), 39 - len(named), 0)
    assert set(loaded.signals) == {
        ("ignored", "page that no link names"),
        ("merged", "page that links name"),
    }
    printed = sorted(re.findall(r'"confidence": ([\d.]+)', text))
    assert sorted(r.properties["confidence"][0] for r in loaded.relations) == printed
    (asml,) = (r for r in loaded.relations if r.source == "supply_links:asml")
    tsmc = loaded.entities[asml.target]
    assert (tsmc.name, asml.properties["product"]) == (
        "Taiwan Semiconductor Manufacturing Company",
        ("lithography tools",),
    )
    assert (asml.evidence.confidence, asml.evidence.observed) == ("high", "2026-04-18")
    assert asml.evidence.url.startswith("https://www.asml.com/en/news/press-releases/2012/")

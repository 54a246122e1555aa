"""Names, identifiers and ids lead to the right entity, or to a list to choose from."""

from pathlib import Path

import pytest

from spillover.graph.errors import AmbiguousError, InputError, NotFoundError
from spillover.graph.folding import bare, code, fold
from spillover.graph.schema import Entity, Name
from spillover.graph.store import Store
from tests.graph.small import company, load, owns

FIRMS = [
    company("gazprom", "ПАО «Газпром»", names=(Name("Gazprom PJSC", "en"),), countries=("ru",)),
    company("chemchina", "中国化工集团有限公司", names=(Name("ChemChina", "en", "alias"),)),
    company("nestle", "Société Nestlé S.A."),
    company("percent", "100% Pure_Water * Ltd"),
    company("quote", 'The "AND" OR NOT NEAR(Company)'),
    company("strasse", "Hauptstraße GmbH"),
    company("full", "ＡＢＣ　Ｈｏｌｄｉｎｇ"),
    company("dash", "Rolls-Royce Holdings"),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    path = tmp_path_factory.mktemp("store") / "graph.db"
    load(path, *FIRMS)
    return Store(path)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("газпром", "gazprom"),
        ("ГАЗПРОМ", "gazprom"),
        ("gazprom", "gazprom"),
        ("化工", "chemchina"),  # two characters: shorter than a trigram
        ("工", "chemchina"),
        ("中国化工", "chemchina"),
        ("集团有限", "chemchina"),
        ("nestle", "nestle"),
        ("NESTLÉ", "nestle"),
        ("nestle\u0301", "nestle"),  # e and a combining accent
        ("societe  nestle", "nestle"),
        ("100%", "percent"),
        ("_water", "percent"),
        ("* l", "percent"),
        ("%", "percent"),
        ('"and"', "quote"),
        ("OR NOT", "quote"),
        ("near(", "quote"),
        ("STRASSE", "strasse"),
        ("straße", "strasse"),
        ("abc holding", "full"),
        ("ce-h", None),
        ("rolls-roy", "dash"),
        ("___", None),
        ("%%%", None),
        ("AND", "quote"),
        ("'; DROP TABLE entity; --", None),
        ("a\0b", None),
        ("abc\0def", None),
        ("", None),
        (" \n ", None),
        ("x" * 5000, None),
    ],
)
def test_search_finds_a_part_of_a_name_in_any_script(
    store: Store, text: str, found: str | None
) -> None:
    assert [hit.id for hit in store.search(text)] == ([found] if found else [])


def test_the_best_match_comes_first(tmp_path: Path) -> None:
    names = ["Global Acme", "Acme Trading", "Acme", "Acme Holding", "The Acme Company"]
    load(tmp_path / "g", *(company(f"c{n}", name) for n, name in enumerate(names)))
    with Store(tmp_path / "g") as store:
        assert [hit.name for hit in store.search("acme")] == [
            "Acme",
            "Acme Holding",
            "Acme Trading",
            "Global Acme",
            "The Acme Company",
        ]
        assert [hit.name for hit in store.search("acme", limit=1)] == ["Acme"]


def test_a_text_that_is_no_unicode_is_refused_in_words(store: Store) -> None:
    for way in (store.search, store.find):
        with pytest.raises(InputError, match="no Unicode text"):
            way("caf\udce9 limited")  # how Python reads Latin-1 bytes on a UTF-8 command line


def test_a_name_that_nobody_has_gets_suggestions(store: Store) -> None:
    with pytest.raises(NotFoundError, match=r"did you mean: ПАО «Газпром» \(gazprom\)"):
        store.find("газпро")
    with pytest.raises(NotFoundError, match="try `spillover search`"):
        store.find("Roscosmos")


def test_a_name_of_several_lists_them_all(tmp_path: Path) -> None:
    twins = [company("b", "Star Ltd", countries=("gb",)), company("a", "STAR  LTD")]
    load(tmp_path / "g", *twins, company("c", "Star Ltd Holding"))
    with Store(tmp_path / "g") as store:
        with pytest.raises(
            AmbiguousError, match=r"'star ltd' names 2 entities; use an id"
        ) as caught:
            store.find("star ltd")
        assert caught.value.candidates == (("a", "STAR  LTD", ""), ("b", "Star Ltd", "gb"))


def test_the_spelling_with_the_accents_comes_before_the_one_without(tmp_path: Path) -> None:
    load(tmp_path / "g", company("a", "Loreal"), company("b", "Loréal"), company("c", "Zürich"))
    with Store(tmp_path / "g") as store:
        found = {text: store.entity(store.find(text)).id for text in ("loreal", "LORÉAL", "zurich")}
    assert found == {"loreal": "a", "LORÉAL": "b", "zurich": "c"}


def test_letters_that_look_alike_are_never_merged(tmp_path: Path) -> None:
    """Latin Acme, Cyrillic А, Greek Α, Latin script small capital: four firms."""
    alike = ["Acme", "Аcme", "Αcme", "ᴀcme"]
    load(tmp_path / "g", *(company(name, name) for name in alike))
    with Store(tmp_path / "g") as store:
        assert len({store.find(name) for name in alike}) == 4
        assert [[hit.id for hit in store.search(name)] for name in alike] == [[n] for n in alike]


@pytest.mark.parametrize(
    "text",
    [
        "529900T8BM49AURSDO55",
        "529900t8bm49aursdo55",
        " 5299 00T8 BM49 AURS DO55 ",
        "hrb 4711",
        "HRB4711",
    ],
)
def test_an_identifier_is_found_in_any_case_and_grouping(tmp_path: Path, text: str) -> None:
    identifiers = (("lei", "529900T8BM49AURSDO55"), ("register", "HRB 4711"))
    load(tmp_path / "g", company("a", identifiers=identifiers), company("b"))
    with Store(tmp_path / "g") as store:
        assert store.find(text) == store.number("a")


def test_a_number_that_two_registers_gave_lists_both(tmp_path: Path) -> None:
    ends = [company(i, identifiers=(("register", "12345"),)) for i in ("a", "b")]
    load(tmp_path / "g", *ends)
    with Store(tmp_path / "g") as store, pytest.raises(AmbiguousError, match="names 2 entities"):
        store.find("12345")


def test_an_empty_text_names_nobody(tmp_path: Path) -> None:
    load(tmp_path / "g", company("a", identifiers=(("lei", ""),)))
    with Store(tmp_path / "g") as store:
        for text in ("", "  "):
            with pytest.raises(NotFoundError):
                store.find(text)


def test_an_id_comes_before_a_name(tmp_path: Path) -> None:
    load(tmp_path / "g", company("a", "b"), company("b", "a"))
    with Store(tmp_path / "g") as store:
        assert store.find("a") == store.number("a")


def test_two_datasets_that_describe_one_entity_are_united(tmp_path: Path) -> None:
    path = tmp_path / "g"
    first = Entity("x", "LegalEntity", "Syngenta", countries=("ch",), topics=("corp",))
    second = company(
        "x",
        "先正达",
        countries=("cn", "ch"),
        identifiers=(("lei", "1"),),
        properties={"note": ("second",)},
    )
    load(path, first, dataset="zeta")
    load(path, second, dataset="alpha")
    for _ in range(2):  # loading the first dataset again does not change who names it
        with Store(path) as store:
            assert store.entity(store.find("x")) == Entity(
                "x",
                "Company",  # narrower than LegalEntity
                "Syngenta",
                (Name("先正达", role="alias"),),
                ("ch", "cn"),
                (("lei", "1"),),
                ("corp",),
                {"note": ("second",)},
                ("zeta", "alpha"),
            )
            assert store.find("先正达") == store.find("syngenta")
        load(path, first, dataset="zeta")


def test_more_claims_than_one_query_takes(tmp_path: Path) -> None:
    load(tmp_path / "g", *(owns("a", f"b{n}", "1", record=str(n)) for n in range(12_001)))
    with Store(tmp_path / "g") as store:
        relations = store.relations(range(1, 12_002))
        assert [r.evidence.record for r, _ in relations.values()] == [str(n) for n in range(12_001)]
        assert len(store.entities(range(1, 12_003))) == 12_002


def test_terms_number_the_keys_and_blocks(tmp_path: Path) -> None:
    load(tmp_path / "g", owns("a", "b", "1", block="B7"), owns("a", "c", "1", block="B7"))
    with Store(tmp_path / "g") as store:
        assert store.terms() == {1: "B7"}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Acme", "ACME ", True),
        ("ﬁne", "fine", True),  # the ligature fi
        ("Straße", "STRASSE", True),
        ("ＡＢＣ", "abc", True),
        ("中\u3000国", "中 国", True),
        ("Nestlé", "Nestle", False),
        ("Acme", "Аcme", False),
        ("a-b", "a b", False),
        ("a\u200bb", "ab", False),  # a zero-width space
    ],
)
def test_folding_joins_case_and_spaces_and_no_look_alikes(one: str, other: str, same: bool) -> None:
    assert (fold(one) == fold(other)) is same


def test_bare_names_lose_latin_and_cyrillic_accents_only() -> None:
    assert [bare(text) for text in ("Łódź É", "Ёлка", "한국", "गाँव", "プ")] == [
        "łodz e",
        "елка",
        "한국",
        "गाँव",
        "プ",
    ]
    assert code(" 5299 00 t8 ") == "529900t8"

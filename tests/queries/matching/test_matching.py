"""A match is certain only where nothing speaks against it; every match says why.

LEIs and credit codes here have right check digits (ISO 17442, GB 32100), as in the tests of
identifiers. Whether two of the firms are one is plain to a reader.
"""

import pytest

from spillover.graph.schema import Relation
from spillover.queries.matching import Asked
from tests.queries.matching.finding import asked, firm, found, found_all, one

LEI = "549300TRUWO2CD2G5692"
LEI_2 = "5493001KJTIIGC8Y1R12"
USCC = "91350100M000100Y43"
IMO = "9074729"

CETC_13 = firm("China Electronics Technology Group 13th Research Institute", "cn")
CETC_14 = firm("China Electronics Technology Group 14th Research Institute", "cn")
HUAWEI = firm("Huawei Technologies Co., Ltd.", "cn")
SWEDEN = firm("Huawei Technologies Sweden AB", "se")
OTHERS = [firm(name) for name in ("Siemens AG", "Rosneft PAO", "Pirelli SpA", "Elkem ASA")]


# -- identifiers -----------------------------------------------------------------------------


def test_the_same_lei_is_an_answer_whatever_the_case_and_spacing() -> None:
    entity = firm("Acme Ltd", "gb", identifiers=[("lei", LEI)])
    match = one([entity], asked("Acme Limited", lei="5493 00tr uwo2 cd2g 5692"))
    assert (match.certain, match.score) == (True, 100)
    assert match.reasons[0] == "same LEI: 549300truwo2cd2g5692"


def test_an_identifier_comes_before_a_name() -> None:
    named, numbered = firm("Acme Ltd"), firm("Acme Trading", identifiers=[("lei", LEI)])
    first, second = found([named, numbered], asked("Acme Ltd", lei=LEI))
    assert (first.id, first.certain) == ("Acme Trading", True)
    assert (second.id, second.certain) == ("Acme Ltd", False)
    assert "an identifier of the row names another entity" in second.reasons


def test_an_identifier_with_a_name_of_its_own_is_a_question() -> None:
    entity = firm("Zeta Shipping", identifiers=[("lei", LEI)])
    match = one([entity, *OTHERS], asked("Orchid Bakery", lei=LEI))
    assert not match.certain
    assert "names differ: Orchid Bakery / Zeta Shipping" in match.reasons


def test_names_in_two_scripts_are_not_held_against_an_identifier() -> None:
    entity = firm("Fujian Example", "cn", identifiers=[("uscc", USCC)])
    assert one([entity], asked("福建示例有限公司", "cn", uscc=USCC)).certain


def test_one_identifier_on_two_entities_is_a_question_with_both() -> None:
    entities = [
        firm("Acme Ltd", "gb", identifiers=[("lei", LEI)]),
        firm("Acme GmbH", "de", identifiers=[("lei", LEI)]),
    ]
    matches = found(entities, asked("Acme", lei=LEI))
    assert [match.certain for match in matches] == [False, False]
    assert all("identifiers of the row name 2 entities" in match.reasons for match in matches)


def test_another_lei_is_never_an_answer() -> None:
    entity = firm("Acme Ltd", "gb", identifiers=[("lei", LEI_2)])
    match = one([entity], asked("Acme Ltd", "gb", lei=LEI))
    assert (match.certain, match.score) == (False, 70)
    assert f"LEI differs: {LEI.lower()} / {LEI_2.lower()}" in match.reasons


def test_an_identifier_with_a_wrong_check_digit_proves_nothing() -> None:
    wrong = LEI[:-1] + "3"
    entity = firm("Zeta Shipping", identifiers=[("lei", wrong)])
    assert not one([entity], asked("Zeta", lei=wrong)).certain


def test_an_identifier_of_an_unknown_scheme_counts_when_it_checks_itself() -> None:
    entity = firm("Fujian Example", "cn", identifiers=[("uscc", USCC)])
    match = one([entity], asked("Fujian Example Company", unknown=USCC))
    assert match.certain
    assert match.reasons[0].startswith("same USCC")


def test_a_bare_number_of_an_unknown_scheme_is_a_question() -> None:
    """12345 is somebody's register number, and by chance somebody's number at OFAC."""
    entity = firm("Zeta Shipping", identifiers=[("ofac", "12345")])
    match = one([entity], asked("Orchid Bakery", unknown="12345"))
    assert (match.certain, match.reasons[0]) == (False, "same OFAC: 12345")


def test_a_weak_identifier_is_a_question_unless_the_name_is_the_same() -> None:
    entity = firm("Zeta Shipping", identifiers=[("tax", "778")])
    assert not one([entity], asked("Zeta Marine Shipping", tax="778")).certain
    match = one([entity], asked("Zeta Shipping", tax="778"))
    assert (match.certain, match.reasons) == (True, ("same tax: 778", "same name"))


def test_another_country_doubts_a_national_identifier_but_not_a_ships_flag() -> None:
    entity = firm("Acme Ltd", "gb", identifiers=[("lei", LEI)])
    assert not one([entity], asked("Acme Ltd", "fr", lei=LEI)).certain
    ship = firm("Sea Star", "pa", schema="Vessel", identifiers=[("imo", IMO)])
    match = one([ship], asked("Sea Star", "lr", imo=f"IMO {IMO}"))
    assert match.certain
    assert "country differs: asked lr, graph pa" in match.reasons


def test_an_id_of_the_graph_is_an_identifier() -> None:
    entity = firm("Acme Ltd", id="table:acme")
    assert one([entity], asked("", id="table:acme")).reasons == ("same id: table:acme",)


def test_an_entity_that_is_only_related_goes_by_its_id() -> None:
    match = one([Relation("OWNS", "Blocked Person X", "Entity A")], "Entity A")
    assert (match.id, match.certain, match.reasons) == ("Entity A", True, ("same name",))


# -- names -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "certain", "score", "reason"),
    [
        ("Huawei Technologies Co., Ltd.", True, 100, "same name"),
        ("HUAWEI  technologies co., ltd.", True, 100, "same name"),
        ("Huawei Technologies Co Ltd", True, 100, "same name but for punctuation"),
        ("Huáwei Technologies Co., Ltd.", True, 100, "same name"),
        (
            "Huawei Technologies Limited",
            True,
            100,
            "same name; its legal form, a number or small words are written otherwise",
        ),
        ("Huawei Technologies", False, 94, "legal form missing: limited"),
        ("Huawei Technologies GmbH", False, 89, "legal form differs: gmbh / limited"),
        ("Technologies Huawei Co Ltd", False, 95, "words in another order"),
        ("Huawai Technologies Co Ltd", False, 95, "name differs in 1 letter: huawai / huawei"),
        ("Hua Wei Technologies Co Ltd", False, 97, "written as one word: hua wei / huawei"),
        (
            "Huawei Tech Co Ltd",
            False,
            97,
            "word abbreviated or inflected: tech / technologies",
        ),
    ],
)
def test_how_a_name_may_be_written(name: str, certain: bool, score: int, reason: str) -> None:
    match = one([HUAWEI, *OTHERS], name)
    assert (match.certain, match.score) == (certain, score)
    assert reason in match.reasons


def test_a_name_of_two_entities_is_a_question_with_both() -> None:
    matches = found(
        [firm("Alpha Metals", id="one"), firm("ALPHA METALS", id="two")], "Alpha Metals"
    )
    assert {match.id for match in matches} == {"one", "two"}
    assert all(not m.certain and "2 entities carry this name" in m.reasons for m in matches)


def test_a_name_that_many_carry_lists_them_all() -> None:
    """Five is the limit of questions, but none of the same name is cut off."""
    matches = found([firm("Alpha Metals", id=str(number)) for number in range(9)], "Alpha Metals")
    assert len(matches) == 9


def test_the_same_firm_with_its_legal_form_stays_a_question_beside_an_answer() -> None:
    matches = found([firm("Skoda JS"), firm("Skoda JS A.S.")], "Skoda JS")
    assert [(match.id, match.certain) for match in matches] == [
        ("Skoda JS", True),
        ("Skoda JS A.S.", False),
    ]


def test_another_country_is_never_an_answer() -> None:
    match = one([firm("Alpha Metals", "cn")], asked("Alpha Metals", "de"))
    assert (match.certain, match.score) == (False, 87)
    assert "country differs: asked de, graph cn" in match.reasons


def test_the_same_country_is_told() -> None:
    match = one([firm("Alpha Metals", "cn")], asked("Alpha Metals", "cn"))
    assert match.reasons == ("same name", "same country: cn")


def test_further_names_of_the_row_are_looked_for_as_well() -> None:
    row = Asked("1", "Great Wall Widgets", ("Huawei Technologies Co., Ltd.",))
    assert found([HUAWEI, *OTHERS], row)[0].certain


def test_names_of_one_row_that_lead_to_two_entities_are_questions() -> None:
    row = Asked("1", "Siemens AG", ("Elkem ASA",))
    matches = found([HUAWEI, *OTHERS], row)
    assert {match.id: match.certain for match in matches} == {
        "Siemens AG": False,
        "Elkem ASA": False,
    }


@pytest.mark.parametrize(
    ("role", "country", "certain"),
    [
        ("alias", "", True),
        ("weak", "ru", False),
        ("previous", "", False),
        ("previous", "ru", True),
    ],
)
def test_a_further_name_is_told_and_counts_by_its_role(
    role: str, country: str, certain: bool
) -> None:
    entity = firm("Izhevsky Zavod", "ru", names=[("Baikal Works", "", role)])
    match = one([entity, *OTHERS], asked("Baikal Works", *filter(None, [country])))
    assert match.certain == certain
    assert any("Baikal Works" in reason for reason in match.reasons)


def test_an_abbreviation_needs_its_country() -> None:
    entity = firm("Chengdu Gastone", "cn", names=[("CGTC", "", "alias")])
    assert not one([entity], "CGTC").certain
    assert one([entity], asked("CGTC", "cn")).certain


def test_a_persons_name_needs_its_country() -> None:
    entity = firm("Ali Ibrahim", "sy", schema="Person")
    assert not one([entity], "Ali Ibrahim").certain
    assert one([entity], asked("Ali Ibrahim", "sy")).certain
    order = one([entity], asked("IBRAHIM, Ali", "sy"))
    assert not order.certain
    assert "words in another order" in order.reasons


# -- near misses -----------------------------------------------------------------------------


def test_numbered_institutes_are_told_apart() -> None:
    name = "China Electronics Technology Group No. 13 Research Institute"
    assert one([CETC_13, CETC_14], name).id == CETC_13.id
    assert one([CETC_13, CETC_14], name).certain
    assert found([CETC_14], name) == ()
    assert found([CETC_13, CETC_14], name.replace("13", "15")) == ()


@pytest.mark.parametrize(
    "name",
    [
        "Thirteenth Research Institute",
        "13th Research Institute",
        "Research Institute No. 13",
        "XIII Research Institute",
        "Research Institute No13",
    ],
)
def test_a_number_is_one_however_it_is_written(name: str) -> None:
    matches = found([firm("13 Research Institute"), firm("14 Research Institute")], name)
    assert [match.id for match in matches] == ["13 Research Institute"]


def test_chinese_numbers() -> None:
    entities = [firm("中国电子科技集团公司第十三研究所"), firm("中国电子科技集团公司第十四研究所")]
    match = one(entities, "中国电子科技集团公司第13研究所")
    assert (match.id, match.certain) == ("中国电子科技集团公司第十三研究所", True)
    assert found(entities, "中国电子科技集团公司第二十三研究所") == ()


@pytest.mark.parametrize("name", ["Huawei Technologies Norway AS", "Huawei Technologies Norway AB"])
def test_siblings_in_other_places_are_no_question(name: str) -> None:
    assert found([SWEDEN, *OTHERS], name) == ()


def test_a_missing_place_is_a_question_and_told() -> None:
    match = one([SWEDEN, *OTHERS], "Huawei Technologies")
    assert not match.certain
    assert match.score <= 75
    assert "distinguishing word missing: sweden" in match.reasons


@pytest.mark.parametrize(
    ("one_name", "other"),
    [
        ("Hunan Steel", "Henan Steel"),
        ("Shanxi Coal", "Shaanxi Coal"),
        ("North Star Shipping", "South Star Shipping"),
        ("Alpha Export", "Alpha Import"),
        ("ABC Trading", "ABD Trading"),
        ("Catalyst Fund III", "Catalyst Fund IV"),
        ("湖南钢铁有限公司", "湖北钢铁有限公司"),
        ("Post Bank", "Port Bank"),
    ],
)
def test_what_tells_firms_apart_is_never_an_answer(one_name: str, other: str) -> None:
    assert all(not match.certain for match in found([firm(one_name), *OTHERS], other))


@pytest.mark.parametrize(
    ("graph", "name"),
    [("Hunan Steel", "Henan Steel"), ("ABC Trading", "ABD Trading"), ("湖南钢铁", "湖北钢铁")],
)
def test_places_and_short_words_do_not_blur(graph: str, name: str) -> None:
    assert found([firm(graph), *OTHERS], name) == ()


def test_a_misspelling_that_is_a_word_of_its_own_is_doubted() -> None:
    match = found([firm("Sinopec Metals"), firm("Sinotec Glass")], "Sinotec Metals")[0]
    assert (match.id, match.certain, match.score) == ("Sinopec Metals", False, 75)
    assert match.reasons == (
        "name differs in 1 letter: sinotec / sinopec; both are words of names here",
    )


# -- scripts ---------------------------------------------------------------------------------


def test_letters_that_only_look_alike_are_told() -> None:
    """The second letter of the asked name is Cyrillic."""
    match = one([firm("Sapphire Metals"), *OTHERS], "S\u0430pphire Metals")
    assert not match.certain
    assert "letters of different scripts: s\u0430pphire / sapphire" in match.reasons


def test_a_name_wholly_in_letters_that_look_alike_is_another() -> None:
    assert found([firm("COCA"), *OTHERS], "\u0421\u041e\u0421\u0410") == ()


def test_invisible_characters_are_told() -> None:
    match = one([firm("Sapphire Metals"), *OTHERS], "Sap\u200bphire Metals")
    assert not match.certain
    assert "invisible characters in the name" in match.reasons


@pytest.mark.parametrize(
    ("name", "certain", "reason"),
    [
        ("华为技术有限公司", True, "same name"),
        ("华为技术 有限公司", True, "same name but for punctuation"),
        ("华为技术", False, "legal form missing: chinese-limited"),
        ("华为技术股份有限公司", False, "legal form differs: chinese-shares / chinese-limited"),
        ("深圳华为技术有限公司", False, "further signs: 深圳"),
    ],
)
def test_names_in_hanzi(name: str, certain: bool, reason: str) -> None:
    match = one([firm("华为技术有限公司", "cn"), firm("海康威视有限公司", "cn")], name)
    assert (match.id, match.certain) == ("华为技术有限公司", certain)
    assert reason in match.reasons


def test_russian_forms_in_both_scripts() -> None:
    assert one([firm("ООО «Ромашка»")], "Ромашка, ооо").certain
    assert one([firm("OOO Romashka")], "Romashka LLC").certain
    match = one([firm("PAO Romashka")], "OOO Romashka")
    assert "legal form differs: llc / public-joint-stock" in match.reasons


# -- odd rows --------------------------------------------------------------------------------


def test_rows_without_anything_match_nothing() -> None:
    assert found_all([HUAWEI], [asked(""), asked("  "), asked("", lei="")]) == [(), (), ()]


def test_an_empty_graph_matches_nothing() -> None:
    assert found([firm("Acme")], asked("Zeta")) == ()
    assert found([Relation("OWNS", "A", "B")], asked("Zeta")) == ()
    assert found_all([HUAWEI], []) == []


@pytest.mark.parametrize(
    "name",
    [
        "a" * 10_000,
        "ab " * 5_000,
        "中" * 10_000,
        "'; DROP TABLE entity; --",
        "=1+1",
        "\u202eevil",
        "!!!",
        "\x00",
        "🙂 Ltd",
        "Ltd",
        "S.A.",
        "the",
        "No.",
        "100% & Co.",
        "İstanbul ẞ ﬁnance",
    ],
)
def test_an_odd_name_is_found_as_it_stands(name: str) -> None:
    matches = found([firm(name, id="odd"), *OTHERS], name)
    assert [match.id for match in matches] == ["odd"]
    assert matches[0].certain


@pytest.mark.parametrize("name", ["\ud800 Metals", "a\nb", "\x00", "a" * 10_000, "ab " * 5_000])
def test_an_odd_row_raises_nothing(name: str) -> None:
    row = Asked("1", name, (name,), ("xx",), (("lei", name), ("", name), (name, "1")))
    assert not any(match.certain for match in found(OTHERS, row))


def test_products_and_programmes_are_nobodys_suppliers() -> None:
    entities = [firm("Activated carbon", schema="Product"), firm("US-TEST", schema="Programme")]
    assert found_all([*entities, HUAWEI], [asked("Activated carbon"), asked("US-TEST")]) == [(), ()]

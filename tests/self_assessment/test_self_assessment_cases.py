"""A real school's published tables of order 1324, judged by the checks that judge our own report before it goes out."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from soko.order1324 import load_order
from soko.self_assessment import carried
from soko.self_assessment.consistency import Achievers, Broken, check, published
from soko.self_assessment.settings import Carried
from soko.workspace import Workspace

CASES = Path(__file__).resolve().parents[3] / "shared" / "domain" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="no ../shared folder with published figures here")
ORDER = load_order(Workspace.open(Path(__file__).resolve().parents[2]))
YEARS = ("2013/2014", "2014/2015", "2015/2016")


def rows(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def form():
    return rows("indicators_1324.csv")


@pytest.fixture(scope="module")
def texts(form) -> dict[str, dict[str, str]]:
    return {year: {row["code"]: row["published"] for row in form if row["period"] == year} for year in YEARS}


@pytest.fixture(scope="module")
def found(texts) -> dict[str, list[Broken]]:
    return {year: check(ORDER, published(ORDER, texts[year])) for year in YEARS}


def test_every_table_has_all_lines(texts):
    codes = {item.code for item in ORDER.codes}
    assert len(codes) == 52
    for year in YEARS:
        assert set(texts[year]) == codes


def test_every_verdict_on_a_line(form, found):
    """«wrong», «не заполнено», «нет численности» of the list, line by line; the rest has no such finding."""
    by_verdict = {"wrong": "percent_differs", "не заполнено": "unfilled", "нет численности": "unreadable"}
    for row in form:
        own = {item.rule for item in found[row["period"]] if item.codes == (row["code"],)}
        rule = by_verdict.get(row["verdict"])
        if row["verdict"] == "wrong" and (row["code"], row["period"]) == ("1.25", "2015/2016"):
            assert {"part_over_whole", "percent_differs"} <= own
        elif rule:
            assert rule in own, (row["code"], row["period"])
        else:  # ok, trunc, no base in the report
            assert not own & {"percent_differs", "unfilled"}, (row["code"], row["period"], own)


_RULES = {
    "1.2+1.3+1.4=1.1": ("balance", {"1.1", "1.2", "1.3", "1.4"}),
    "1.29.1+1.29.2=1.29": ("balance", {"1.29", "1.29.1", "1.29.2"}),
    "1.25+1.27<=1.24": ("balance", {"1.24", "1.25", "1.27"}),
    "1.25<=1.24": ("part_over_whole", {"1.25"}),
    "1.28<=1.27": ("balance", {"1.27", "1.28"}),
    "1.30.2<=1.32 (стаж>30 => возраст от ~50)": ("experience_over_age", {"1.30.2", "1.32"}),
    "2.5<=1.1": ("balance", {"1.1", "2.5"}),
}


def test_every_check_of_the_list(found):
    counted = 0
    for row in rows("indicators_1324_checks.csv"):
        if row["check"] in _RULES:
            rule, codes = _RULES[row["check"]]
            broken = any(item.rule == rule and set(item.codes) == codes for item in found[row["period"]])
        elif row["check"].startswith("сумма уровней"):
            broken = any(item.rule == "balance" and item.codes[0].startswith("1.19.") for item in found[row["period"]])
        else:
            continue
        assert broken == (row["ok"] == "нет"), (row["period"], row["check"])
        counted += 1
    assert counted == 24


def test_lines_carried_over_word_for_word(texts):
    for row in rows("indicators_1324_checks.csv"):
        if row["check"].startswith("совпало"):
            codes = re.findall(r"\d(?:\.\d+)+", row["detail"].split(":")[1])
            before = YEARS[YEARS.index(row["period"]) - 1]
            last = carried.Last(int(before[:4]), texts[before])
            same = carried.unchanged(ORDER, texts[row["period"]], last, Carried())
            assert [item.what for item in same if not item.what.startswith("block:")] == codes
            blocks = [item.what for item in same if item.what.startswith("block:")]
            assert blocks == (["block:1.24"] if row["period"] == "2014/2015" else [])


def _rules(found: list[Broken], *codes: str) -> set[str]:
    return {item.rule for item in found if set(codes) <= set(item.codes)}


#: (document, kind of mistake) → the rule that finds it in the published text of the table. The others are no matter of
#: the table: tests/validation/test_contradictions.py has those that data show, and says why of the rest.
OF_THE_TABLE = {
    ("показатели 2014/15", "перенос данных прошлого года"),
    ("показатели 2015/16", "часть больше целого"),
    ("показатели 2015/16", "невозможное сочетание"),
    ("показатели 2013/14, 2014/15", "строка скопирована"),
    ("показатели 2015/16", "отличники не учтены"),
    ("показатели 2015/16", "опечатка"),
    ("показатели 2014/15", "устаревшая база"),
}


def test_every_arithmetic_contradiction_of_the_tables(found, texts):
    listed = {(row["document"], row["error_class"]) for row in rows("contradictions.csv")}
    assert {key for key in listed if key[0].startswith("показатели")} == OF_THE_TABLE
    second, third = found["2014/2015"], found["2015/2016"]
    assert "part_over_whole" in _rules(third, "1.25")
    assert "experience_over_age" in _rules(third, "1.30.2", "1.32")
    assert "neighbours_same" in _rules(found["2013/2014"], "1.30.2", "1.31") & _rules(second, "1.30.2", "1.31")
    assert "unreadable" in _rules(third, "1.18")
    assert "unreadable" in _rules(third, "1.5")
    assert "percent_differs" in _rules(second, "1.25")
    assert "percent_differs" in _rules(second, "1.29")
    assert "rounded_to_whole" in _rules(second, "2.5"), "744 of 747 is not 100 %"
    (told,) = [item.message for item in second if item.rule == "percent_differs" and item.codes == ("1.25",)]
    assert "столько вышло бы от 40" in told
    known = check(ORDER, published(ORDER, texts["2015/2016"]), Achievers(excellent=20, good=225))
    (left_out,) = [item.message for item in known if item.rule == "excellent_left_out"]
    assert "245" in left_out


#: The contradictions of texts and other tables that the report itself rules out: what of it does so.
RULED_OUT = {
    ("анализ 2015/16", "вывод противоречит таблице"): "a trend is told by rule from the series",
    ("анализ 2015/16", "знаменатель прячет различия"): "heads and notes of our tables name their base",
    ("публ. доклад 2010-11", "определение сменилось"): "columns are counted by one definition, the annex prints it",
    ("анализ 2015/16", "заголовок не о том"): "captions come from the file of the note",
    ("анализ 2015/16", "десятичная запятая"): "a share is printed from its parts",
}


def test_nothing_of_the_list_is_left_without_an_answer():
    from_data = Path(__file__).resolve().parents[1] / "validation" / "test_contradictions.py"
    known = from_data.read_text(encoding="utf-8")
    for row in rows("contradictions.csv"):
        key = (row["document"], row["error_class"])
        caught = f'"{key[0]}", "{key[1]}"' in known.partition("BEYOND_DATA")[0]
        assert caught or key in RULED_OUT, key


def test_a_decimal_comma_that_slipped_is_found_by_recomputing():
    """«с одной 3» 0,7 % of 572 where 41 were counted: the same check, given the count and its base."""
    from fractions import Fraction

    from soko.self_assessment.cells import read
    from soko.self_assessment.consistency import Entry

    table = {"1.18": Entry(read("41/0,7%", "share"), base=Fraction(572))}
    (told,) = [item for item in check(ORDER, table) if item.rule == "percent_differs"]
    assert "7,2 %" in told.message.replace("\xa0", " ")


def test_shares_of_one_number_that_cannot_be_of_one_number():
    """3 / 2,0 % and 21 / 18,0 % of the same graduates: the form does not print how many they are, and need not."""
    told = check(ORDER, published(ORDER, {"1.10": "3/2,0%", "1.11": "21/18,0%"}))
    (family,) = [item for item in told if item.rule == "family_base"]
    assert family.codes == ("1.10", "1.11")
    assert "выпускники 9 класса" in family.message
    agreed = check(ORDER, published(ORDER, {"1.10": "3/2%", "1.11": "21/18%"}))
    assert not [item for item in agreed if item.rule == "family_base"], "whole per cents leave room for 117"

"""Every contradiction of a real school's published reports is caught by a rule, where data can show it at all."""

# ruff: noqa: F811 – fixtures are imported by name

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from published import Row, facts, figure, gradebook, judge, rules_of, table
from validation_builders import FILES, PERIOD, Build, school
from validation_lab import fresh  # noqa: F401

from soko.findings import Finding
from soko.intake import read_period
from soko.periods import Period
from soko.workspace import Workspace

CASES = Path(__file__).resolve().parents[3] / "shared" / "domain" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="no ../shared folder with published figures here")
YEARS = {"2013/2014": 2014, "2014/2015": 2015, "2015/2016": 2016}

# Which rules must find the contradiction (document, kind of mistake).
CAUGHT = {
    ("показатели 2014/15", "перенос данных прошлого года"): {"facts.unchanged", "facts.staff_unchanged"},
    ("показатели 2015/16", "часть больше целого"): {"facts.part_over_whole", "facts.balance"},
    ("показатели 2015/16", "невозможное сочетание"): {"facts.experience_over_age"},
    ("показатели 2013/14, 2014/15", "строка скопирована"): {"facts.neighbours_same"},
    ("показатели 2015/16", "отличники не учтены"): {"facts.excellent_left_out", "facts.percent_differs"},
    ("показатели 2015/16", "опечатка"): {"facts.value_unreadable"},
    ("показатели 2014/15", "устаревшая база"): {"facts.percent_differs", "facts.rounded_to_whole"},
    ("публ. доклады 2013-14 и отчёт 2014-15", "перенос данных прошлого года"): {
        "marks.subjects_as_year_ago", "exams.as_year_ago",
    },
    ("анализ 2015/16", "итог не равен сумме"): {"marks.printed_total"},
    ("анализ 2015/16", "итог не равен среднему"): {"marks.printed_total"},
    ("публ. доклад 2013-14", "итог не равен среднему"): {"marks.printed_total"},
    ("анализ 2015/16", "две формулы в одной таблице"): {"marks.printed_total"},
    ("публ. доклад 2010-11", "две формулы в одной таблице"): {"marks.printed_total"},
    ("публ. доклад 2010-11", "успеваемость завышена"): {"marks.printed_total"},
}  # fmt: skip
# Why data cannot show the others.
BEYOND_DATA = {
    ("анализ 2015/16", "вывод противоречит таблице"): "a sentence of prose; ours are chosen by rule from the series",
    ("анализ 2015/16", "знаменатель прячет различия"): "a heading that does not name its base; ours print it",
    ("публ. доклад 2010-11", "определение сменилось"): "groups of pupils are counted here, never entered",
    ("анализ 2015/16", "заголовок не о том"): "a heading over a table; ours follow from the column «Работа»",
    ("анализ 2015/16", "десятичная запятая"): "the share «с одной 3» is counted from the marks, never entered",
}


@pytest.fixture(scope="module")
def contradictions() -> list[Row]:
    return table(CASES, "contradictions.csv")


@pytest.fixture(scope="module")
def form() -> list[Row]:
    return table(CASES, "indicators_1324.csv")


@pytest.fixture(scope="module")
def reports() -> list[Row]:
    return table(CASES, "marks_tables.csv")


@pytest.fixture(scope="module")
def years(form, tmp_path_factory) -> dict[str, list[Finding]]:
    """Findings of the three years' facts, each year compared with the one before."""
    from validation_builders import make_workspace

    workspace, found = make_workspace(tmp_path_factory.mktemp("facts")), {}
    for name, year in YEARS.items():
        build = Build({"facts": facts([row for row in form if row["period"] == name], year)})
        found[name] = judge(workspace, Period(year, "calendar"), build, keep=True)
    return found


def test_every_contradiction_has_a_rule_or_a_reason(contradictions):
    keys = [(row["document"], row["error_class"]) for row in contradictions]
    assert len(keys) == len(set(keys)) == 19
    assert set(keys) == CAUGHT.keys() | BEYOND_DATA.keys()
    assert not CAUGHT.keys() & BEYOND_DATA.keys()


Scene = Callable[..., list[Finding]]
SCENES: dict[tuple[str, str], Scene] = {}


def scene(document: str, kind: str) -> Callable[[Scene], Scene]:
    def register(make: Scene) -> Scene:
        SCENES[document, kind] = make
        return make

    return register


@scene("показатели 2014/15", "перенос данных прошлого года")
@scene("показатели 2014/15", "устаревшая база")
@scene("показатели 2013/14, 2014/15", "строка скопирована")
def _second_year(workspace, years, reports):
    return years["2014/2015"]


@scene("показатели 2015/16", "часть больше целого")
@scene("показатели 2015/16", "невозможное сочетание")
def _third_year(workspace, years, reports):
    return years["2015/2016"]


@scene("показатели 2015/16", "отличники не учтены")
def _good_pupils_only(workspace, years, reports):
    build = gradebook({"9А": (20, 225, 358, 0)})
    common = {"as_of": date(2025, 12, 31), "responsible": "директор"}
    build.tables["facts"] = [
        {"code": "1.1", "number": 770.0, "percent": None, **common},
        {"code": "1.5", "number": 225.0, "percent": 37.8, **common},
    ]
    return judge(workspace, PERIOD, build)


@scene("показатели 2015/16", "опечатка")
def _misprint(workspace, years, reports):
    folder = workspace.incoming(Period(2016, "calendar"))
    folder.mkdir(parents=True)
    lines = ["Код;Значение;Доля;На дату", "1.18;122;15?8%;31.12.2016", "1.5;225;37.8/%;31.12.2016"]
    (folder / "facts.csv").write_text("\n".join(lines), encoding="utf-8")
    found = read_period(workspace, Period(2016, "calendar")).findings
    assert [item.cell for item in found] == ["C2", "C3"]
    return found


@scene("публ. доклады 2013-14 и отчёт 2014-15", "перенос данных прошлого года")
def _same_results(workspace, years, reports):
    build = school()
    build.tables = {name: build.tables[name] for name in ("pupils", "marks")}
    build.tables["exams"] = [
        {"pupil_id": row["pupil_id"], "class": row["class"], "exam": "диагностическая работа", "subject": "Математика",
         "mark": "345"[i % 3], "held_on": date(2024, 12, 3)}
        for i, row in enumerate(build.tables["pupils"])
    ]  # fmt: skip
    judge(workspace, PERIOD.year_ago(), copy.deepcopy(build), keep=True)
    for row in build.tables["exams"]:
        row["held_on"] = date(2025, 12, 2)
    for row in build.tables["pupils"] + build.tables["marks"]:
        row["pupil_id"] += "-next"  # other pupils, and yet as many marks of each kind in every subject
    return judge(workspace, PERIOD, build)


def _rows(reports: list[Row], subject: str, **wanted: str) -> list[Row]:
    return [row for row in reports
            if row["subject"] == subject and all(row[key] == value for key, value in wanted.items())]  # fmt: skip


def _counts(row: Row) -> tuple[int, int, int, int]:
    return tuple(int(row[name] or 0) for name in ("n5", "n4", "n3", "n2"))  # type: ignore[return-value]


def _oge(reports: list[Row], subject: str, document: str, period: str, **printed: float) -> Build:
    rows = _rows(reports, subject, doc=document, period=period, table="ОГЭ")
    return gradebook({row["scope"]: _counts(row) for row in rows if "итого" not in row["scope"]}, subject, **printed)


@scene("анализ 2015/16", "итог не равен сумме")
def _sum(workspace, years, reports):
    build = _oge(reports, "Русский язык", "analiz_2015-16", "2015/2016", n5=32, n4=23, n3=7)
    found = judge(workspace, PERIOD, build)
    assert len([item for item in found if item.rule == "printed_total"]) == 2  # «5» were counted rightly
    return found


@scene("анализ 2015/16", "итог не равен среднему")
def _mean(workspace, years, reports):
    return judge(workspace, PERIOD, _oge(reports, "Математика", "analiz_2015-16", "2015/2016", sou=73))


@scene("публ. доклад 2013-14", "итог не равен среднему")
def _mean_is_quality(workspace, years, reports):
    return judge(workspace, PERIOD, _oge(reports, "Математика", "publ_doklad_2013-14", "2013/2014", sou=39))


def _weights(workspace: Workspace, rows: list[Row]) -> tuple[list[Finding], list[bool]]:
    found = []
    for row in rows:
        build = gradebook({row["scope"]: _counts(row)}, row["subject"], sou=figure(row["pub_sou"]))
        found.append(judge(workspace, PERIOD, build, "marks"))
    return [item for each in found for item in each], [
        any(item.rule == "printed_total" for item in each) for each in found
    ]


@scene("анализ 2015/16", "две формулы в одной таблице")
def _two_formulas(workspace, years, reports):
    rows = _rows(reports, "Математика", doc="analiz_2015-16", period="2015/2016", table="переводная контрольная работа")
    rows = [row for row in rows if row["pub_sou"] and re.fullmatch(r"\d+\w", row["scope"])]
    young = [row for row in rows if row["scope"][0] in "34"]
    assert not any(_weights(workspace, young)[1])  # there the usual weights hold
    found, wrong = _weights(workspace, [row for row in rows if row not in young])
    assert sum(wrong) > len(wrong) / 2
    return found


@scene("публ. доклад 2010-11", "две формулы в одной таблице")
def _weight_of_two(workspace, years, reports):
    rows = _rows(reports, "Русский язык", doc="publ_doklad_2010-11", table="переводная контрольная работа")
    found, wrong = _weights(workspace, [row for row in rows if row["pub_sou"]])
    assert sum(wrong) > len(wrong) / 2
    return found


@scene("публ. доклад 2010-11", "успеваемость завышена")
def _success(workspace, years, reports):
    return judge(workspace, PERIOD, gradebook({"4А": (1, 70, 82, 4)}, success=99))


@pytest.mark.deep
@pytest.mark.parametrize("key", sorted(CAUGHT), ids=lambda key: " – ".join(key))
def test_contradiction_is_caught(fresh, years, reports, key, monkeypatch):
    monkeypatch.setitem(FILES, "exams", "2025-2026/q2/exams.csv")
    found = SCENES[key](fresh, years, reports)
    assert CAUGHT[key] <= rules_of(found)


def _said(found: list[Finding], rule: str, start: str) -> bool:
    return any(item.rule == rule and item.message_ru.startswith(start) for item in found)


CHECKS: dict[str, Callable[[list[Finding]], bool]] = {
    "1.2+1.3+1.4=1.1": lambda found: _said(found, "balance", "1.2 + 1.3 + 1.4 ("),
    "1.29.1+1.29.2=1.29": lambda found: _said(found, "balance", "1.29.1 + 1.29.2 ("),
    "1.25+1.27<=1.24": lambda found: _said(found, "balance", "1.25 + 1.27 ("),
    "1.25<=1.24": lambda found: _said(found, "part_over_whole", "Показатель 1.25:"),
    "1.28<=1.27": lambda found: _said(found, "balance", "1.28 ("),
    "1.30.2<=1.32 (стаж>30 => возраст от ~50)": lambda found: _said(found, "experience_over_age", "Показатель 1.30.2"),
    "2.5<=1.1": lambda found: _said(found, "balance", "2.5 (") or _said(found, "part_over_whole", "Показатель 2.5:"),
    "сумма уровней <= 1.19": lambda found: _said(found, "balance", "1.19."),
}


def test_balances_are_found_where_they_are_broken_and_nowhere_else(years):
    checked = 0
    for row in table(CASES, "indicators_1324_checks.csv"):
        if row["check"] in CHECKS:
            assert CHECKS[row["check"]](years[row["period"]]) == (row["ok"] == "нет"), (row["period"], row["check"])
            checked += 1
    assert checked == 24


def test_lines_carried_over_word_for_word_are_listed(years):
    for row in table(CASES, "indicators_1324_checks.csv"):
        if row["check"].startswith("совпало"):
            codes = re.findall(r"\d(?:\.\d+)+", row["detail"].split(":")[1])
            (told,) = [item.message_ru for item in years[row["period"]] if item.rule == "unchanged"]
            assert told.split(": ")[1].split(". Подтвердите")[0].split(", ") == codes


def test_shares_that_do_not_follow_from_their_counts(years, form):
    for name, found in years.items():
        told = {re.search(r"Показатель (\S+):", item.message_ru)[1] for item in found if item.rule == "percent_differs"}
        assert told == {row["code"] for row in form if row["period"] == name and row["verdict"] == "wrong"}


def test_the_former_base_is_named(years):
    (told,) = [item.message_ru for item in years["2014/2015"] if _said([item], "percent_differs", "Показатель 1.25:")]
    assert "35 из 41" in told
    assert "85,4 %, а указано 87,5 % (столько вышло бы от 40)" in told

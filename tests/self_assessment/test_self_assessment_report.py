"""The report of a tiny hand-made year: the table word for word, all ten assessments, everything that is refused."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest
import year_school as ys
from conftest import ROOT

from soko.errors import ConfigError, DataError
from soko.publish.blocks import Callout, Meta, Prose, Table, Title
from soko.self_assessment import carried, verdict, workbook
from soko.self_assessment.lines import HIDDEN, day_of
from soko.self_assessment.settings import ASSESSMENTS, Files
from soko.workspace import Workspace

GOLDEN = ROOT / "tests" / "golden" / "order_1324.txt"


@pytest.fixture
def place(tmp_path) -> Workspace:
    return ys.make(tmp_path)


def parts(report) -> list:
    return [*report.title(), *report.general(), *report.analytical(), *report.indicators(), *report.conclusions(),
            *report.annexes(), *report.signatures()]  # fmt: skip


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


def kinds(report, *wanted: str) -> list:
    return [item for item in report.remarks if item.kind in wanted]


# --- the table ---------------------------------------------------------------------------------------------------


def test_the_table_word_for_word(place):
    ys.sources(
        place.root / "out",
        {"indicator": "order1324.1_5", "rule": "school_year", "table": "marks", "title": "Отметки",
         "as_of": "2025-05-26", "periods": "2024-2025/year"},
        {"indicator": "order1324.1_18", "rule": "both_halves", "table": "contests", "title": "Конкурсы",
         "date_from": "2025-01-01", "date_to": "2025-12-31", "periods": "2024-2025/q4; 2025-2026/q1"},
        {"indicator": "order1324.1_6", "rule": "summer", "table": "exams", "title": "Экзамены", "as_of": "2025-12-31",
         "periods": "2024-2025/year"},
        {"indicator": "order1324.1_17", "rule": "summer", "table": "graduates", "title": "Выпускники",
         "as_of": "2025-12-31", "periods": "2024-2025/year", "remark": "взято раньше"},
    )  # fmt: skip
    report = ys.report(place, before=ys.BEFORE)
    (table,) = [block for block in report.indicators() if isinstance(block, Table)]
    text = "\n".join(" | ".join(row.cells) for row in table.rows) + "\n\n" + "\n".join(table.notes) + "\n"
    assert plain(text) == GOLDEN.read_text(encoding="utf-8")


def test_52_lines_and_their_headings(place):
    (table,) = [block for block in ys.report(place).indicators() if isinstance(block, Table)]
    assert [row.cells[0] for row in table.rows if row.kind == "section"] == [
        "1. Образовательная деятельность", "2. Инфраструктура"]  # fmt: skip
    assert len({row.cells[0] for row in table.rows if row.kind == "body"} - {""}) == 52
    assert table.landscape


def test_scales_and_bases_are_never_in_one_line(place):
    lines = ys.report(place).lines
    of = {code: [(line.label, plain(line.text)) for line in lines if line.code.code == code] for code in ("1.5", "1.9")}
    assert of["1.5"] == [
        ("от общей численности учащихся (как в приказе)", "7 человек / 35,0 %"),
        ("от числа аттестованных учащихся (как в журнале)", "7 человек / 43,8 %"),
    ]
    assert of["1.9"] == [
        ("профильный уровень: средний тестовый балл, от 0 до 100", "61,00"),
        ("базовый уровень: средняя отметка, от 2 до 5", "4,00"),
    ]


def test_the_workbook_has_the_same_lines_and_numbers_to_recompute_them(place):
    report = ys.report(place)
    raw = workbook.build(report.data, report.order, report.lines)
    assert raw == workbook.build(report.data, report.order, report.lines)
    book = openpyxl.load_workbook(io.BytesIO(raw))
    assert book.sheetnames == ["Обложка", "Показатели", "Как читать"]
    sheet = book["Показатели"]
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.auto_filter.ref
    rows = {row[0]: row for row in sheet.iter_rows(min_row=2, values_only=True) if row[3]}
    assert len(rows) == 52
    assert plain(rows["1.18"][3]) == "6 человек / 30,0 %"
    assert rows["1.18"][4:7] == (6, 20, 30)
    assert rows["2.3"][3:7] == ("да", None, None, None)
    assert book.properties.language == "ru-RU"
    assert "1324" in book.properties.title


def test_a_stated_line_says_from_what_it_was_taken(place):
    """«Сведения, которых нет в учётных данных» is no source: the document is, and of a «да» no list of pupils."""
    facts = {"table": "facts", "title": "Сведения", "as_of": "2025-12-31", "periods": "2025-2026/h1"}
    pupils = {"table": "pupils", "title": "Список обучающихся", "as_of": "2025-12-31", "periods": "2025-2026/h1"}
    flag, share = {"indicator": "order1324.2_3"}, {"indicator": "order1324.1_21"}
    ys.sources(place.root / "out", facts | flag | {"document": "Приказ директора"}, pupils | flag,
               facts | share, pupils | share)  # fmt: skip
    lines = {line.code.code: line for line in ys.report(place).lines}
    assert lines["2.3"].tables == "Сведения: приказ директора"
    assert plain(lines["2.3"].source) == "Сведения: приказ директора (1 полуг. 2025/26)"
    assert lines["1.21"].tables == "Сведения; Список обучающихся"


def test_a_line_that_is_hidden_says_why(place, monkeypatch):
    """Masked figures do not have the cell; the reason stands in its place, and last year's value is hidden with it."""
    figures = {code: value for code, value in ys.FIGURES.items() if code != "1.17"}
    data = ys.data_of(place, ys.rows(figures))
    monkeypatch.setattr(
        type(data.current), "why_hidden",
        lambda self, indicator, school="", **dims: "few" if indicator == "order1324.1_17" else "", raising=False,
    )  # fmt: skip
    from soko.self_assessment.document import SelfAssessment

    report = SelfAssessment(data, place.root / "out", "public")
    (line,) = [line for line in report.lines if line.code.code == "1.17"]
    assert (line.text, line.known, line.hidden) == (HIDDEN, False, "few")
    (table,) = [block for block in report.indicators() if isinstance(block, Table)]
    assert any("направлен учредителю" in note for note in table.notes)
    assert not kinds(report, "line_missing")
    assert report.title()[1].mark == "Публичный экземпляр"
    assert report.title()[0].running_head.startswith("Публичный экземпляр. ")


# --- the document ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["a", "b"])
def test_every_assessment_of_order_462_is_there(place, model):
    path = place.params / "reports" / "self_assessment.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("model: a", f"model: {model}", 1), encoding="utf-8")
    report = ys.report(place)
    text = "\n".join(block.markdown for block in parts(report) if isinstance(block, Prose))
    headings = [line for line in text.split("\n") if line.startswith("## ")]
    for words in ASSESSMENTS.values():
        assert sum(words in plain(line).lower() for line in headings) == 1, words
    assert "Общие сведения" in text
    assert "Показатели деятельности" in text
    assert "## Выводы" in text
    inside = any(isinstance(block, Table) and block.label == "order_1324" for block in report.indicators())
    assert inside == (model == "a")
    assert sum(isinstance(block, Table) and block.label == "order_1324" for block in parts(report)) == 1


def test_a_remark_on_a_line_names_it_once():
    from soko.self_assessment.front import _of_line, _why_draft
    from soko.self_assessment.verdict import Remark

    line = Remark("unchanged", "1.3", "1.3: 233 человека – как в отчёте за 2024 год", "draft")
    text = Remark("text_missing", "a.md", "раздел «Выводы» не написан", "draft")
    said = _why_draft([line, text]).markdown
    assert said.count("1.3") == 1
    assert "- a.md: раздел «Выводы» не написан" in said
    assert _of_line(line) == "233 человека – как в отчёте за 2024 год"


def test_title_page(place):
    title = next(block for block in ys.report(place).title() if isinstance(block, Title))
    assert plain(title.approved) == "приказ от 01.04.2026 № 3"
    assert plain(title.considered) == "на заседании педагогического совета,\nпротокол от 20.03.2026 № 2"
    assert title.mark == "Экземпляр для учредителя"
    meta = next(block for block in ys.report(place).title() if isinstance(block, Meta))
    assert meta.date == "2026-04-01"


def test_figures_in_a_text_follow_the_data(place):
    ys.write(
        place.root, "quality.md",
        "{order1324.1_1 | people}, было {order1324.1_1 | previous}; {order1324.1_18 | both}; {order1324.1_18 | of}; "
        "{order1324.1_5 | change}; {order1324.1_24 | change}; {year}/{year | next}; {fact.shifts}.",
    )  # fmt: skip
    report = ys.report(place, before=ys.BEFORE)
    text = next(plain(b.markdown) for b in report.analytical() if isinstance(b, Prose) and "было" in b.markdown)
    assert text == (
        "20 человек, было 22; 6 человек / 30,0 %; 6 из 20; на 1,4 п.п. ниже; без изменений; 2025/2026; 2 смены."
    )


@pytest.mark.deep
def test_the_tables_of_notes_keep_their_references_apart(tmp_path):
    """Labels of several notes would meet in one document: each has the name of its note in front."""
    from soko.publish import document

    built = parts(ys.report(ys.make(tmp_path, reuse=True)))
    labels = [block.label for block in built if isinstance(block, Table)]
    assert len(labels) == len(set(labels))
    assert document.build(built).headings


# --- what keeps it a draft ---------------------------------------------------------------------------------------


def test_the_tiny_report_is_no_draft(place):
    assert not verdict.is_draft(ys.report(place).remarks)


def test_a_missing_section_makes_a_draft(place):
    (place.params / "reports" / "self_assessment" / "library.md").write_text("<!-- начать -->\n", encoding="utf-8")
    report = ys.report(place)
    (told,) = [item for item in kinds(report, "text_missing") if item.holds]
    assert told.place == "params/reports/self_assessment/library.md"
    assert "библиотечно" in told.message
    meta, title, why = report.title()[:3]
    assert "ПРОЕКТ" in title.mark
    assert meta.running_head.endswith("ПРОЕКТ")
    assert "library.md" in why.markdown
    (mark,) = [block for block in report.analytical() if isinstance(block, Callout)]
    assert mark.title == "Раздел ещё не написан"
    assert "library.md" in mark.markdown


def test_last_years_conclusions_do_not_go_on_by_themselves(place):
    folder = place.params / "reports" / "self_assessment"
    (folder / "2025" / "conclusions.md").rename(folder / "conclusions.md")
    report = ys.report(place)
    assert any(item.place.endswith("2025/conclusions.md") for item in kinds(report, "text_missing"))
    assert [item.place for item in kinds(report, "text_stray")] == ["params/reports/self_assessment/conclusions.md"]


def test_a_number_typed_by_hand_is_flagged_with_its_line(place):
    ys.write(
        place.root, "staff.md",
        "Приказ № 77 от 12.03.2025, п. 4, 5–9 классы, 2025/2026 учебный год, 1 сентября.\n\nВыросла на 37,4 %.\n",
    )  # fmt: skip
    report = ys.report(place)
    (told,) = kinds(report, "own_number")
    assert told.place == "params/reports/self_assessment/staff.md, строка 3"
    assert "37,4" in told.message
    assert verdict.is_draft(report.remarks)


def test_a_number_that_a_table_holds_is_no_news(place):
    ys.write(place.root, "staff.md", "В библиотеке 12,5 экземпляра на учащегося.")
    assert not kinds(ys.report(place), "own_number")


def test_a_line_without_a_value_makes_a_draft(place):
    figures = {code: value for code, value in ys.FIGURES.items() if code != "2.3"}
    from soko.self_assessment.document import SelfAssessment

    report = SelfAssessment(ys.data_of(place, ys.rows(figures)), place.root / "out")
    assert [item.place for item in kinds(report, "line_missing")] == ["2.3"]


CONFIRM = """
years:
  2025:
{}
"""


def test_what_did_not_change_waits_for_whoever_answers_for_it(place):
    before = ys.FIGURES | {"1.2": (9, None)}
    report = ys.report(place, before=before)
    waiting = list(verdict.open_remarks(report.remarks, "draft"))
    assert {item.what for item in waiting} >= {"1.1", "1.25", "2.6"}
    assert not {"1.2", "1.20", "2.3"} & {item.what for item in waiting}, "changed; zero; «да»"
    assert any("блок «кадры»" in item.message for item in report.remarks)
    lines = [
        f'    - {{what: "{item.what}", value: "{plain(item.value)}", by: Завхоз, date: 2026-02-01}}' for item in waiting
    ]
    ys.write(place.root, "confirmed.yaml", CONFIRM.format("\n".join(lines)))
    report = ys.report(place, before=before)
    assert not verdict.is_draft(report.remarks)
    annex = next(b for b in report.annexes() if isinstance(b, Table) and b.label == "confirmed")
    assert any("Завхоз, 01.02.2026" in plain(row.cells[2]) for row in annex.rows)
    # Another value: the confirmation is void, and is told to be so.
    report = ys.report(place, {"2.6": (100, 20)}, before={**before, "2.6": (100, 20)})
    assert [item.what for item in verdict.open_remarks(report.remarks, "draft")] == ["2.6"]
    assert any("2.6" in item.message for item in kinds(report, "idle_confirmation"))


def test_last_years_printed_table_goes_before_recomputed_figures(place):
    ys.write(place.root, "published/2024.csv", "Код;Значение\n1.1.;20 человек\n1.25;3/75%\n2.6;4,9\n")
    report = ys.report(place, before=ys.BEFORE)
    assert {item.what for item in kinds(report, "unchanged")} == {"1.1", "1.25"}
    ys.write(place.root, "published/2024.csv", "a;b\n1.1;20\n")
    with pytest.raises(DataError, match="Код"):
        ys.report(place).title()


def test_tables_of_last_years_publication_are_recognised(place):
    """What a publication leaves behind is what the next one is held against: equal tables and lines are named."""
    tables = [block for block in ys.report(place).general() if isinstance(block, Table)]
    long = tables[0].model_copy(update={"label": "long", "rows": [*tables[0].rows] * 3})
    folder = place.root / "outputs" / "2024" / "reports"
    folder.mkdir(parents=True)
    left = carried.left({"1.1": "20 человек", "1.24": "5 человек"}, [long])
    (folder / "carried.json").write_text(json.dumps(left), encoding="utf-8")
    report = ys.report(place)
    assert [item.what for item in kinds(report, "unchanged")] == ["1.1"]
    judged = [item for item in report.judged([long]) if item.what.startswith("table:")]
    assert [item.what for item in judged] == ["table:long"]
    assert verdict.is_draft(judged)
    other = long.model_copy(update={"rows": long.rows[1:]})
    assert not [item for item in report.judged([other]) if item.what.startswith("table:")]


def test_conclusions_of_a_year_ago_are_recognised(place):
    words = "За год школа выполнила программы, повысила качество и провела ремонт кабинетов физики и химии. "
    ys.write(place.root, "2025/conclusions.md", words + "Всего {order1324.1_1 | people}.")
    ys.write(place.root, "2024/conclusions.md", words + "Всего {order1324.1_1} человек.")
    (told,) = kinds(ys.report(place), "unchanged")
    assert told.what == "text:conclusions"
    assert told.holds == "draft"
    ys.write(
        place.root, "2025/conclusions.md", "Совсем другой год: открыт музей, создан технопарк, принят новый устав."
    )
    assert not kinds(ys.report(place), "unchanged")


def test_a_doubtful_combination_can_be_confirmed(place):
    changed = {"1.30.2": (3, 4), "1.30": (4, 4), "1.31": (0, 4), "1.32": (0, 4)}
    report = ys.report(place, changed)
    (told,) = kinds(report, "doubt")
    assert told.what == "experience_over_age:1.30.2+1.32"
    assert told.holds == "draft"
    line = f'    - {{what: "{told.what}", value: "{plain(told.value)}", by: Кадровик, date: 2026-02-01}}'
    ys.write(place.root, "confirmed.yaml", CONFIRM.format(line))
    assert not verdict.is_draft(ys.report(place, changed).remarks)


# --- what is refused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "codes", "words"),
    [
        ({"1.2": (9, None)}, "1.2, 1.3, 1.4, 1.1", "1.2 + 1.3 + 1.4 (9 + 9 + 3 = 21) должно быть равно 1.1 (20)"),
        ({"1.29": (3, 4)}, "1.29.1, 1.29.2, 1.29", "1.29.1 + 1.29.2 (1 + 1 = 2) должно быть равно 1.29 (3)"),
        ({"1.28": (2, 4)}, "1.28, 1.27", "1.28 (2) не может быть больше, чем 1.27 (1)"),
        ({"1.25": (3, 3)}, "1.25, 1.24", "доля посчитана от 3, а в строке 1.24 на ту же дату – 4"),
        ({"1.18": (21, 20)}, "1.18", "21 – больше, чем всего"),
        ({"2.4": (0, 1)}, "2.4", "в строке 2.4.1 – «да», а в общей строке 2.4 – «нет»"),
        ({"1.16": (1, 5)}, "1.10, 1.11, 1.14, 1.16", "выпускники 9 класса – 4, 5"),
        ({"1.8": (260, 2)}, "1.8", "130, а может быть от 0 до 100"),
        ({"1.7": (60, 4)}, "1.6, 1.7", "в разных шкалах"),
    ],
)
def test_lines_that_contradict_each_other_stop_the_report(place, changed, codes, words):
    with pytest.raises(DataError) as caught:
        ys.report(place, changed)
    assert words in plain(str(caught.value))
    assert set(codes.split(", ")) <= set(caught.value.where.split(", "))


def test_numbers_of_different_days_need_not_agree(place):
    """Profile classes counted in May beside the contingent of December: told as a doubt, not refused."""
    place_of = {"rule": "at_end", "table": "facts", "title": "Сведения"}
    ys.sources(
        place.root / "out",
        place_of | {"indicator": "order1324.1_21", "as_of": "2025-05-26"},
        place_of | {"indicator": "order1324.1_4", "as_of": "2025-12-30"},
    )
    (told,) = kinds(ys.report(place, {"1.21": (5, 20)}), "doubt")
    assert "разное время" in told.message
    assert "26.05.2025" in told.message
    ys.sources(place.root / "out")
    with pytest.raises(DataError, match=r"1\.21"):
        ys.report(place, {"1.21": (5, 20)})


def test_a_text_says_on_what_day_its_figure_is_taken(place):
    """Shares of May beside the contingent of December do not agree; the reader has to know why."""
    ys.write(
        place.root,
        "education.md",
        "Профиль: {order1324.1_21 | both} ({order1324.1_21 | date}), {order1324.1_1 | date}.",
    )
    of_facts = {"rule": "at_end", "table": "facts", "title": "Сведения", "as_of": "2025-05-26"}
    ys.sources(place.root / "out", of_facts | {"indicator": "order1324.1_21"})
    said = [plain(block.markdown) for block in parts(ys.report(place)) if isinstance(block, Prose)]
    [text] = [one for one in said if "Профиль: " in one]
    assert "(на 26.05.2025), на 31.12.2025." in text


def test_without_an_order_there_is_no_self_assessment(place):
    ys.write(place.root, "school.yaml", ys.DECIDED.replace("ordered:", "#"))
    with pytest.raises(DataError, match="не утверждено") as caught:
        ys.report(place)
    assert "school.yaml" in caught.value.where
    assert "ordered" in caught.value.todo


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{outcomes.qualiti}", "outcomes.quality"),
        ("{fact.shift}", "shifts"),
        ("{outcomes.quality | peple}", "people"),
        ("{order1324.1_1 | of}", "число, а не доля"),
        ("{outcomes.quality[levl=НОО]}", "level"),
        ("{outcomes quality}", "не читается"),
    ],
)
def test_a_reference_to_nothing_is_refused_with_its_line(place, text, words):
    ys.write(place.root, "staff.md", f"Первая строка.\n\nИ {text}.")
    with pytest.raises(ConfigError) as caught:
        ys.report(place).title()
    assert words in str(caught.value)
    assert caught.value.where == "params/reports/self_assessment/staff.md, строка 3"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("staff, methodical, library, material]\n    closing", "staff, methodical, library]\n    closing", "material"),
        ("covers: [library]", "covers: [librari]", "library"),
        ("model: a", "model: c", "модели «c» нет"),
    ],
)
def test_settings_that_name_what_is_not_there(place, old, new, words):
    path = place.params / "reports" / "self_assessment.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=words):
        ys.report(place).analytical()


@pytest.mark.parametrize(
    ("reuse", "words"),
    [
        ({"note": "graduates", "sections": ["after_8"]}, "after_9"),
        ({"note": "gradates", "sections": ["x"]}, "graduates"),
    ],
)
def test_a_section_of_a_note_that_does_not_exist(place, reuse, words):
    from soko.self_assessment.reused import Notes
    from soko.self_assessment.settings import Reuse

    with pytest.raises(ConfigError, match=words):
        Notes(ys.report(place).data, "internal").blocks(Reuse(**reuse))


def test_decisions_must_follow_each_other(place):
    ys.write(place.root, "school.yaml", ys.DECIDED.replace("2026-04-01", "2026-03-01"))
    with pytest.raises(ConfigError, match="раньше"):
        ys.report(place)


def test_a_late_approval_is_told_and_the_deadline_is_dated(place):
    ys.write(place.root, "school.yaml", ys.DECIDED.replace("2026-04-01", "2026-04-27"))
    (told,) = kinds(ys.report(place), "late")
    assert "позже срока 20.04.2026" in told.message
    files = Files(place)
    assert files.due(2025).isoformat() == "2026-04-20"
    assert files.due(2015).isoformat() == "2016-09-01"


def test_the_demo_has_one_text_still_to_be_written():
    from soko.self_assessment.texts import stray, to_write

    files = Files(Workspace.open(ROOT))
    assert [text.name for _, text in to_write(files, 2025)] == ["prospects"]
    assert not stray(files, 2025)
    assert Path(files.folder / "school.yaml").is_file()


def test_a_section_says_on_what_day_its_figures_were_taken():
    """485 pupils at the end of the year beside 488 of May: without the day the reader takes one for a mistake."""
    may = {"date_from": "", "date_to": "", "rule": "at_end", "as_of": "2025-05-26", "table": "activities"}
    span = may | {"date_from": "2025-01-01", "date_to": "2025-12-31"}
    assert day_of([may]) == "на 26.05.2025"
    assert (day_of([span]), day_of([])) == ("", "")

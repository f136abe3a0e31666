"""A figure that a release hides is found wherever a file tells it with its group and indicator, and nowhere else."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest
from conftest import ROOT
from planted_files import page, parquet, pdf
from schools_by_chance import tidy

from soko.disclosure import (
    coincidences,
    hidden_facts,
    hidden_records,
    hidden_search,
    hidden_words,
    leaks,
    outgoing,
    register,
    release,
    searched,
)
from soko.disclosure.hidden_search import Searcher
from soko.disclosure.needles import PHRASE
from soko.disclosure.opened import pieces
from soko.disclosure.texts import Piece
from soko.errors import DataError, UsageError
from soko.indicators import history, load_catalogue
from soko.intake.private import private_key
from soko.periods import Period
from soko.run import manifest
from soko.workspace import Workspace

Q3, Q4 = Period.parse("2025-2026/q3"), Period.parse("2025-2026/q4")
CLASSES = {"5А": (5, 25), "5Б": (5, 6), "6А": (6, 24), "6Б": (6, 25)}
#: 5Б is a group of six, 4 of whom (66,7 %) have «4» and «5»; 6Б is shown with 36,0 %.
PUPILS = {
    "5А": ["good"] * 11 + ["three"] * 14,
    "5Б": ["good"] * 4 + ["three"] * 2,
    "6А": ["good"] * 10 + ["three"] * 12 + ["failing"] * 2,
    "6Б": ["good"] * 9 + ["three"] * 16,
}
ENTRIES = {"5А": 12, "5Б": 2, "6А": 14, "6Б": 3}


def _school(folder: Path) -> Workspace:
    for name in ("params", "validation"):
        shutil.copytree(ROOT / name, folder / name)
    place = Workspace.open(folder)
    for period in (Q3, Q4):
        frame = tidy(period.id, CLASSES, PUPILS, ENTRIES)
        history.update(place, period, frame, load_catalogue(place, bind=False))
    release.prepare(place, Q4, place.outputs(Q4))
    return place


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return _school(tmp_path_factory.mktemp("hidden") / "school")


@pytest.fixture(scope="module")
def searcher(place: Workspace) -> Searcher:
    found = hidden_search.searcher(place)
    assert found is not None
    return found


def tells(searcher: Searcher, content: bytes) -> bool:
    return bool(list(searcher.places(content, list(pieces(content)))))


def rows(value: str, group: str = "5Б", head: str = "Качество знаний, %") -> list[list[str]]:
    """A table of classes as a note prints it."""
    return [["Класс", "В базе", head], ["6Б", "25", "36,0"], [group, "< 10", value]]


def as_html(table: list[list[str]], caption: str = "Таблица 5 – Итоги по классам") -> bytes:
    head, *body = table
    lines = ["<tr>" + "".join(f"<th>{cell}</th>" for cell in head) + "</tr>"]
    lines += [f"<tr><th>{row[0]}</th>" + "".join(f"<td>{cell}</td>" for cell in row[1:]) + "</tr>" for row in body]
    return page(f"<table><caption>{caption}</caption>{''.join(lines)}</table>")


def as_word(table: list[list[str]]) -> bytes:
    document = docx.Document()
    document.add_paragraph("Таблица 5 – Итоги по классам")
    made = document.add_table(rows=len(table), cols=len(table[0]))
    for at, row in enumerate(table):
        for number, text in enumerate(row):
            made.cell(at, number).text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_book(table: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Показатели: 4 четверть 2025/2026 учебного года"])
    for row in table:
        sheet.append([float(cell.replace(",", ".")) if cell.replace(",", "").isdigit() else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_csv(table: list[list[str]]) -> bytes:
    """The tidy table, long: one row an indicator and a group."""
    lines = ["indicator;period;class;numerator;denominator;value"]
    lines += [f"outcomes.quality;2025-2026/q4;{row[0]};;;{row[2]}" for row in table[1:]]
    return "\n".join(lines).encode("utf-8-sig")


def as_json(table: list[list[str]]) -> bytes:
    records = [
        {"indicator": "outcomes.quality", "class": row[0], "value": float(row[2].replace(",", "."))}
        for row in table[1:] if row[2].replace(",", "").isdigit()
    ]  # fmt: skip
    return json.dumps({"rows": records}, ensure_ascii=False).encode()


def as_parquet(table: list[list[str]]) -> bytes:
    known = [row for row in table[1:] if row[2].replace(",", "").isdigit()]
    return parquet(
        pd.DataFrame({
            "indicator": ["outcomes.quality"] * len(known),
            "class": [row[0] for row in known],
            "value": [float(row[2].replace(",", ".")) for row in known],
        })
    )  # fmt: skip


def as_pdf(table: list[list[str]]) -> bytes:
    cells = ", ".join(f"[{cell}]" for row in table for cell in row)
    return pdf(f"Таблица 5 – Итоги по классам\n#table(columns: 3, {cells})".replace("<", "\\<"))


def as_index(table: list[list[str]]) -> bytes:
    """The search's index within a page: prose in JSON in a script."""
    said = f"Качество знаний в {table[2][0]} классе – {table[2][2]} %."
    return page(f'<script type="application/json">{json.dumps({"sections": [["a", said]]})}</script>')


KINDS: dict[str, Callable[[list[list[str]]], bytes]] = {
    "html": as_html, "docx": as_word, "xlsx": as_book, "csv": as_csv, "json": as_json, "parquet": as_parquet,
    "pdf": as_pdf, "index": as_index,
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_hidden_figure_in_a_table_is_found(kind: str, searcher: Searcher) -> None:
    assert tells(searcher, KINDS[kind](rows("66,7")))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", ["скр", "36,0", "66,8"])
def test_the_same_table_without_it_is_clean(kind: str, value: str, searcher: Searcher) -> None:
    assert not tells(searcher, KINDS[kind](rows(value)))


@pytest.mark.parametrize(
    "text",
    [
        "В 5Б классе качество знаний 66,7 %.", "Качество знаний в 5 «Б» классе составило 66,7\u00a0%.",
        "Качество знаний: 6Б – 36,0 %, 5Б – 66,7 %.", "Качеством знаний порадовал 5Б: 4 из 6.",
        "В 5Б классе качество знаний показали четверо.", "Качество знаний в 5Б классе – у 4 обучающихся.",
        "За 4-ю четверть 2025/2026 учебного года качество знаний в 5Б – 67 %.",
        "Качество знаний в 5Б – 66,67 %.",
    ],
)  # fmt: skip
def test_a_hidden_figure_in_a_sentence_is_found(text: str, searcher: Searcher) -> None:
    assert tells(searcher, page(f"<p>{text}</p>"))


@pytest.mark.parametrize(
    "text",
    [
        "Качество знаний – 66,7 %.", "В 5Б классе 66,7 % уроков провёл один учитель.",
        "В 6Б классе качество знаний 66,7 %.", "Качество знаний в 5Б в 2023/2024 учебном году – 66,7 %.",
        "Качество знаний: 6Б – 36,0 %, 5Б – данные не публикуются.", "Качество знаний в 5Б: < 5.",
        "Приказ № 66,7 о качестве знаний в 5Б классе.", "В 5Б классе качество знаний изменилось: +66,7 %.",
        "Цель по качеству знаний в 5Б классе (66,7 %) не достигнута.",
        "В 5Б классе качество знаний (outcomes.success) – 66,7 %.",
    ],
)  # fmt: skip
def test_a_number_without_its_group_indicator_or_period_is_none(text: str, searcher: Searcher) -> None:
    assert not tells(searcher, page(f"<p>{text}</p>"))


def test_what_the_release_shows_is_no_leak(place: Workspace, searcher: Searcher) -> None:
    """Every shown row printed as the public tables print it, beside hidden ones that print the same."""
    public = (place.outputs(Q4) / "public" / "indicators.csv").read_bytes()
    assert b"few" in public
    assert not tells(searcher, public)


def test_every_hidden_cell_is_found_when_the_public_table_tells_it(place: Workspace, searcher: Searcher) -> None:
    """The whole register against itself: each hidden row of the release, with its true count put back."""
    masked = pd.read_parquet(place.outputs(Q4) / "public" / "indicators.parquet")
    truth = pd.concat([history.load(place, period) for period in (Q3, Q4)])
    keys = ["school_id", "period", "indicator", "level", "grade", "class", "subject", "sex", "teacher", "item"]
    truth = truth.assign(grade=truth["grade"].astype("float64"))
    masked = masked.assign(grade=masked["grade"].astype("float64"))
    joined = masked.merge(truth, on=keys, how="left", suffixes=("", "_true"))
    hidden = joined[joined["hidden"] != ""]
    assert len(hidden) > 5
    missed = []
    for _, row in hidden.iterrows():
        told = row[keys].to_dict() | {"value": row["value_true"]}
        frame = pd.DataFrame([told]).astype({"grade": "Int64"})
        text = frame.to_csv(index=False, sep=";", decimal=",").encode("utf-8-sig")
        if not tells(searcher, text):
            missed.append((row["indicator"], row["class"], row["grade"], row["level"], row["period"]))
    # a hidden figure may print as a shown one of the same words does (a year-old and a new one); few do
    assert len(missed) <= len(hidden) // 10, missed


def test_the_folder_is_refused_and_nothing_is_repeated(place: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(as_html(rows("66,7")))
    (tmp_path / "b.html").write_bytes(as_html(rows("скр")))
    looked = outgoing.look(place, tmp_path)
    assert {(leak.file, leak.kind) for leak in looked.found} == {("a.html", PHRASE)}
    assert "66,7" not in repr(looked.found)
    assert looked.cells > 0


def test_a_pdf_is_judged_where_somebody_else_made_it(tmp_path: Path) -> None:
    """One of the program says what its HTML says; a line of a page, without columns, is but a guess."""
    place = _school(tmp_path / "school")
    content = as_pdf([["Класс", "В базе", "Качество знаний, %"], ["6Б", "25", "36,0"], ["5Б", "6", "66,7"]])
    site, out = tmp_path / "site", place.outputs(Q4)
    site.mkdir()
    (site / "note.pdf").write_bytes(content)
    entry = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}

    def found(outputs: dict[str, dict[str, object]]) -> list[str]:
        (out / manifest.NAME).write_text(json.dumps({"outputs": outputs}), encoding="utf-8")
        return [leak.kind for leak in outgoing.look(place, site).found]

    assert found({}) == [PHRASE]
    assert found({"notes/note.pdf": entry}) == [PHRASE]  # the internal edition has what the public one hides
    assert found({"public/note.pdf": entry}) == []
    (place.private / searched.NAME).unlink()  # these very bytes were found clean
    (out / manifest.NAME).write_text("{", encoding="utf-8")
    assert [leak.kind for leak in outgoing.look(place, site).found] == [PHRASE]


def test_what_a_release_hid_is_looked_for_after_the_data_were_corrected(tmp_path: Path) -> None:
    """The count of then is recalled from its signature: data/history has another one by now."""
    place = _school(tmp_path / "school")
    out = place.outputs(Q4)
    register.record(place, Q4, out, to="сайт", published={"index.html": "00"}, confirmed_by="Директор")
    shutil.rmtree(out / register.FOLDER)
    corrected = {**PUPILS, "5Б": ["good"] * 5 + ["three"]}
    history.update(place, Q4, tidy(Q4.id, CLASSES, corrected, ENTRIES), load_catalogue(place, bind=False))
    searcher = hidden_search.searcher(place)
    assert searcher is not None
    assert tells(searcher, as_html(rows("66,7")))
    assert searcher.facts.unknown == 0


def test_a_row_of_a_page_with_its_base_before_it_is_found(searcher: Searcher) -> None:
    table = [["Класс", "В базе", "Качество знаний, %"], ["6Б", "25", "36,0"], ["5Б", "6", "66,7"]]
    assert tells(searcher, as_pdf(table))


def test_no_count_is_written_with_a_comma_on_a_page(searcher: Searcher) -> None:
    """Four of «5Б» are hidden: «4.0» of a data file is their count, «4,0» in a line of a page is a share or a mean."""
    assert not tells(searcher, as_pdf([["Класс", "В базе", "Качество знаний, %"], ["5Б", "6", "4,0"]]))
    assert tells(searcher, b"indicator;class;value\noutcomes.quality;5\xd0\x91;4.0")


def test_a_year_in_a_column_of_periods_is_the_period(searcher: Searcher) -> None:
    """What is hidden of this year is no figure of another year, whose row says so by its number alone."""
    words = searcher.words
    assert words.periods("2025 | 66,7") == set()  # no calendar year is released here
    yearly = replace(words, releases=frozenset({Period.parse("2025")}))
    assert yearly.periods("2024 | в 5Б классе") == {Period.parse("2024")}
    assert yearly.periods("2024 обучающихся") == set()


@pytest.mark.parametrize(
    ("text", "named"),
    [("в 5К1 классе", "5К1"), ("10М-1", "10М1"), ("9«ФМ»", "9ФМ"), ("5К", ""), ("11 ВПР", ""), ("7А 12", "7А"),
     ("в 7-1 классе", "7-1"), (hidden_words.plain("7\u20111 | 42,0"), "7-1"), ("01-07-1", ""), ("7–1", ""),
     ("1-4 классы", ""), ("в 1-4 классе", "1-4")],
)  # fmt: skip
def test_names_of_classes_of_more_than_one_letter(searcher: Searcher, text: str, named: str) -> None:
    words = replace(searcher.words, classes=frozenset({"5К1", "10М1", "9ФМ", "7А", "7-1", "1-4"}))
    assert [name for _, kind, name in words.groups(text) if kind == "class"] == ([named] if named else [])


def test_a_label_of_one_word_is_meant_by_that_word() -> None:
    """«Работают» (where graduates are) is not meant by «работы», nor by «работников»."""
    [pattern] = hidden_words.stems("Работают")
    assert pattern.search("работают в городе")
    assert not pattern.search("работы и работников")
    assert len(hidden_words.stems("Качество знаний")) == 2


def test_a_figure_that_is_hidden_now_is_looked_for_where_nobody_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With each release more is hidden: files are read for it anew, and not again for people whom they do not name."""
    place = _school(tmp_path / "school")
    private_key(place)
    site = tmp_path / "site"
    site.mkdir()
    (site / "a.html").write_bytes(as_html(rows("66,7")))
    known = hidden_search.searcher
    monkeypatch.setattr(hidden_search, "searcher", lambda _place: None)
    assert outgoing.look(place, site).found == []
    monkeypatch.setattr(hidden_search, "searcher", known)
    monkeypatch.setattr(leaks, "inside", lambda *_: pytest.fail("read for people again"))
    assert [leak.kind for leak in outgoing.look(place, site).found] == [PHRASE]
    assert [leak.kind for leak in outgoing.look(place, site).found] == [PHRASE], "never remembered as clean"


def test_what_only_coincides_is_confirmed_by_its_code(tmp_path: Path) -> None:
    """One code for the page and the Word file; it holds for this text and this hidden figure, and for no other."""
    place = _school(tmp_path / "school")
    site = tmp_path / "site"
    site.mkdir()

    def found() -> set[str]:
        told = [leak for leak in outgoing.look(place, site).found if leak.kind == PHRASE]  # Word tells its author too
        return {leak.where.partition(f", {coincidences.CODE} ")[2] for leak in told}

    (site / "a.html").write_bytes(as_html(rows("66,7")))
    (site / "a.docx").write_bytes(as_word(rows("66,7")))
    [code] = found()
    coincidences.confirm(place, [f" {code.upper()} "], "Директор Громова Е.С.", date(2026, 6, 1))
    assert found() == set()
    kept = json.loads((place.releases / coincidences.NAME).read_text(encoding="utf-8"))
    assert kept == {code: {"confirmed_by": "Директор Громова Е.С.", "on": "2026-06-01"}}
    (site / "a.html").write_bytes(as_html(rows("66,67")))
    [other] = found()
    assert other != code
    with pytest.raises(UsageError, match="не код совпадения"):
        coincidences.confirm(place, [other, "66,7"], "Директор", date(2026, 6, 1))
    assert len(coincidences.known(place)) == 1
    (place.releases / coincidences.NAME).write_text("[", encoding="utf-8")
    with pytest.raises(DataError, match="не читается"):
        outgoing.look(place, site)


def test_now_is_the_period_of_the_document(searcher: Searcher) -> None:
    """«Стало» beside «Было» under a heading that names the year compared with."""
    assert Period.parse("2024-2025/q4") in searcher.words.periods("Было")
    assert searcher.words.periods("Стало") == {Q4}


def test_a_numeral_of_a_label_is_meant(searcher: Searcher) -> None:
    """«В специальных группах 13 обучающихся» is no figure of «IV группа», nor «от 70 баллов» of «от 81 балла»."""

    def meant(label: str, text: str) -> bool:
        found = hidden_words.stems(label)
        return bool(found) and all(word.search(text) for word in found)

    assert meant("IV группа", "iv группа здоровья")
    assert not meant("IV группа", "в специальных группах")
    assert not meant("IV группа", "iii группа")
    assert meant("От 81 балла", "от 81 балла")
    assert not meant("От 81 балла", "от 70 баллов")
    assert meant("Аттестат, 9 класс", "аттестаты девятиклассников")  # a parallel is a group and is asked for elsewhere
    assert hidden_words.stems("«5»") == ()


def test_a_label_broken_over_lines_of_a_page_is_one(searcher: Searcher) -> None:
    """The group of a row is not that of the row above it, whose figures are hidden."""
    table = [
        ["Класс", "В базе", "Качество знаний, %"],
        ["5Б", "6", "скр"],
        ["6Б и другие сведения о нём", "25", "66,7"],
    ]
    cells = ", ".join(f"[{cell}]" for row in table for cell in row)
    narrow = pdf(f"Таблица 5 – Итоги по классам\n#table(columns: (2.2cm, 2cm, 5cm), {cells})")
    assert not tells(searcher, narrow)
    broken = pdf(f"Таблица 5 – Итоги\n#table(columns: (2.2cm, 2cm, 5cm), {cells.replace('6Б', '5Б')})")
    assert tells(searcher, broken)


def test_a_line_of_a_page_full_of_numbers_is_prose_where_a_sentence_ends_in_it() -> None:
    """Cut out as a row of a table it would leave the next line without its subject."""
    line = "III – 23,4 %. Отклонения в здоровье имеют 129 из 491 (26,3 %). В специальных физкультурных"
    page_of = Piece(f"I группа – 20,8 % (102),\n{line}\nгруппах 13 обучающихся.", "стр. 1")
    said = [one.text for one in hidden_records._page(page_of) if not one.cell]
    assert "В специальных физкультурных группах 13 обучающихся." in said


def test_a_long_row_of_digits_is_read_in_no_time(searcher: Searcher) -> None:
    digits = "12 " * 20_000
    assert not tells(searcher, as_html(rows(f"{'1' * 5_000}x")))
    assert not tells(searcher, page(f"<p>Качество знаний в 5Б: {digits}х.</p>"))
    assert not tells(searcher, as_csv(rows(digits)))


def test_a_workspace_without_a_release_has_nothing_to_hide(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "params", tmp_path / "params")
    assert hidden_search.searcher(Workspace.open(tmp_path)) is None


def test_facts_do_not_show_what_they_hold(searcher: Searcher, place: Workspace) -> None:
    assert "66" not in repr(searcher.facts)
    assert private_key(place).hex() not in repr(searcher.facts)
    assert hidden_facts.printed(200 / 3) >= {"67", "66.7", "66.67", "66.66666666666667"}

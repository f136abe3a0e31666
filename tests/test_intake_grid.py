"""Files of every kind as one grid: signatures, encodings, quotes, limits, what workbooks hide."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from intake_school import PUPILS, ROOT, write_book, write_list
from openpyxl import Workbook

from soko.intake.config import Sources
from soko.intake.grid import read_grid
from soko.intake.model import CELL_ERROR, NO_CACHE, FileProblemError
from soko.intake.textfile import decode, read_csv
from soko.yamlio import load

SOURCES = load(ROOT / "params" / "sources.yaml", Sources)
SPECTRUM = ROOT.parent / "shared" / "data" / "dirty" / "csv_spectrum"
MOSCOW = ROOT.parent / "shared" / "data" / "ru_moscow_open_data"
# The fixture's own file and its expectation differ in one digit block; everything else of it is compared.
PHONE = {"location_coordinates": "Contact Phone Number"}


def problem(path: Path) -> str:
    with pytest.raises(FileProblemError) as caught:
        read_grid(path, SOURCES)
    assert caught.value.todo
    return caught.value.rule


@pytest.mark.parametrize("path", sorted(SPECTRUM.glob("*.csv")), ids=lambda path: path.stem)
def test_csv_spectrum(path: Path) -> None:
    rows = read_grid(path, SOURCES).sheets[0].rows
    got = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    expected = json.loads((SPECTRUM / "expected_json" / f"{path.stem}.json").read_text(encoding="utf-8"))
    expected = expected if isinstance(expected, list) else [expected]
    for row in [*got, *expected]:
        row.pop(PHONE.get(path.stem, ""), None)
    assert got == expected


@pytest.mark.skipif(not MOSCOW.is_dir(), reason="no ../shared folder with real data here")
def test_official_csv_keeps_every_row() -> None:
    sheet = read_grid(MOSCOW / "data-20130909T0800_schools.csv", SOURCES).sheets[0]
    assert len(sheet.rows) == 1231
    assert {len(row) for row in sheet.rows} == {16}
    assert any('"' in row[1] for row in sheet.rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "cp866", "koi8-r", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encodings_and_delimiters(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [[cell.replace("№ ", "") for cell in row] for row in PUPILS]  # some old encodings have no «№»
    path = write_list(tmp_path / "list.csv", rows, encoding, delimiter)
    grid = read_grid(path, SOURCES)
    assert grid.sheets[0].rows == rows
    assert grid.delimiter == delimiter


@pytest.mark.parametrize(("right", "wrong"), [("utf-8", "cp1251"), ("cp1251", "latin-1"), ("cp1251", "cp866")])
def test_garbled_text_is_refused(tmp_path: Path, right: str, wrong: str) -> None:
    line = "\n".join(";".join(row) for row in PUPILS).replace("№ ", "").replace("И", "и")
    path = tmp_path / "list.csv"
    path.write_bytes(line.encode(right).decode(wrong, errors="replace").encode("utf-8"))
    assert problem(path) == "file_encoding"


def test_lost_letters_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(
        "\n".join(";".join(row) for row in PUPILS).encode("cp1251").decode("utf-8", errors="replace").encode("utf-8")
    )
    assert problem(path) == "file_encoding"


def test_an_unclosed_quote_does_not_swallow_rows(tmp_path: Path) -> None:
    rows = [["ФИО", "Класс"], ['"Иванов Иван', "5А"], *[[f"Петров {i}", "5А"] for i in range(100)]]
    path = tmp_path / "list.csv"
    path.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
    grid = read_grid(path, SOURCES)
    assert len(grid.sheets[0].rows) == 102
    assert grid.notes


def test_excels_own_separator_line(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("sep=;\na,b;c\n1;2\n", encoding="utf-8")
    assert read_grid(path, SOURCES).sheets[0].rows == [["a,b", "c"], ["1", "2"]]


CELL = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=12)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=2, max_size=8), st.sampled_from([";", ",", "\t"]))
def test_what_csv_writes_is_read_back(rows: list[list[str]], delimiter: str) -> None:
    rows = [["ФИО", "Класс", "Пол"], *rows]
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    assert read_csv(buffer.getvalue(), "utf-8", SOURCES.text, SOURCES.limits).sheets[0].rows == rows


@given(st.binary(max_size=300))
def test_any_bytes_decode_or_are_refused(content: bytes) -> None:
    try:
        decoded, encoding = decode(content, SOURCES.text)
    except FileProblemError:
        return
    assert isinstance(decoded, str)
    assert encoding


@given(
    st.binary(min_size=1, max_size=400),
    st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<table>"]),
)
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes, head: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.bin"
    path.write_bytes(head + content)
    try:
        read_grid(path, SOURCES)
    except FileProblemError:
        return


def test_html_under_the_name_of_xls(tmp_path: Path) -> None:
    path = tmp_path / "journal.xls"
    page = (
        '<html><head><meta charset="windows-1251"><style>td{}</style></head><body><p>Класс: 8А</p>'
        "<table><tr><td rowspan=2>Предмет</td><td colspan='2'>Май</td></tr><tr><td>1</td><td>2</td></tr>"
        "<tr><td>Алгебра</td><td>5&nbsp;4</td><td></td></tr></table>Легенда<br>Н – нет</body></html>"
    )
    path.write_bytes(page.encode("cp1251"))
    grid = read_grid(path, SOURCES)
    sheet = grid.sheets[0]
    assert grid.kind == "html"
    assert sheet.rows == [
        ["Класс: 8А"],
        ["Предмет", "Май"],
        ["", "1", "2"],
        ["Алгебра", "5 4", ""],
        ["Легенда"],
        ["Н – нет"],
    ]
    assert sheet.merged == [(1, 0, 2, 0), (1, 1, 1, 2)]


def test_the_extension_is_not_believed(tmp_path: Path) -> None:
    book = write_book(tmp_path / "a.xlsx", {"Лист": PUPILS})
    wrong = tmp_path / "a.csv"
    wrong.write_bytes(book.read_bytes())
    assert read_grid(wrong, SOURCES).kind == "xlsx"
    text = tmp_path / "b.xlsx"
    write_list(text, PUPILS, "cp1251")
    assert read_grid(text, SOURCES).kind == "csv"


def test_hidden_things_are_read_and_noted(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in PUPILS:
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    secret = book.create_sheet("Черновик")
    secret.append(["x"])
    secret.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    grid = read_grid(tmp_path / "a.xlsx", SOURCES)
    assert len(grid.sheets[0].rows) == len(PUPILS)
    assert {rule for rule, _ in grid.notes} == {"hidden_sheet", "hidden_rows"}


def test_cells_without_a_value_are_known(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["a", "=1+1", 3])
    cell = sheet.cell(2, 3)
    cell.value, cell.data_type = "#REF!", "e"
    book.save(tmp_path / "a.xlsx")
    assert read_grid(tmp_path / "a.xlsx", SOURCES).sheets[0].unread == {(0, 1): NO_CACHE, (1, 2): CELL_ERROR}


def test_password(tmp_path: Path) -> None:
    encrypted = ROOT / "tests" / "fixtures" / "encrypted.xlsx"
    for name in ("a.xlsx", "a.xls", "a.csv"):
        (tmp_path / name).write_bytes(encrypted.read_bytes())
        assert problem(tmp_path / name) == "file_password"


def test_a_cell_at_the_end_of_the_sheet_takes_no_memory(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].cell(1_048_576, 16_384).value = "x"
    book.save(tmp_path / "a.xlsx")
    assert problem(tmp_path / "a.xlsx") == "file_too_big"


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    limits = SOURCES.limits.model_copy(update={"unpacked_mb": 1})
    small = SOURCES.model_copy(update={"limits": limits})
    path = write_book(tmp_path / "a.xlsx", {"Лист": PUPILS})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/a.bin", b"\0" * (3 << 20))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(FileProblemError) as caught:
        read_grid(path, small)
    assert caught.value.rule == "file_too_big"


def test_an_ods_of_repeated_cells_is_refused(tmp_path: Path) -> None:
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet><table:table table:name='a'>"
        "<table:table-row table:number-rows-repeated='1000000'><table:table-cell table:number-columns-repeated='1000' "
        "office:value-type='string'><text:p>x</text:p></table:table-cell></table:table-row>"
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    assert problem(path) == "file_too_big"


@pytest.mark.parametrize(
    ("content", "rule"),
    [(b"", "file_empty"), (b"\n\n", "file_empty"), (b"%PDF-1.7\n", "file_kind"), (b"PK\x03\x04broken", "file_damaged"),
     (b"\x89PNG\r\n\x1a\n", "file_kind"), (b"abc\x00\x01\x02\xffdef" * 9, "file_kind")],
)  # fmt: skip
def test_no_table_at_all(tmp_path: Path, content: bytes, rule: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert problem(path) == rule


def test_a_truncated_workbook(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", {"Лист": PUPILS})
    path.write_bytes(path.read_bytes()[:-200])
    assert problem(path) == "file_damaged"

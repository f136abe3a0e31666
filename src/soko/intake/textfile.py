"""CSV and TSV: encoding, delimiter, quotes. Python's csv module; pandas' C parser swallows rows after a stray quote."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from typing import Literal

from charset_normalizer import from_bytes

from soko.intake.config import Limits, Text
from soko.intake.model import FileProblemError, Grid, Sheet
from soko.intake.ooxml import check_area, too_big
from soko.intake.words import plural

_BOMS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")
_SAVE = "откройте файл в исходной программе и сохраните как «CSV UTF-8 (разделители – запятые)» или xlsx"


def decode(content: bytes, rules: Text) -> tuple[str, str]:
    """Return (text, encoding). BOM, then UTF-8, UTF-16, then the one-byte encoding that looks most Russian."""
    for mark, name in _BOMS:
        if content.startswith(mark):
            return _strict(content, name), name
    try:
        decoded = content.decode("utf-8")
        if "\x00" not in decoded:
            _refuse_mojibake(decoded, rules)
            return decoded, "utf-8"
    except UnicodeDecodeError:
        pass
    if content[:2000].count(b"\x00") > len(content[:2000]) // 5:
        name = (
            "utf-16-le" if content[1:2000:2].count(b"\x00"[0]) >= content[0:2000:2].count(b"\x00"[0]) else "utf-16-be"
        )
        # Cyrillic in UTF-16 has 04 in its high byte, so zeros alone do not tell; a wrong guess fails or reads as noise.
        return _strict(content, name), name
    if b"\x00" in content:
        raise FileProblemError(
            "file_kind", "это не таблица и не текст (двоичный файл)", todo="положите сюда xlsx, xls, ods или csv"
        )
    return _one_byte(content, rules)


def _strict(content: bytes, name: str) -> str:
    try:
        return content.decode(name).lstrip("\ufeff")
    except (UnicodeDecodeError, UnicodeError):
        raise wrong_encoding("файл записан не в той кодировке, которую объявляет") from None


def wrong_encoding(what: str) -> FileProblemError:
    """The finding for a text whose letters are lost or garbled."""
    return FileProblemError("file_encoding", what, todo=_SAVE)


def _russian_score(line: str, common: str) -> float:
    """Share of the letters beyond ASCII that are common small Russian ones; capitals inside words count against."""
    letters = [char for char in line if ord(char) > 127]
    if not letters:
        return 0.0
    good = sum(char.lower() in common for char in letters)
    strange = sum(not (_CYRILLIC.match(char) or char in "«»№–—„“”\xa0…") for char in letters)
    inside = len(re.findall(r"[а-яё][А-ЯЁ]", line))
    return (good - 2 * strange - inside) / len(letters)


def _one_byte(content: bytes, rules: Text) -> tuple[str, str]:
    sample = content[: rules.sample_kb * 1024]
    scored = []
    for order, name in enumerate(rules.encodings):
        try:
            scored.append((_russian_score(sample.decode(name), rules.common_letters), -order, name))
        except UnicodeDecodeError:
            continue
    if scored:
        score, _, name = max(scored)
        if score > 0.3:
            return content.decode(name, errors="replace"), name
    best = from_bytes(sample).best()
    name = best.encoding if best is not None else "latin-1"
    try:
        return content.decode(name), name
    except (UnicodeDecodeError, LookupError):
        return content.decode("latin-1"), "latin-1"


def _refuse_mojibake(decoded: str, rules: Text) -> None:
    """Text that was read in a wrong encoding once and saved so: «РЎРїРёСЃРѕРє», «Ñïèñîê», «�����»."""
    sample = decoded[: rules.sample_kb * 1024]
    letters = sum(char.isalpha() and ord(char) > 127 for char in sample)
    lost = sample.count("\ufffd")
    if lost > 3 and lost > letters:
        raise wrong_encoding("русские буквы в файле потеряны: вместо них знаки «�», восстановить их нельзя")
    if letters < 4 or letters < 0.2 * sum(char.isalpha() for char in sample):
        return  # a Spanish ñ in an English table is no sign of anything
    own = _russian_score(sample, rules.common_letters)
    for wrong, right in (("cp1251", "utf-8"), ("latin-1", "cp1251"), ("cp1252", "cp1251"), ("cp866", "cp1251")):
        repaired = sample.encode(wrong, errors="ignore").decode(right, errors="ignore")
        if _CYRILLIC.search(repaired) and _russian_score(repaired, rules.common_letters) > max(own, 0.0) + 0.35:
            raise wrong_encoding("русские буквы в файле испорчены: он был открыт в неверной кодировке и сохранён")


def read_text(content: bytes, rules: Text, limits: Limits) -> Grid:
    """Read delimited text into one sheet named «CSV»."""
    decoded, encoding = decode(content, rules)
    return read_csv(decoded, encoding, rules, limits)


def read_csv(decoded: str, encoding: str, rules: Text, limits: Limits) -> Grid:
    """Read decoded text; the file keeps its own rows: one record is one row of the address."""
    if not decoded.strip("\ufeff \t\r\n\x1a;,"):
        raise FileProblemError("file_empty", "в файле нет данных", todo="выгрузите его заново или уберите из папки")
    grid = Grid("csv", [], encoding)
    delimiter = _declared(decoded) or _delimiter(decoded, rules)
    if first := _declared(decoded):
        delimiter = first
        decoded = decoded.split("\n", 1)[1] if "\n" in decoded else ""
    grid.delimiter = delimiter
    rows = _parse(decoded, delimiter, csv.QUOTE_MINIMAL, limits)
    if _swallowed(rows, rules):
        plain = _parse(decoded, delimiter, csv.QUOTE_NONE, limits)
        widths = Counter(len(row) for row in plain if row)
        if widths and widths.most_common(1)[0][1] >= 0.98 * sum(widths.values()):
            rows = [[cell[1:-1] if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell for cell in r] for r in plain]
            grid.notes.append(("csv_quotes", "кавычки в файле не закрыты; он прочитан без учёта кавычек"))
        else:
            raise FileProblemError(
                "csv_quotes",
                "в файле есть незакрытая кавычка: часть строк слилась в одну ячейку",
                todo="выгрузите таблицу в xlsx или исправьте кавычки и сохраните CSV заново",
            )
    grid.sheets.append(Sheet("CSV", rows))
    return grid


def _declared(decoded: str) -> str:
    """Excel's own first line «sep=;»."""
    match = re.match(r"sep=(.)\r?\n", decoded, re.IGNORECASE)
    return match[1] if match else ""


def _delimiter(decoded: str, rules: Text) -> str:
    """The delimiter that splits most of the first rows into the same number (over one) of columns."""
    sample = decoded[: rules.sample_kb * 1024]
    best, chosen = (0.0, 0), rules.delimiters[0]
    for delimiter in rules.delimiters:
        if delimiter not in sample:
            continue
        try:
            rows = [
                row for row, _ in zip(csv.reader(io.StringIO(sample), delimiter=delimiter), range(200), strict=False)
            ]
        except csv.Error:
            continue
        widths = Counter(len(row) for row in rows if any(cell.strip() for cell in row))
        wide = {width: count for width, count in widths.items() if width > 1}
        if wide:
            width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
            best, chosen = max(
                (best, chosen), ((count / sum(widths.values()), width), delimiter), key=lambda item: item[0]
            )
    return chosen


def _parse(decoded: str, delimiter: str, quoting: Literal[0, 3], limits: Limits) -> list[list[str]]:
    rows: list[list[str]] = []
    cells = 0
    # Counted before anything is parsed: one row of thirty million cells would be a list of that length.
    if decoded.count(delimiter) > limits.cells:
        raise too_big(f"в файле больше {plural(limits.cells, 'ячейки', 'ячеек', 'ячеек')}")
    # \x00 and a lone \r inside make csv.Error; a lone \r is an old Mac's line end.
    stream = io.StringIO(decoded.replace("\x00", ""), newline="")
    try:
        for row in csv.reader(stream, delimiter=delimiter, quoting=quoting):
            rows.append(row)
            cells += len(row)
            if len(rows) > limits.rows:
                raise too_big(f"в файле больше {plural(limits.rows, 'строки', 'строк', 'строк')}")
            if cells > limits.cells:
                raise too_big(f"в файле больше {plural(limits.cells, 'ячейки', 'ячеек', 'ячеек')}")
    except csv.Error:
        raise FileProblemError(
            "csv_quotes",
            "файл не разбирается на строки и столбцы: незакрытая кавычка или слишком длинная ячейка",
            todo="выгрузите таблицу в xlsx",
        ) from None
    check_area(len(rows), max((len(row) for row in rows), default=0), "CSV", limits)
    return rows


def _swallowed(rows: list[list[str]], rules: Text) -> bool:
    return any(cell.count("\n") > rules.max_lines_in_cell for row in rows for cell in row if "\n" in cell)

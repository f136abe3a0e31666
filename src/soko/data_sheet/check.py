"""What a receiver asks of a sheet: is it whole, does it keep its schema, do its parts add up to the school."""

from __future__ import annotations

import csv
import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from soko import russian
from soko.data_sheet import STEM
from soko.data_sheet.rows import COLUMNS, HIDDEN, SheetRow
from soko.data_sheet.total import balanced
from soko.errors import UsageError

_NUMBERS = ("numerator", "denominator")
_MOST = 20  # of one kind: what follows is told as a number
_FORMULA = ("'=", "'+", "'-", "'@")


def problems(path: Path) -> tuple[list[SheetRow], list[str]]:
    """The rows of a sheet and what is wrong with it, in Russian, each with its line; an empty list for a right one.

    ``path`` is the descriptor (.json) or the data (.csv) beside it. UsageError for a file that is no sheet.
    """
    described, data = _opened(path)
    found: list[str] = []
    resource = described["resources"][0]
    content = data.read_bytes()
    if resource.get("hash") != f"sha256:{hashlib.sha256(content).hexdigest()}":
        found.append(f"файл {data.name} изменён после составления: его контрольная сумма не та, что в описании")
    rows, wrong = _rows(content, data.name, described["soko"].get("audience") == "public")
    found += wrong
    found += list(_known(rows, described["soko"], data.name))
    if not wrong:
        found += list(_unbalanced(rows, described["soko"]))
    return rows, _shortened(found)


def _opened(path: Path) -> tuple[dict[str, Any], Path]:
    descriptor = path.with_suffix(".json")
    if path.suffix not in (".json", ".csv") or not path.is_file():
        raise UsageError(
            "нужен файл листа данных: описание .json или данные .csv", where=str(path),
            todo=f"укажите, например, {STEM}.json",
        )  # fmt: skip
    try:
        described = json.loads(descriptor.read_text(encoding="utf-8"))
        name = described["resources"][0]["path"]
        described["soko"]["definitions"]
    except FileNotFoundError:
        raise UsageError(
            "нет описания листа данных",
            where=str(descriptor),
            todo="положите рядом файл .json, он передаётся вместе с .csv",
        ) from None
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        raise UsageError("это не описание листа данных", where=str(descriptor)) from None
    data = descriptor.parent / str(name)
    if data.parent != descriptor.parent or not data.is_file():
        raise UsageError(f"рядом с описанием нет файла {data.name}", where=str(descriptor.parent))
    return described, data


def _rows(content: bytes, name: str, public: bool) -> tuple[list[SheetRow], list[str]]:
    try:
        lines = list(csv.reader(content.decode("utf-8-sig").splitlines()))
    except (UnicodeDecodeError, csv.Error):
        return [], [f"{name}: файл не читается как CSV в кодировке UTF-8"]
    columns = [*COLUMNS, *([HIDDEN] if public else [])]
    if not lines or lines[0] != columns:
        return [], [f"{name}, строка 1: столбцы не те; ожидались: {', '.join(columns)}"]
    rows: list[SheetRow] = []
    wrong: list[str] = []
    for number, line in enumerate(lines[1:], start=2):
        try:
            rows.append(_row(dict(zip(columns, line, strict=True))))
        except ValueError as error:
            wrong.append(
                f"{name}, строка {number}: {error if str(error)[:1].isalpha() else 'не число в числовом столбце'}"
            )
    twice = [key for key, times in Counter(row.key for row in rows).items() if times > 1]
    wrong += [f"{name}: показатель «{key[2]}» записан дважды для одной группы" for key in twice]
    return rows, wrong


def _row(line: dict[str, str]) -> SheetRow:
    hidden = line.get(HIDDEN, "")
    values: dict[str, float | None] = {}
    for name in _NUMBERS:
        text = line[name]
        try:
            values[name] = float(text) if text else None
        except ValueError:
            raise ValueError(f"в столбце {name} не число") from None
        number = values[name]
        if number is not None and not math.isfinite(number):
            raise ValueError(f"в столбце {name} не число")
    if values["numerator"] is None and not hidden:
        raise ValueError("числителя нет, и не сказано почему")
    if (values["denominator"] or 0.0) < 0:
        raise ValueError("знаменатель отрицательный")
    try:
        grade = int(line["grade"]) if line["grade"] else None
    except ValueError:
        raise ValueError("в столбце grade не номер параллели") from None
    texts = {name: _text(line[name]) for name in COLUMNS if name not in (*_NUMBERS, "grade")}
    if not texts["school_id"] or not texts["indicator"]:
        raise ValueError("не указана школа или показатель")
    return SheetRow(**texts, grade=grade, **values, hidden=hidden)  # type: ignore[arg-type]


def _text(value: str) -> str:
    return value[1:] if value.startswith(_FORMULA) else value


def _known(rows: list[SheetRow], told: dict[str, Any], name: str) -> Iterator[str]:
    """Rows about what the descriptor does not name."""
    schools = {school["id"] for school in told.get("schools", [])}
    versions = {item["id"]: item["definition"] for item in told["definitions"]}
    for row in rows:
        if row.school_id not in schools:
            yield f"{name}: школы «{row.school_id}» в описании нет"
        if row.period != told["period"]["id"]:
            yield f"{name}: период строки «{row.period}» не тот, что в описании"
        if versions.get(row.indicator) != row.definition:
            yield f"{name}: версия определения показателя «{row.indicator}» не та, что в описании"


def _unbalanced(rows: list[SheetRow], told: dict[str, Any]) -> Iterator[str]:
    """Cuts that the sender says add up to the school, and do not."""
    words = {"level": "уровням", "grade": "параллелям", "subject": "предметам"}
    now = balanced(rows)
    for item in told["definitions"]:
        for cut in item.get("balanced", []):
            if cut not in now.get(item["id"], []):
                yield f"показатель «{item['id']}»: сумма по {words.get(cut, cut)} не равна числу по школе"


def _shortened(found: list[str]) -> list[str]:
    told = list(dict.fromkeys(found))
    if len(told) <= _MOST:
        return told
    return [*told[:_MOST], f"и ещё {russian.count(len(told) - _MOST, 'замечание')}"]

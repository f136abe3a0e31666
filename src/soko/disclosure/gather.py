"""What the workspace holds about people: the registers of data/private, and the files of data/incoming as they lie.

Files that no run has checked yet count too, so they are read without their layouts: columns by the words of their
heads, full names by their patronymics, numbers by their notation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from soko.disclosure import identifiers
from soko.disclosure.opened import pieces
from soko.disclosure.opened_tables import sheets
from soko.disclosure.texts import CUT, Piece
from soko.intake.names import PersonName, parse_name
from soko.intake.words import text as one_line
from soko.workspace import Workspace

PUPIL, STAFF, OTHER = "обучающегося", "работника", "человека из исходных файлов"
_WHOSE = {"pupil": PUPIL, "unmatched": PUPIL, "staff": STAFF, "teacher": STAFF}
_NAME_HEAD = re.compile(r"\bф\.?\s?и\.?\s?о\b|фамили|^обучающийся$|^ученик$|^учащийся$", re.IGNORECASE)
_BIRTH_HEAD = re.compile(r"рожд|\bд\.\s?р\.", re.IGNORECASE)
_PASSPORT_HEAD = re.compile(r"паспорт|документ|серия|номер док", re.IGNORECASE)
_WORD = r"[А-ЯЁ][А-Яа-яЁё]+(?:-[А-ЯЁа-яё][А-Яа-яЁё]+)?"
_CELL_NAME = re.compile(rf"{_WORD}(?:\s+{_WORD}){{1,2}}(?:\s+(?:оглы|кызы|угли))?$")
_FULL_NAME = re.compile(rf"({_WORD})\s+({_WORD})\s+([А-ЯЁ][А-Яа-яЁё]+(?:вич|вна|ична|ВИЧ|ВНА|ИЧНА|оглы|кызы))\b")
_HEADS = 25  # rows among which a head is looked for


@dataclass(repr=False)
class Held:
    """People as (whose, name), dates of birth, numbers; names as they stand in files; files that could not be read."""

    people: set[tuple[str, PersonName]] = field(default_factory=set)
    births: set[date] = field(default_factory=set)
    snils: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    passports: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)

    def add(self, whose: str, name: str) -> None:
        """Remember a person; a cell that is no name of at least two parts is left out."""
        parts = parse_name(name)
        if parts is not None and parts.first and len(parts.surname) > 1:
            self.people.add((whose, parts))


def held(workspace: Workspace) -> Held:
    """Everything that data/private and data/incoming hold about people."""
    found = Held()
    for path in sorted(workspace.private.rglob("people.parquet")):
        _register(path, found)
    incoming = workspace.root / "data" / "incoming"
    for path in sorted(item for item in incoming.rglob("*") if item.is_file()):
        _file(path, workspace.relative(path), found)
    # who is in a register need not be remembered a second time, as «of the files»
    known = {(name.surname, name.first) for _, name in found.people}
    for written in sorted(found.names):
        name = parse_name(written)
        if name is not None and (name.surname, name.first) not in known:
            found.add(OTHER, written)
    return found


def _register(path: Path, found: Held) -> None:
    import pandas as pd

    frame = pd.read_parquet(path, columns=["kind", "full_name", "birth_date"])
    for kind, name in frame[["kind", "full_name"]].drop_duplicates().itertuples(index=False):
        if isinstance(name, str) and name:
            found.add(_WHOSE.get(str(kind), PUPIL), name)
    found.births |= {day.date() for day in pd.to_datetime(frame["birth_date"].dropna().drop_duplicates())}


def _file(path: Path, shown: str, found: Held) -> None:
    content = path.read_bytes()
    # of a workbook the rows are enough: here whatever people typed counts, not what a program hides in its parts
    book = content.startswith((b"PK", b"\xd0\xcf\x11\xe0"))
    opened = list(sheets(content, "") if book else pieces(content))
    if not any(isinstance(piece, Piece) for piece in opened):
        found.unread.append(shown)
    for piece in opened:
        if isinstance(piece, Piece):
            text = without_cuts(piece.text)
            found.names |= {match.group() for match in _FULL_NAME.finditer(text)}
            if _columns(text, found):  # the school's own telephone stands in tables about schools
                _numbers(text, found)


def _numbers(text: str, found: Held) -> None:
    found.snils |= {number for _, number in identifiers.snils(text) if identifiers.snils_holds(number)}
    found.phones |= {number for _, number in identifiers.phones(text)}
    found.emails |= {address for _, address in identifiers.emails(text)}


def without_cuts(text: str) -> str:
    """Cells of an HTML table apart by tabs; a line a row."""
    return re.sub(rf"{CUT}[{CUT} ]*", "\t", text) if CUT in text else text


def _columns(text: str, found: Held) -> bool:
    """Cells under heads that speak of names, births and documents; whether there are such heads."""
    separator = next((sign for sign in ("\t", ";", ",") if sign in text[:4000]), "")
    if not separator:
        return False
    heads: dict[str, list[int]] = {}
    speaks = False
    for number, line in enumerate(text.split("\n")):
        if number >= _HEADS and not heads:
            break
        cells = [one_line(cell).strip('"') for cell in line.split(separator)]
        if number < _HEADS and (own := _head(cells)):
            heads, speaks = own, speaks or not own.keys() <= {"passport"}
            continue
        for at in heads.get("name", []):
            if at < len(cells) and _CELL_NAME.match(cells[at]):
                found.names.add(cells[at])
        parts = [cells[at] for at in heads.get("parts", []) if at < len(cells)]
        if len(parts) > 1 and all(re.match(rf"{_WORD}$", part) for part in parts[:2]):
            found.names.add(" ".join(parts))
        for at in heads.get("birth", []):
            found.births |= {day for *_, day in identifiers.dates(cells[at] if at < len(cells) else "")}
        if paper := heads.get("passport"):
            number_ = "".join(identifiers.digits(cells[at]) for at in paper if at < len(cells))
            found.passports |= {number_} if len(number_) == 10 else set()
    return speaks


def _head(cells: list[str]) -> dict[str, list[int]]:
    """Columns of a head row by what they hold; empty for a row that is no head."""
    found: dict[str, list[int]] = {}
    for at, cell in enumerate(cells):
        small = cell.lower()
        if small in ("фамилия", "имя", "отчество"):
            found.setdefault("parts", []).append(at)
        elif _NAME_HEAD.search(cell):
            found.setdefault("name", []).append(at)
        elif _BIRTH_HEAD.search(cell):
            found.setdefault("birth", []).append(at)
        elif _PASSPORT_HEAD.search(cell):
            found.setdefault("passport", []).append(at)
    return found if len(cells) > 1 else {}


def dates_of(folder: Path) -> Iterator[date]:
    """Dates that the settings name (of laws, orders, terms): a birth on such a day is no news by itself."""
    for path in sorted(folder.rglob("*.yaml")):
        for *_, day in identifiers.dates(path.read_text(encoding="utf-8", errors="replace")):
            yield day

"""read_period(): everything in data/incoming/<period> → Intake."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path, PurePath
from typing import Any

import pandas as pd

from soko.errors import DataError
from soko.findings import Finding
from soko.hashes import sha256_if_readable
from soko.intake.ages import add_ages
from soko.intake.appeals import effective
from soko.intake.columns import Collected, Normaliser
from soko.intake.config import Context
from soko.intake.disagree import disagree
from soko.intake.model import ADDRESS, CHANGE_COLUMNS, TOTAL_COLUMNS, Intake, RawTable, below, cells
from soko.intake.people import Register
from soko.intake.piece import Columns, Piece, read_piece
from soko.intake.private import private_key
from soko.intake.remembered import Pieces
from soko.intake.twice import once, two_schools
from soko.intake.words import text
from soko.periods import Period
from soko.tables import Table
from soko.workspace import Workspace

_TABLES = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".txt", ".html", ".htm"}
Letters = dict[str, dict[tuple[str, str], dict[str, str]]]


def read_period(workspace: Workspace, period: Period, *, remember: bool = True) -> Intake:
    """Read all files of the period's folders.

    Raises DataError when a folder is missing or holds no files, ConfigError for wrong settings; everything else that
    is wrong with the files becomes a finding. Names end in ``Intake.people`` only. A file that was read before is not
    read again, unless ``remember`` is false (``soko.intake.remembered``).
    """
    context = Context.open(workspace, period)
    files = _files(context, period)
    secret = private_key(workspace)
    pieces = _pieces(workspace, files, context, secret if remember else None)
    got = Collected([item for piece in pieces for item in piece.first])
    letters: Letters = {}
    parts: dict[str, list[Columns]] = {}
    extra: dict[str, list[pd.DataFrame]] = {}
    totals: list[dict[str, Any]] = []
    unmarked: list[dict[str, Any]] = []
    for piece in pieces:
        got.findings += piece.findings
        got.changes += piece.changes
        got.tally.read.update(piece.tally.read)
        got.tally.aside.update(piece.tally.aside)
        for table, sheet, own in piece.letters:
            letters.setdefault(table, {})[(piece.source.path, sheet)] = own
        for table, columns in piece.parts:
            parts.setdefault(table, []).append(columns)
        for table, columns in piece.extra:
            extra.setdefault(table, []).append(pd.DataFrame(columns, dtype=object))
        totals += piece.totals
        unmarked += piece.unmarked
    frames = {name: _joined(items, context.tables[name]) for name, items in parts.items()}
    register = Register(secret, context.params.school.id)
    _people(frames, unmarked, register, letters, got)
    add_ages(frames, lambda: context.params.dates(period).end)
    if "marks" in frames:
        every = Counter(cells(frames["marks"], "_file"))
        frames["marks"], found, left_out = once(frames["marks"])
        for file, number in (every - Counter(cells(frames["marks"], "_file"))).items():
            got.tally.aside["marks", file, "twice"] += number
        totals = [item for item in totals if (item["file"], item["sheet"]) not in left_out]
        got.findings += found
    if "exams" in frames:
        frames["exams"], found = effective(frames["exams"])
        got.findings += found
    tables = {
        name: RawTable(_bare(frame, context.tables[name], register.school), letters.get(name, {}))
        for name, frame in frames.items()
    }
    others = {
        name: _pseudonymous(pd.concat(items, ignore_index=True), name, register, letters)
        for name, items in extra.items()
    }
    return Intake(
        tables=tables,
        findings=got.findings + register.findings,
        changes=pd.DataFrame(got.changes, columns=CHANGE_COLUMNS),
        totals=pd.DataFrame(totals, columns=TOTAL_COLUMNS),
        files=[piece.source for piece in pieces],
        people=register.frame(),
        extra={name: RawTable(frame, letters.get(name, {})) for name, frame in others.items()},
        tally=got.tally,
    )


def _files(context: Context, period: Period) -> list[tuple[Path, Period]]:
    """Files with the period of their folder: a half-year reads quarter folders too, and each answers for its own."""
    found: list[tuple[Path, Period]] = []
    ids = context.params.period(period).incoming or [period.id]
    folders = context.params.own_folders(period)
    for folder, own in zip(folders, ids, strict=True):
        if not folder.is_dir():
            raise DataError(
                f"нет папки с файлами периода {own}",
                where=context.params.workspace.relative(folder),
                todo="создайте её и положите выгрузки журнала: ведомости классов, список обучающихся",
            )
        for path in sorted(folder.rglob("*")):
            parts = path.relative_to(folder).parts
            if any(fnmatch(part, mask) for part in parts for mask in context.sources.skip):
                continue
            # A folder called «5А.xlsx» (a workbook that somebody unpacked) and a link to nowhere are told as files.
            inside = any(PurePath(part).suffix.lower() in _TABLES for part in parts[:-1])
            odd = path.suffix.lower() in _TABLES if path.is_dir() else path.is_symlink()
            if (path.is_file() and not inside) or (odd and not inside):
                found.append((path, Period.parse(own)))
    if not found:
        raise DataError(
            f"в папке периода {period.id} нет ни одного файла",
            where=", ".join(context.params.workspace.relative(folder) for folder in folders),
            todo="положите в неё выгрузки журнала (xlsx, xls, ods, csv): ведомости классов и список обучающихся",
        )
    return found


def _pieces(
    workspace: Workspace, files: list[tuple[Path, Period]], context: Context, secret: bytes | None
) -> list[Piece]:
    """What each file gives; of files with the same bytes the first. Without a ``secret`` nothing is remembered."""
    period = context.period
    assert period is not None
    root = workspace.root / "data" / "incoming"
    memory = Pieces(workspace, period, secret, context) if secret is not None else None
    normaliser = Normaliser(context)
    found: list[Piece] = []
    seen: dict[str, str] = {}
    for path, own in files:
        piece = _piece(path, below(path, root), replace(context, period=own), normaliser, memory)
        first = seen.setdefault(piece.source.sha256, piece.source.path)
        found.append(piece.repeats(first) if piece.drafts and first != piece.source.path else piece)
    if memory is not None:
        memory.forget_unused()
    return found


def _piece(path: Path, shown: str, context: Context, normaliser: Normaliser, memory: Pieces | None) -> Piece:
    """What was read of the file before, else what is read of it now."""
    before = sha256_if_readable(path) if memory is not None and context.period is not None else ""
    if memory is None or context.period is None or not before:  # what cannot be opened now may be opened next time
        return read_piece(path, shown, context, normaliser)
    key = memory.key(before, shown, context.period)
    piece = memory.get(key)
    if piece is None:
        piece = read_piece(path, shown, context, normaliser)
        if sha256_if_readable(path) == before == piece.source.sha256:  # nobody has saved it meanwhile
            memory.put(key, piece)
    return piece


def _joined(items: list[Columns], table: Table) -> pd.DataFrame:
    """The parts of a table under each other, in the contract's columns; what a file does not have is None."""
    names = [column.name for column in table.columns] + ADDRESS
    columns: Columns = {name: [] for name in names}
    for item in items:
        rows = len(next(iter(item.values()), []))
        for name, values in columns.items():
            values += item.get(name) or [None] * rows
    return pd.DataFrame(
        {name: [None if value != value else value for value in values] for name, values in columns.items()},
        dtype=object,
    )


#: Tables that name a worker: the column of his code, and that of his name.
_WORKERS = {
    "marks": ("teacher_id", "teacher"),
    "contests": ("mentor_id", "mentor"),
    "programmes": ("staff_id", "leader"),
    "lesson_visits": ("staff_id", "full_name"),
}


def _people(
    frames: dict[str, pd.DataFrame],
    unmarked: list[dict[str, Any]],
    register: Register,
    letters: Letters,
    got: Collected,
) -> None:
    """Pseudonyms into every table; a list of pupils built from the gradebooks when nobody gave one."""
    if "staff" in frames:
        frames["staff"]["staff_id"] = register.staff(frames["staff"])
    if "pupils" not in frames and "marks" in frames and len(frames["marks"]):
        frames["pupils"], built = _built(frames["marks"], unmarked), True
        for file in cells(frames["pupils"], "_file"):
            got.tally.read["pupils", file] += 1
        letters["pupils"] = letters["marks"]
        first = frames["pupils"].iloc[0]
        got.findings.append(
            Finding("warning", "pupils", "pupils_built", first["_file"],
                    message_ru="Списка обучающихся нет: он составлен по ведомостям. Пол, дата рождения и движение "
                    "неизвестны; положите список (ФИО, дата рождения, класс, пол).")
        )  # fmt: skip
    else:
        built = False
    if "pupils" in frames:
        frames["pupils"]["pupil_id"] = register.pupils(frames["pupils"], built)
        frames["pupils"]["school_id"] = [text(v) or register.school for v in cells(frames["pupils"], "school_id")]
    for name, frame in frames.items():
        if name != "pupils" and {"pupil_id", "full_name"} <= set(frame.columns):
            no_school = frame["school_id"].isna()
            frames[name] = register.refer(frame, name, letters.get(name, {})).assign(_no_school=no_school)
        if name in _WORKERS:
            code, person = _WORKERS[name]
            frames[name][code] = register.teachers(frames[name], code, person)
    if "pupils" in frames:
        got.findings += two_schools(frames["pupils"], frames.get("marks"))
        got.findings += disagree(frames, letters)


def _built(marks: pd.DataFrame, unmarked: list[dict[str, Any]]) -> pd.DataFrame:
    columns = ["school_id", "pupil_id", "full_name", "class", *ADDRESS]
    frame = pd.concat([marks[columns], pd.DataFrame(unmarked, columns=columns, dtype=object)], ignore_index=True)
    frame = frame.drop_duplicates(["school_id", "pupil_id", "full_name", "class"]).reset_index(drop=True)
    return frame.assign(_col="").where(frame.notna(), None)


def _bare(frame: pd.DataFrame, table: Table, school: str) -> pd.DataFrame:
    """Without personal columns; every other column of the contract present, ``school_id`` filled."""
    names = [column.name for column in table.columns if not column.personal]
    bare = frame.reindex(columns=[*names, *ADDRESS]).astype(object)
    bare = bare.where(bare.notna(), None)
    if "school_id" in bare:
        bare["school_id"] = [text(value) or school for value in cells(bare, "school_id")]
    bare["_row"] = bare["_row"].astype("int64")
    bare["_col"] = [text(value) for value in cells(bare, "_col")]
    return bare.reset_index(drop=True)


def _pseudonymous(frame: pd.DataFrame, name: str, register: Register, letters: Letters) -> pd.DataFrame:
    """Journals and exams without names: ``pupil_id`` in their place."""
    frame = register.refer(frame, name, letters.get(name, {}))
    return frame.drop(columns=["full_name"], errors="ignore").where(frame.notna(), None)

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
from soko.intake.ages import add_ages
from soko.intake.appeals import effective
from soko.intake.columns import Collected, Normaliser
from soko.intake.config import Context
from soko.intake.disagree import disagree
from soko.intake.model import (
    ADDRESS,
    CHANGE_COLUMNS,
    TOTAL_COLUMNS,
    Draft,
    FileRead,
    Intake,
    RawTable,
    below,
    cells,
)
from soko.intake.normalise import school_class
from soko.intake.people import Register
from soko.intake.prepare import prepare, totals_of
from soko.intake.private import private_key
from soko.intake.recognise import read_file
from soko.intake.twice import once, two_schools
from soko.intake.words import text
from soko.periods import Period
from soko.tables import Table
from soko.workspace import Workspace

_TABLES = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".txt", ".html", ".htm"}
Letters = dict[str, dict[tuple[str, str], dict[str, str]]]


def read_period(workspace: Workspace, period: Period) -> Intake:
    """Read all files of the period's folders.

    Raises DataError when a folder is missing or holds no files, ConfigError for wrong settings; everything else that
    is wrong with the files becomes a finding. Names end in ``Intake.people`` only.
    """
    context = Context.open(workspace, period)
    root = workspace.root / "data" / "incoming"
    files = _files(context, period)
    reads = _read_all([path for path, _ in files], root, context)
    got = Collected([item for read in reads for item in read.findings])
    normaliser = Normaliser(context)
    parts: dict[str, list[pd.DataFrame]] = {}
    extra: dict[str, list[pd.DataFrame]] = {}
    letters: Letters = {}
    totals: list[dict[str, Any]] = []
    unmarked: list[dict[str, Any]] = []
    for read, (_, own) in zip(reads, files, strict=True):
        at_home = replace(context, period=own)
        for name, number in read.repeated.items():
            got.tally.read[name, read.source.path] += number
            got.tally.aside[name, read.source.path, "file_twice"] += number
        for draft in read.drafts:
            if not draft.table:
                got.findings += draft.findings  # a report of totals: known, and nothing to read in it
                continue
            letters.setdefault(draft.table, {})[(read.source.path, draft.sheet)] = draft.letters
            if draft.table not in context.tables:
                got.findings += draft.findings
                extra.setdefault(draft.table, []).append(_with_address(draft, read.source.path))
                continue
            frame = prepare(draft, read.source.path, at_home, normaliser, got)
            if frame is None:
                continue
            parts.setdefault(draft.table, []).append(frame)
            totals += totals_of(draft, read.source.path, normaliser)
            unmarked += _unmarked(draft, read.source.path)
    frames = {name: _joined(items, context.tables[name]) for name, items in parts.items()}
    register = Register(private_key(workspace), context.params.school.id)
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
        files=[read.source for read in reads],
        people=register.frame(),
        extra={name: RawTable(frame, letters.get(name, {})) for name, frame in others.items()},
        tally=got.tally,
    )


def _files(context: Context, period: Period) -> list[tuple[Path, Period]]:
    """Files with the period of their folder: a half-year reads quarter folders too, and each answers for its own."""
    found: list[tuple[Path, Period]] = []
    ids = context.params.period(period).incoming or [period.id]
    folders = context.params.folders(period)
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


def _read_all(paths: list[Path], root: Path, context: Context) -> list[FileRead]:
    reads: list[FileRead] = []
    seen: dict[str, str] = {}
    for path in paths:
        read = read_file(path, context, below(path, root))
        first = seen.setdefault(read.source.sha256, read.source.path)
        if read.drafts and first != read.source.path:
            table = read.drafts[0].table
            for draft in read.drafts:
                read.repeated[draft.table] += len(draft.frame) + draft.aside.total()
            read.drafts = []
            message = f"Файл в точности повторяет «{first}» и не прочитан второй раз; уберите лишний."
            read.findings = [Finding("warning", table, "file_twice", read.source.path, message_ru=message)]
        reads.append(read)
    return reads


def _with_address(draft: Draft, file: str) -> pd.DataFrame:
    return draft.frame.assign(_file=file, _sheet=draft.sheet)


def _unmarked(draft: Draft, file: str) -> list[dict[str, Any]]:
    own = school_class(draft.school_class).value
    return [
        {"full_name": name, "pupil_id": text(code) or None, "class": own, "_file": file, "_sheet": draft.sheet,
         "_row": row, "_col": ""}
        for row, name, code in draft.unmarked
    ]  # fmt: skip


def _joined(items: list[pd.DataFrame], table: Table) -> pd.DataFrame:
    names = [column.name for column in table.columns] + ADDRESS
    filled = [item.reindex(columns=names).astype(object) for item in items]
    frame = pd.concat(filled, ignore_index=True)
    return frame.where(frame.notna(), None)


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

"""Where every row of the files went: rows read = rows that became clean + rows set aside, by reason. Exactly.

Intake counts what it reads and sets aside (``soko.intake.model.Tally``). What the SELECTs of ``soko.clean`` leave out
is told here a second time, row by row and with its reason, and the two must agree: a row that disappears without a
reason is our failure, not a matter of the data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from soko import clean
from soko.errors import FailureError
from soko.intake.model import Tally, cells
from soko.tables import Table
from soko.validation.kept import Kept

if TYPE_CHECKING:
    from soko.validation.bench import Bench

COLUMNS = ["table", "file", "read", "clean", "set_aside", "reason", "computed"]

#: Why a row is no row of the clean table, in the order in which the protocol names them.
REASONS = {
    "refused": "лист не принят (другой период, год или класс)",
    "file_twice": "файл повторяет другой",
    "twice": "повтор",
    "other_term": "другой период",
    "term_unreadable": "период не читается",
    "blank": "пустая ячейка или прочерк",
    "no_mark": "отметки нет или она не читается",
    "no_result": "участник без результата",
    "not_subject": "не учебный предмет",
    "unmarked_grade": "безотметочный класс",
    "former_class": "прежний класс перешедшего",
    "nobody": "не указано, о ком запись",
    "unknown_pupil": "нет в списке обучающихся",
    "class_missing": "не указан класс",
    "not_data": "не похоже на данные (подпись, примечание)",
}

#: For tables whose SELECT leaves rows out: the reason of each row, NULL where it stays, over the working table ``t``.
_LEAVES: dict[str, str] = {
    "pupils": """
        CASE WHEN pupil_id IS NULL THEN 'nobody'
             WHEN _i NOT IN (SELECT _i FROM stays) THEN 'twice'
             WHEN _i NOT IN (SELECT _i FROM stays WHERE is_main) THEN 'former_class' END""",
    "marks": """
        CASE WHEN mark IS NULL THEN 'no_mark'
             WHEN coalesce(list_contains((SELECT unmarked_grades FROM params), coalesce(
                 (SELECT s.grade FROM stays AS s WHERE s.is_main AND s.school_id = t.school_id
                  AND s.pupil_id = t.pupil_id), grade)), false) THEN 'unmarked_grade'
             WHEN subject IS NULL OR subject IN (SELECT subject FROM curriculum_table WHERE NOT counted)
             THEN 'not_subject' END""",
    "attendance": """
        CASE WHEN NOT EXISTS (SELECT 1 FROM stays AS s WHERE s.school_id = t.school_id AND s.pupil_id = t.pupil_id)
             THEN 'unknown_pupil' END""",
    "classes": "CASE WHEN class IS NULL THEN 'class_missing' END",
}
#: Columns by which of several rows the first is taken; of the other tables equal rows are one.
_ONE_OF = {
    "marks": ("school_id", "pupil_id", "subject"),
    "attendance": ("school_id", "pupil_id"),
    "classes": ("school_id", "class"),
    "pupils": ("_i",),  # ``stays`` has told repetitions already
}


def account(intake: Any, bench: Bench, cleaned: Mapping[str, Any], kept: Kept | None = None) -> pd.DataFrame:
    """Tidy lines (COLUMNS): of a table and file the rows that are clean, then those set aside for each reason.

    In every line, so in every sum of lines, read = clean + set_aside. ``computed`` counts clean rows that stand in no
    file, such as the movement of a class that nobody handed in. What was counted of the same rows before is taken from
    ``kept``. Raises FailureError when the numbers do not add up:
    between the files and what was read of them, and, where clean tables were made (``cleaned``), between those and
    the rows that have no reason to be left out.
    """
    lines: list[dict[str, Any]] = []
    for name, table in bench.tables.items():
        there = _rows(intake, name)
        read, aside = _read(intake.tally, name, there)
        for (file, reason), number in _left(bench, table, there, kept or Kept()).items():
            aside[file, reason] += number
        stays = {file: number - _sum(aside, file) for file, number in read.items()}
        computed = _computed(name, cleaned, sum(stays.values()))
        for file in sorted(read):
            lines.append(_line(name, file, clean=stays[file]))
            lines += [_line(name, file, why, set_aside=aside[file, why]) for why in REASONS if aside[file, why]]
        if computed:
            lines.append(_line(name, computed=computed))
    return pd.DataFrame(lines, columns=COLUMNS)


def _rows(intake: Any, name: str) -> Counter[str]:
    """Rows of the table that intake passed on, by file."""
    raw = intake.tables.get(name)
    return Counter(map(str, cells(raw.frame, "_file"))) if raw is not None and "_file" in raw.frame else Counter()


def _read(tally: Tally | None, name: str, there: Counter[str]) -> tuple[Counter[str], Counter[tuple[str, str]]]:
    """Rows read by file, and set aside by file and reason, as intake counted them; both must explain ``there``."""
    if tally is None:  # an intake that was not read of files
        return Counter(there), Counter()
    read = Counter({file: number for (table, file), number in tally.read.items() if table == name})
    aside = Counter({(file, why): n for (table, file, why), n in tally.aside.items() if table == name and n})
    for file in read | there:
        if read[file] - _sum(aside, file) != there[file]:
            raise _failure(name, file, read[file], there[file], _sum(aside, file))
    return read, aside


def _left(bench: Bench, table: Table, there: Counter[str], kept: Kept) -> Counter[tuple[str, str]]:
    """Rows of the working table that its SELECT leaves out, by file and reason."""
    if not there:
        return Counter()
    of_row = _LEAVES.get(table.table, "NULL")
    same = ", ".join(f'"{name}"' for name in _ONE_OF.get(table.table, clean.columns(table)))
    statement = f"""
        WITH told AS (SELECT *, CAST({of_row} AS VARCHAR) AS _why FROM "{table.table}" AS t),
        once AS (SELECT _file, CASE WHEN _why IS NULL AND row_number() OVER (PARTITION BY _why, {same} ORDER BY _i) > 1
                                    THEN 'twice' ELSE _why END AS _why FROM told)
        SELECT _file, _why, count(*) FROM once WHERE _why IS NOT NULL GROUP BY ALL"""
    key = f"left {table.table} {bench.fingerprint(statement)}" if kept.is_on else ""
    found = kept.get(key)
    if found is None:
        bench.prepare(statement)
        found = sorted([list(row) for row in bench.connection.execute(statement).fetchall()])
        kept.put(key, found)
    return Counter({(file, why): number for file, why, number in found})


def _computed(name: str, cleaned: Mapping[str, Any], stays: int) -> int:
    """Clean rows of no file; only the table of classes has them, and nothing may be lost anywhere."""
    if name not in cleaned:
        return 0
    more = len(cleaned[name]) - stays
    if more < 0 or (more and name != "classes"):
        raise _failure(name, "", stays, len(cleaned[name]), 0)
    return more


def _line(
    name: str, file: str = "", why: str = "", *, clean: int = 0, set_aside: int = 0, computed: int = 0
) -> dict[str, Any]:
    return {
        "table": name, "file": file, "read": clean + set_aside, "clean": clean, "set_aside": set_aside,
        "reason": REASONS.get(why, ""), "computed": computed,
    }  # fmt: skip


def _sum(aside: Counter[tuple[str, str]], file: str) -> int:
    return sum(number for (own, _), number in aside.items() if own == file)


def _failure(name: str, file: str, read: int, there: int, aside: int) -> FailureError:
    return FailureError(
        f"счёт строк не сошёлся: прочитано {read}, дальше прошло {there}, отложено с причиной {aside}",
        where=f"таблица {name}{f', {file}' if file else ''}",
        todo="сообщите разработчикам; данные при этом не считаются ни верными, ни ошибочными",
    )

"""Results after an appeal: both the first and the second stay with their addresses, and one of them counts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from soko.findings import Finding
from soko.intake.words import blank, plural

_APPEAL = "апелляция"
_WHO = ("school_id", "exam", "subject", "exam_level")


def effective(exams: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Fill ``effective`` where the file leaves it empty; what was handed in as «нет» stays so.

    Of one participant, exam, subject and day the result after the appeal counts, the last read of several. An appeal
    that does not say its day or level replaces the result of the same subject when there is only one.
    """
    rows = [{str(name): value for name, value in row.items()} for row in exams.to_dict("records")]
    counts: list[Any] = [True if blank(row.get("effective")) else row["effective"] for row in rows]
    missing: list[dict[str, Any]] = []
    replaced = 0
    for index, row in enumerate(rows):
        if row.get("stage") != _APPEAL or not _person(row):
            continue
        others = [i for i in range(len(rows)) if i != index and counts[i] is True]
        earlier = [i for i in others if _replaces(row, rows[i], i < index)]
        if len({rows[i].get("held_on") for i in earlier}) > 1:
            earlier = []  # two days of one subject and an appeal without a day: nobody can tell which
        for i in earlier:
            counts[i] = False
        replaced += bool(earlier)
        if not earlier:
            missing.append(row)
    result = exams.assign(effective=pd.Series(counts, index=exams.index, dtype=object))
    found: list[Finding] = []
    if replaced:
        first = next(row for row in rows if row.get("stage") == _APPEAL)
        many = plural(replaced, "результат изменён", "результата изменены", "результатов изменены")
        found.append(
            Finding("info", "exams", "exam_appeal", first["_file"], first["_sheet"], "", None, "stage",
                    f"После апелляции {many}: в показатели входит новый, прежний сохранён с пометой.")
        )  # fmt: skip
    for row in missing:
        found.append(
            Finding("warning", "exams", "exam_appeal_alone", row["_file"], row["_sheet"], "", int(row["_row"]), "stage",
                    "Есть результат после апелляции, а основного результата этого участника по предмету нет (или их "
                    "несколько, а дата не указана). Положите основной протокол и укажите дату экзамена.")
        )  # fmt: skip
    return result, found


def _person(row: dict[str, Any]) -> Any:
    return row.get("pupil_id") or row.get("participant_code")


def _replaces(appeal: dict[str, Any], other: dict[str, Any], before: bool) -> bool:
    if _person(appeal) != _person(other) or (other.get("stage") == _APPEAL and not before):
        return False
    same = all(appeal.get(name) == other.get(name) or not (appeal.get(name) and other.get(name)) for name in _WHO)
    days = appeal.get("held_on"), other.get("held_on")
    return same and (days[0] == days[1] or None in days)

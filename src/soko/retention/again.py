"""What a check says of pupils that were forgotten: figures without them, files in which one of them stands again."""

from __future__ import annotations

from typing import Any

from soko.findings import Finding
from soko.periods import Period
from soko.retention.forgotten import of_period, stored
from soko.russian import count
from soko.workspace import Workspace

RULE = "pupils_forgotten"


def findings(workspace: Workspace, period: Period, intake: Any, folders: list[str]) -> list[Finding]:
    """What a check has to say of pupils that were forgotten.

    A warning that the figures are without them; a critical finding with the address where one of them stands again.
    ``folders`` are the ids of the periods whose folders were read.
    """
    periods = [period.id, *folders]
    gone = sum(bool(set(item.periods) & set(periods)) for item in stored(workspace))
    told = [warning(gone)] if gone else []
    known = of_period(workspace, periods)
    return told + (_again(intake, known) if known else [])


def warning(people: int) -> Finding:
    """That figures are without those who were forgotten."""
    return Finding(
        "warning", "pupils", RULE,
        message_ru=f"Из данных периода удалены сведения ({count(people, 'человек')}): показатели, рассчитанные после "
        "этого, – без них и могут отличаться от выпущенных раньше.",
    )  # fmt: skip


def _again(intake: Any, known: Any) -> list[Finding]:
    told = []
    for name, table in intake.tables.items():
        if "pupil_id" not in table.frame:
            continue
        codes = table.frame["pupil_id"]
        back = {code for code in codes.dropna().unique() if known(str(code))}
        for index in table.frame.index[codes.isin(back)]:
            file, sheet, cell, row = table.address(index, "pupil_id")
            told.append(
                Finding(
                    "critical", name, "pupil_forgotten", file, sheet, cell, row, "pupil_id",
                    "В строке стоит обучающийся, сведения о котором удалены по требованию. Уберите строку из файла.",
                )
            )  # fmt: skip
    return told

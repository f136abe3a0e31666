"""What validation gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from soko.findings import SEVERITIES, Severity
from soko.periods import Period
from soko.workspace import Workspace

#: What findings of no table are about.
FILES = "Файлы периода"
#: Titles of what the reader of the files finds itself, where «Чтение файла» would say too little.
READING = {
    "subject_not_counted": "Столбец ведомости не является учебным предметом",
    "correction_stale": "Исправление из журнала исправлений больше не подходит",
    "correction_not_found": "Строка, названная в журнале исправлений, не найдена",
    "correction_ambiguous": "Запись журнала исправлений подходит к нескольким строкам",
    "sources_disagree": "Источники расходятся в сведениях об обучающемся",
}


@dataclass(frozen=True)
class RuleRun:
    """One rule of the catalogue: how many rows it saw and how many failed; ``skipped`` says why it was not run."""

    table: str
    rule: str
    title: str
    severity: Severity
    checked: int = 0
    failures: int = 0
    skipped: str = ""


@dataclass(frozen=True)
class Validation:
    """Findings of the period (columns of soko.findings), what was read, which rules were run.

    ``returned``: the users' own workbooks with the faulty cells marked, below data/private/<period>/returned.
    ``clean``: the Parquet files written; empty when something is critical. ``accounting``: where every row of the
    files went (``soko.validation.accounting``).
    """

    workspace: Workspace
    period: Period
    findings: pd.DataFrame
    intake: Any
    rules: list[RuleRun]
    returned: list[Path] = field(default_factory=list)
    clean: list[Path] = field(default_factory=list)
    accounting: pd.DataFrame | None = None

    @property
    def is_critical(self) -> bool:
        """Whether a finding stops the report."""
        return bool((self.findings["severity"] == "critical").any())

    def count(self, severity: Severity) -> int:
        """Number of findings of the severity."""
        return int((self.findings["severity"] == severity).sum())

    @property
    def counts(self) -> dict[Severity, int]:
        """Number of findings by severity."""
        return {severity: self.count(severity) for severity in SEVERITIES}

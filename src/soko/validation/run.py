"""validate(): what was read -> findings, technical view, marked workbooks, clean tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from soko import clean
from soko.findings import Finding, to_frame
from soko.params import Params
from soko.periods import Period
from soko.retention import again
from soko.tables import load_tables
from soko.validation import cleaned
from soko.validation.accounting import account
from soko.validation.bench import set_up
from soko.validation.corrected import correct
from soko.validation.docs import render, write_checks
from soko.validation.kept import Kept
from soko.validation.result import Validation
from soko.validation.rules import run_rules
from soko.validation.verdict_file import path_of
from soko.validation.verdicts import Verdicts
from soko.workspace import Workspace


def validate(
    workspace: Workspace,
    period: Period,
    out: Path,
    *,
    docs: bool = True,
    returned: bool = True,
    intake: Any = None,
    remember: bool = True,
) -> Validation:
    """Check the period's incoming files and, when nothing is critical, write their clean tables (``Params.checked``).

    Applies the ledger of corrections first. Writes ``out``/findings.csv (columns of soko.findings, UTF-8, «\\n»),
    ``out``/corrections.csv, ``out``/accounting.csv (where every row went), ``out``/checks.json (what was judged),
    ``out``/data_docs unless ``docs`` is false (``docs.render`` makes it of checks.json at any time), and the users'
    workbooks with marked cells unless ``returned`` is false. What was read and judged is remembered unless
    ``remember`` is false. The names of the people go to data/private
    together with the clean tables, so that an annex can tell whom a pseudonym means. ``intake`` spares a reading.
    Raises DataError when there is nothing to read, ConfigError for a wrong rule, FailureError for a check that raised.
    """
    if intake is None:
        from soko.intake import read_period

        intake = read_period(workspace, period, remember=remember)
    intake = correct(workspace, period, intake)
    params = Params(workspace)
    forgotten = again.findings(workspace, period, intake, params.period(period).incoming)
    tables = load_tables(workspace)
    out.mkdir(parents=True, exist_ok=True)
    others = [path_of(workspace, other) for other in (period.previous(), period.year_ago())]
    verdicts = Verdicts(path_of(workspace, period), others) if remember else Verdicts(None)
    kept = Kept(workspace, period) if remember else Kept()
    with set_up(intake, params, period, tables, lazily=True) as bench:
        found, rules, judged = run_rules(bench, intake, workspace, verdicts, kept)
        findings = to_frame([*intake.findings, *forgotten, *_besides(intake, found)])
        is_critical = bool((findings["severity"] == "critical").any())
        made = {} if is_critical else cleaned.build(bench, params.checked(period), kept)
        accounting = account(intake, bench, made, kept)
    write_findings(findings, out / "findings.csv")
    write_safe(intake.corrections, out / "corrections.csv", ("file", "sheet", "was", "became", "reason", "who"))
    write_safe(accounting, out / "accounting.csv", ("file",))
    verdicts.save()
    write_checks(out, period, judged, rules, tables, intake)
    if docs:
        render(out)
    files: list[Path] = []
    if returned:
        from soko.validation.returned import give_back

        files = give_back(workspace, period, findings)
    written: list[Path] = []
    if not is_critical:
        if len(intake.people):
            from soko.intake import write_private

            write_private(workspace, period, intake)
        written = clean.write(made, params.checked(period))
        cleaned.remember(bench, params.checked(period), made, kept)
    kept.save()
    return Validation(workspace, period, findings, intake, rules, files, written, accounting)


def _besides(intake: Any, found: list[Finding]) -> list[Finding]:
    """Without «there are no marks» when the files with the marks were refused and that has been said."""
    refused = {item.table for item in intake.findings if item.severity == "critical"}
    return [item for item in found if not (item.rule == "file_present" and item.table in refused)]


def write_findings(findings: pd.DataFrame, path: Path) -> None:
    """findings.csv."""
    write_safe(findings, path, ("file", "sheet", "message_ru"))


def write_safe(frame: pd.DataFrame, path: Path, texts: tuple[str, ...]) -> None:
    """A CSV file; text that a spreadsheet would take for a formula gets an apostrophe in front."""
    safe = frame.copy()
    for name in texts:
        risky = safe[name].astype(str).str.startswith(("=", "+", "-", "@", "\t", "\r"))
        safe.loc[risky, name] = "'" + safe.loc[risky, name]
    safe.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")

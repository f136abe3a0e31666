"""Run the rules of validation/tables: expectations through Great Expectations, failures to findings with addresses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pyarrow as pa

from soko import russian
from soko.errors import ConfigError
from soko.findings import Finding
from soko.hints import did_you_mean
from soko.tables import Rule, Table
from soko.validation import gx
from soko.validation.bench import OTHER_PERIODS, Bench
from soko.validation.kept import Answer, Kept, group_key
from soko.validation.messages import fill
from soko.validation.result import RuleRun
from soko.validation.sql import Sql, checked, shown
from soko.validation.verdicts import Verdicts
from soko.workspace import Workspace

# More lines than this of one rule help nobody; the summary line that replaces the rest says how many there are.
MOST_FINDINGS = 1000

# The cell that stands for a row of the table when the rule is about no single column.
_PRINCIPAL = {
    "marks": "mark",
    "pupils": "class",
    "attendance": "lessons_missed",
    "staff": "position",
    "classes": "class",
    "exams": "subject",
    "graduates": "class",
    "contests": "event",
    "diagnostics": "study",
    "health": "class",
    "registers": "register",
    "activities": "activity",
    "facts": "code",
    "programmes": "name",
    "staffing": "subject",
    "parents": "class",
    "reference_values": "indicator",
}

_LACKING = {"totals": "в файлах нет напечатанных итогов"}
_ABSENT = {
    "": "нет таблицы ",
    "previous_": "нет данных предыдущего периода: ",
    "year_ago_": "нет данных того же периода год назад: ",
}


Judged = dict[str, list[tuple[gx.Check, gx.Outcome]]]


def run_rules(
    bench: Bench, intake: Any, workspace: Workspace, verdicts: Verdicts, kept: Kept | None = None
) -> tuple[list[Finding], list[RuleRun], Judged]:
    """Run every rule of the bench's tables; those whose tables are as they were answer from ``kept``.

    Findings with the addresses of the intake, what became of each rule, and by table what was judged (for the
    technical view).
    """
    findings: list[Finding] = []
    runs: dict[tuple[str, str], RuleRun] = {}
    judged: Judged = {}
    kept = kept or Kept()
    for table in bench.tables.values():
        for source, rules in _groups(table):
            ready = []
            for rule in rules:
                if reason := _lacking(bench, table, rule):
                    runs[table.table, rule.id] = RuleRun(
                        table.table, rule.id, rule.title, rule.severity, skipped=reason
                    )
                else:
                    ready.append(rule)
            if not ready:
                continue
            answer = _answer(bench, intake, workspace, table, source, ready, verdicts, kept)
            findings += answer.findings
            for rule, (check, outcome) in zip(ready, answer.judged, strict=True):
                failures = len(outcome.failed) or int(not outcome.success)
                runs[table.table, rule.id] = RuleRun(
                    table.table, rule.id, rule.title, rule.severity, outcome.checked, failures
                )
                judged.setdefault(table.table, []).append((check, outcome))
    ordered = [runs[table.table, rule.id] for table in bench.tables.values() for rule in table.rules]
    return findings, ordered, judged


def _answer(
    bench: Bench, intake: Any, workspace: Workspace, table: Table, source: str, rules: list[Rule], verdicts: Verdicts,
    kept: Kept,
) -> Answer:  # fmt: skip
    """What became of a group of rules: as it is remembered, else asked."""
    key = group_key(bench, intake, table, source, rules) if kept.is_on else ""
    group = f"{table.table} {source}"
    if (known := kept.get(key)) is not None:
        verdicts.keep(group)
        return Answer.of(known)
    rows, judged = _judge(bench, workspace, table, source, rules, verdicts.of(group))
    answer = Answer(judged)
    for rule, (_, outcome) in zip(rules, judged, strict=True):
        answer.findings += _findings(bench, intake, table, rule, rows, outcome)
    kept.put(key, answer.plain())
    return answer


def _groups(table: Table) -> Iterator[tuple[str, list[Rule]]]:
    """Rules that take the same rows, so that each group is one query and one suite."""
    sources = dict.fromkeys(rule.rows for rule in table.rules)
    for source in sources:
        yield source, [rule for rule in table.rules if rule.rows == source]


def _lacking(bench: Bench, table: Table, rule: Rule) -> str:
    """Why the rule cannot be run; empty when it can."""
    needed = list(dict.fromkeys(([] if rule.rows else [table.table]) + rule.needs))
    for name in needed:
        other = next((prefix for prefix in OTHER_PERIODS if name.startswith(prefix)), "")
        base = name.removeprefix(other)
        if name not in bench.tables and base not in bench.tables and name != "totals":
            raise ConfigError(
                f"правило «{rule.id}»: в needs нет такой таблицы: «{name}»{did_you_mean(name, list(bench.tables))}",
                where=f"validation/tables/{table.table}.yaml",
            )
        if name not in bench.present:
            if name in _LACKING:
                return _LACKING[name]
            title = bench.tables[base].title
            return f"{_ABSENT[other]}«{title}»"
    return ""


def _judge(
    bench: Bench, workspace: Workspace, table: Table, source: str, rules: list[Rule], verdicts: Verdicts
) -> tuple[pa.Table, list[tuple[gx.Check, gx.Outcome]]]:
    """The rows of a group of rules, and a check with its outcome for each rule."""
    sql = Sql(bench, workspace)
    rows = sql.rows(table, source, rules)
    wanted = {checked(rule) for rule in rules if rule.check}
    kwargs = {rule.id: _kwargs(sql, table, rule) for rule in rules}
    for arguments in kwargs.values():
        wanted |= {str(arguments[key]) for key in ("column", "column_A", "column_B") if key in arguments}
        wanted |= {str(name) for name in arguments.get("column_list", ())}
    for name in sorted(wanted):
        if name not in rows.column_names:
            raise ConfigError(
                f"нет столбца «{name}»{did_you_mean(name, rows.column_names)}",
                where=f"validation/tables/{table.table}.yaml",
            )
    frame = rows.select([name for name in rows.column_names if name in wanted]).to_pandas()
    if not wanted:
        frame = pd.DataFrame(index=range(len(rows)))
    checks = [gx.Check(rule.id, rule.title, _expectation(rule), kwargs[rule.id], rule.severity) for rule in rules]
    return rows, list(zip(checks, verdicts.judge(table.table, frame, checks), strict=True))


def _expectation(rule: Rule) -> str:
    return "expect_column_values_to_be_in_set" if rule.check else rule.expectation


def _kwargs(sql: Sql, table: Table, rule: Rule) -> dict[str, Any]:
    if rule.check:
        return {"column": checked(rule), "value_set": [True]}
    given = sql.kwargs(table, rule)
    # Expectations about the whole table, pairs or sets of columns name no single column.
    single = rule.expectation.startswith("expect_column_") and not rule.expectation.startswith("expect_column_pair_")
    return {"column": rule.column, **given} if single and rule.column else given


def _findings(
    bench: Bench, intake: Any, table: Table, rule: Rule, rows: pa.Table, outcome: gx.Outcome
) -> Iterator[Finding]:
    if outcome.success:
        return
    count = len(outcome.failed) or 1
    told = _unreadable(intake) if rule.expectation == "expect_column_values_to_not_be_null" else set()
    for index in outcome.failed[:MOST_FINDINGS]:
        row = rows.slice(int(index), 1).to_pylist()[0]
        values = {key: value for key, value in row.items() if not key.startswith(("_", "check_", "show_"))}
        values |= {name: row[shown(rule, name)] for name in rule.show}
        values |= {"value": row.get(rule.column)}
        file, sheet, cell, number = _address(intake, table, rule, row)
        if (file, sheet, cell) not in told:
            school = f" Школа: {row['school_id']}." if len(bench.schools) > 1 and row.get("school_id") else ""
            yield _finding(table, rule, values, count, file, sheet, cell, number, school)
    if not outcome.failed:
        yield _finding(table, rule, {"value": outcome.observed}, count, _only_file(intake, table.table))
    elif len(outcome.failed) > MOST_FINDINGS:
        rest = len(outcome.failed) - MOST_FINDINGS
        text = (
            f"{rule.title}: ещё {russian.count(rest, 'такое замечание')}, всего {russian.number(len(outcome.failed))}."
        )
        yield Finding(rule.severity, table.table, rule.id, file=_only_file(intake, table.table), message_ru=text)


def _unreadable(intake: Any) -> set[tuple[str, str, str]]:
    """Cells that intake could not read and has said so: that they are empty now is no second finding."""
    return {(item.file, item.sheet, item.cell) for item in intake.findings if item.cell}


def _finding(
    table: Table, rule: Rule, values: dict[str, Any], count: int, file: str, sheet: str = "", cell: str = "",
    row: int | None = None, school: str = "",
) -> Finding:  # fmt: skip
    column = table.column(rule.column) if rule.column else None
    known = {**rule.limits, **values, "title": column.title if column else "", "count": count}
    known["values"] = ", ".join(column.values) if column else ""
    try:
        text = fill(rule.message, known)
    except KeyError as error:
        name = str(error.args[0])
        raise ConfigError(
            f"правило «{rule.id}»: в message неизвестное поле «{name}»{did_you_mean(name, sorted(known))}",
            where=f"validation/tables/{table.table}.yaml",
        ) from None
    return Finding(rule.severity, table.table, rule.id, file, sheet, cell, row, rule.column, text + school)


def _address(intake: Any, table: Table, rule: Rule, row: dict[str, Any]) -> tuple[str, str, str, int | None]:
    """Address of a failing row: its own, that of the row ``_i`` of table ``_of``, or the table's file."""
    owner = row.get("_of") or table.table
    raw = intake.tables.get(owner)
    if row.get("_i") is not None and raw is not None:
        column = rule.column or _PRINCIPAL.get(owner, "")
        file, sheet, cell, number = raw.address(raw.frame.index[row["_i"]], column)
        return file, sheet, cell, number
    if row.get("_file"):
        return row["_file"], row.get("_sheet") or "", row.get("_cell") or "", row.get("_row")
    return _only_file(intake, table.table), "", "", None


def _only_file(intake: Any, name: str) -> str:
    """The file of a table that came from one file; several files have no common address."""
    raw = intake.tables.get(name)
    files = sorted(raw.frame["_file"].unique()) if raw is not None and "_file" in raw.frame and len(raw.frame) else []
    return files[0] if len(files) == 1 else ""

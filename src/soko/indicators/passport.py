"""docs/indicators.md: the passport of every indicator, written from the catalogue so that it cannot disagree with it.

``python -m soko.indicators.passport docs/indicators.md`` writes it for the workspace around the current folder.
"""

from __future__ import annotations

import sys
from pathlib import Path

from soko.indicators.calendar import rule_of
from soko.indicators.catalogue import Catalogue, load_catalogue
from soko.indicators.model import UNKNOWN, Indicator
from soko.indicators.taken import RULES
from soko.workspace import Workspace

_BETTER = {"up": "↑", "down": "↓", "none": "○"}
UNITS = {
    "percent": "%",
    "mark": "балл",
    "points": "балл",
    "count": "число",
    "pupils": "чел.",
    "lessons": "уроков",
    "ratio": "отношение",
    "flag": "да/нет",
}
KINDS = {
    "quarter": "четверть",
    "trimester": "триместр",
    "half": "полугодие",
    "year": "учебный год",
    "calendar": "календарный год",
}
_HEAD = f"""# Indicators

Generated from `params/indicators/*.yaml` by `python -m soko.indicators.passport docs/indicators.md`. Do not edit.

## The tidy table

`school_id, period, indicator, level, grade, class, subject, sex, teacher, item, numerator, denominator, value`

* An empty dimension means all; an empty `school_id` means all schools of the workspace. Only the dimensions named by a
  grouping are filled: a row of a class has `school_id` and `class`, and no grade or level.
* Sets with `class` or `teacher` exist within a school only, since «5А» of two schools is not one class.
* `numerator` and `denominator` are additive over pupils (or marks): sum both over parts, then divide.
  `value = numerator / denominator × scale`. Never average values.
* `item` is what an indicator itself distinguishes: the level of an event, the theme of a survey, the area of
  conditions. Rows by `item` may count a pupil several times (he took part at two levels), so no row is their sum.
* A count has no denominator (empty): `value = numerator × scale`. A constant 1 there would not add up.
* A `flag` counts schools: `numerator` those that say «да», `denominator` those that answered.
* An indicator whose tables were not handed in has no rows, nor has a group whose denominator is 0; a group whose
  numerator is 0 has one. `absent.csv` lists every indicator that has no value for the whole school, with a reason code
  («nd» no data, with the tables' owners; «na» not applicable), and then, with its dimensions, every group of a
  population for which an indicator that the school has a value of has none. The codes are those of
  `soko.indicators.reasons`.
* «{UNKNOWN}» stands for a group whose value the data do not give (pupils without a sex, marks without a teacher), so
  that the rows of a dimension still sum to the school. A school that gives the dimension for nobody has no such rows.
  Pupils without a grade have no row by grade.

## Changes

`dynamics.csv` and `.parquet`: a row a group and a comparison (`against`: previous period, year ago), teachers left
out. A class is compared with its pupils (7А with last year's 6А), a grade with its pupils in the previous period and
with its place a year ago. `verdict` only by the rule of `soko.analysis.dynamics`: comparable, no small group, beyond
the threshold, and, for a share of people, beyond chance (Fisher's test, mid-p, each row for itself). A share is one of
people where the view has `once` and the set contains the dimensions that it names; `heads: false` takes an indicator
out that adds up points. An indicator whose definition is another one now is not compared (`df`).

## Choices

* GIA: one result a pupil and subject, the last one (after retakes and appeals); `…_main` is before the autumn retake.
  Shares of takers, but «below minimum» of 4.6 (11) and of order 1324 (1.10–1.13) is a share of all graduates.
* Blank cells: where nobody in the school filled the column in, there are no data; where somebody did, blank is «нет».
  Only certificates count those of whom it is said.
* `health.deviation_ratio` is additive because both shares are taken of the same pupils of 14: their base cancels.
* Order 1324: a code has one source, records where there are any, else the table `facts`. A fact is a total (computers,
  copies, m²) and is divided here; a unit «… на одного учащегося» is multiplied back.
* A twin (`same_as`) has the definition of the other indicator under a label of its own.

## The calendar year

A calendar year («2025») without files of its own is put together of the periods of two school years that end in it, as
order 462 (item 7) wants. Each indicator says below which rule it follows (`calendar` of a view or an indicator; a
school overrides it in params/conventions.yaml, `calendar_year`), and outputs/2025/sources.csv says what it took:

* `at_end`: the whole state of one period, the latest that gives a value; pupils of December never divide computers of
  May.
* `school_year`: pupils and marks at the end of the school year that ended in the year. A pupil without marks of the
  year has those of the last term, and it is said of which grades (`year_marks: given` forbids that).
* `both_halves`: rows from January to December; a file for each half must be there. Pupils are those of both school
  years.
* `terms`: sums over the terms of the year, each of which must be there.
* `summer`: examinations, works of spring, certificates, handed in with the first half of the calendar year.
* `in_year`: dated rows of the year, whichever period brought them.

Who is told of by several periods is counted once (by the table's key, the latest wins). What cannot be had is «нет
данных».

## The school year

«2025-2026/year» is put together of its own folder and the periods of that school year, by rules that follow from those
of the calendar year (`soko.indicators.school_year`): a table of the year's folder stands for those of its terms; dated
rows and sums are those of the whole year; a state is that of the year's folder, else of the last term that gives a
value; marks are those of the year, else of the last term (`year_marks`). Examinations, lists and marks of the year's
folder are joined with those of the terms. Destinations are those told in September, certificates those of June.

## Adding one

A school writes `params/indicators/own.yaml`; `replace: true` changes an indicator of the same id. A view of its own
goes under `views:` (see `params/indicators/views.yaml` for what views rest on). Every expression is tried on empty
tables when the catalogue is read; an error names the file, the line and the nearest column.

↑ more is better, ↓ less is better, ○ neutral.
"""


def markdown(catalogue: Catalogue) -> str:
    """The whole page."""
    parts = [_HEAD]
    criteria = dict.fromkeys(item.criterion for item in catalogue)
    for criterion in criteria:
        parts.append(f"## {criterion or 'Прочее'}\n")
        parts += [_entry(catalogue, item) for item in catalogue if item.criterion == criterion]
    parts.append("## Views\n")
    for view in catalogue.views.values():
        base = f" База: {view.base}." if view.base else ""
        once = "" if view.once is None else f" Человек – одна строка{_within(view.once)}."
        parts.append(f"* `{view.name}`: {view.title.lower()} ({', '.join(view.tables)}).{base}{once}")
    return "\n".join(parts) + "\n"


def _within(names: list[str]) -> str:
    return f" в разрезе {', '.join(names)}" if names else ""


def _entry(catalogue: Catalogue, item: Indicator) -> str:
    dimensions = "; ".join(" × ".join(names) if names else "school" for names in item.dimensions)
    scale = f" × {item.scale:g}" if item.scale != 1 else ""
    sql = f"`{item.numerator}`" + (f" / `{item.denominator}`" if item.denominator else "") + scale
    lines = [
        f"### `{item.id}` {_BETTER[item.better]}\n",
        f"{item.name}, {UNITS[item.unit]}." + (f" Основание: {item.clause}.\n" if item.clause else "\n"),
        f"* Формула: {item.formula}.",
        f"* База: {catalogue.base(item.id)}.",
        f"* SQL: {sql} (`{item.population}`).",
        f"* Источники: {', '.join(catalogue.tables_of(item.id))}. Разрезы: {dimensions}.",
        f"* Периодичность: {', '.join(KINDS[kind] for kind in item.periodicity)}.",
    ]
    if "calendar" in item.periodicity:
        rule = rule_of(catalogue, item, {})
        without = f"; без разрезов {', '.join(rule.without)}" if rule.without else ""
        lines.append(f"* Календарный год: {RULES[rule.take]}{without} ({rule.source}).")
    if item.same_as:
        lines.append(f"* Определение то же, что у `{item.same_as}`.")
    if item.with_count:
        lines.append("* Печатается с числом: человек/%.")
    if item.target is not None:
        lines.append(f"* Цель: {item.target:g}.")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> None:
    """Write the page to the given path."""
    Path(arguments[0]).write_text(markdown(load_catalogue(Workspace.open())), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])

"""docs/data_dictionary.md: every table, column and rule, written from the contracts so that it cannot disagree.

``python -m soko.forms.dictionary docs/data_dictionary.md`` writes it for the workspace around the current folder.
"""

from __future__ import annotations

import sys
from pathlib import Path

from soko import clean
from soko.intake.config import Context, Layout
from soko.tables import Column, Rule, Table
from soko.workspace import Workspace

_HEAD = """# Data dictionary

Generated from `validation/tables/*.yaml` and `params/sources.yaml` by
`python -m soko.forms.dictionary docs/data_dictionary.md`. Do not edit.

* A table arrives in any layout named under it, or in the template that `soko templates` writes. Headers are the Russian
  title, the name of the column or a synonym; case, ё, dots and spaces do not matter.
* Clean tables are `data/clean/<period>/<table>.parquet`. Types: `text`, `class`, `subject`, `mark`, `sex` are strings,
  `integer` is int64, `number` float64, `date` date32, `boolean` bool. `soko export` makes a Data Package of them.
* **required**: a row is not complete without it. **personal**: read, used to tell people apart, kept in `data/private`
  alone. **read only**: read, and not kept in clean tables. Codes of people are pseudonyms wherever they are kept.
* Values: what the column may hold. Intake knows other spellings (`values` of `params/sources.yaml`); a word that it
  does not know is kept, and a rule may object.
"""


def markdown(context: Context) -> str:
    """The whole page."""
    tables = list(context.tables.values())
    parts = [_HEAD, "| table | title | owner | columns | rules |", "|---|---|---|---|---|"]
    parts += [
        f"| [`{table.table}`](#{table.table}) | {_cell(table.title)} | {table.owner} | {len(table.columns)} "
        f"| {len(table.rules)} |"
        for table in tables
    ]
    parts.append("")
    for table in tables:
        parts += _table(table, [layout for layout in context.sources.layouts if layout.table == table.table])
    return "\n".join(parts)


def _table(table: Table, layouts: list[Layout]) -> list[str]:
    meaning = f"{table.title}. {table.description}".strip()
    added = " Added by the program: `grade`, `level`." if clean.has_grade(table) else ""
    parts = [
        f"## {table.table}\n",
        f"{meaning}\n",
        f"* Owner: {table.owner}.",
        f"* Key: {', '.join(f'`{name}`' for name in table.key)}.{added}",
        f"* Layouts: {'; '.join(f'`{layout.id}` ({layout.title})' for layout in layouts) or 'none'}.\n",
        "| column | title | type | unit | values | notes | also called |",
        "|---|---|---|---|---|---|---|",
        *(_column(column) for column in table.columns),
        "",
    ]
    if table.rules:
        parts += [
            "| rule | severity | column | finds | source |",
            "|---|---|---|---|---|",
            *(_rule(rule) for rule in table.rules),
            "",
        ]
    return parts


def _column(column: Column) -> str:
    flags = [
        "required" if column.required else "",
        "personal" if column.personal else "",
        "read only" if not column.clean and not column.personal else "",
        column.note,
    ]
    cells = [f"`{column.name}`", column.title, column.type, column.unit, ", ".join(column.values)]
    return _row([*cells, "; ".join(filter(None, flags)), ", ".join(column.synonyms)])


def _rule(rule: Rule) -> str:
    return _row([f"`{rule.id}`", rule.severity, f"`{rule.column}`" if rule.column else "", rule.title, rule.source])


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(_cell(cell) or "–" for cell in cells) + " |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def main(arguments: list[str]) -> None:
    """Write the page to the given path."""
    Path(arguments[0]).write_text(markdown(Context.open(Workspace.open())), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])

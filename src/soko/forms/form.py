"""What a form of a table asks for: its columns in the order of filling in, their lists, examples and rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from soko.forms import examples
from soko.intake.config import Context
from soko.tables import Column, Rule, Table

#: A person is known by a code or by a name; either will do.
_WHO = ("pupil_id", "staff_id")


@dataclass(frozen=True)
class Field:
    """One column of a form.

    ``options`` are what its drop-down list offers; ``either`` the titles of the columns of which one will do.
    """

    column: Column
    options: tuple[str, ...]
    example: Any
    rules: tuple[Rule, ...]
    either: tuple[str, ...] = ()

    @property
    def is_closed(self) -> bool:
        """Whether nothing but the options can be read; of a list of words intake keeps what it does not know."""
        return self.column.type in ("mark", "sex", "boolean")


@dataclass(frozen=True)
class Form:
    """A table as a form: who fills it in, what it asks, the rules that are about no single column of it."""

    table: Table
    owner: str
    fields: list[Field]
    rules: list[Rule]

    @property
    def names(self) -> list[str]:
        """Canonical names of the columns, in the order of the sheet."""
        return [item.column.name for item in self.fields]


def form_of(table: Table, context: Context) -> Form:
    """The form of ``table`` with the lists of this workspace."""
    columns = _asked(table)
    names = {column.name for column in columns}
    code = next((name for name in _WHO if name in names), "")
    pair = (code, "full_name") if code and "full_name" in names else ()
    titles = tuple(table.column(name).title for name in pair)
    fields = [
        Field(
            column,
            _options(column, context),
            examples.of(table.table, column, context),
            tuple(rule for rule in table.rules if rule.column == column.name),
            titles if column.name in pair else (),
        )
        for column in columns
    ]
    others = [rule for rule in table.rules if rule.column not in names]
    return Form(table, context.params.school.owner(table.table, table.owner), fields, others)


def _asked(table: Table) -> list[Column]:
    """The columns of the form: the school's code last, because a school that reports alone leaves it empty.

    A column that is read but not kept (parts of a name, the class's letter, СНИЛС) exists for exports of other
    programs; nobody is asked for it, least of all for a number of a document. Names are: people are matched by them.
    """
    asked = [column for column in table.columns if column.clean or column.type == "person"]
    return sorted(asked, key=lambda column: column.name == "school_id" and not column.required)


def _options(column: Column, context: Context) -> tuple[str, ...]:
    if column.values:
        return tuple(column.values)
    if column.type == "boolean":
        return ("да", "нет")
    if column.type == "subject":
        return tuple(subject.title for subject in context.subjects.subjects if subject.counted)
    return ()

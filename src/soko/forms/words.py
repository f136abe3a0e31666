"""A contract in plain Russian: what a column takes, how its cell is marked, what a rule wants."""

from __future__ import annotations

import re
from typing import Any

from soko import russian
from soko.findings import Severity
from soko.forms.form import Field
from soko.tables import Rule

#: What a finding of the severity means to the one who fills the form in.
SEVERITY: dict[Severity, str] = {"critical": "критично", "warning": "предупреждение", "info": "к сведению"}

_KINDS = {
    "text": "Текст",
    "integer": "Целое число",
    "number": "Число; дробная часть после запятой",
    "date": "Дата: день, месяц, год (01.09.2025)",
    "boolean": "«да» или «нет»",
    "mark": "Отметка или её обозначение",
    "class": "Класс с литерой или номером, например 5А или 5-1; без них – 10",
    "subject": "Название предмета, как в учебном плане",
    "person": "Фамилия, имя, отчество полностью",
    "sex": "Одна буква",
}
_SHORT = {"integer": "целое число", "number": "число", "date": "дата", "class": "как «5А»", "person": "полностью"}
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[А-ЯЁ«\d{])")
_FIELD = re.compile(r"\{(\w+)\}")


def kind(field: Field) -> str:
    """What to put into the column: «Целое число; единица: чел.», «Текст, например «учитель»»."""
    column = field.column
    said = _KINDS[column.type]
    if column.type == "text" and column.values:
        said = "Слово из списка"
    elif column.type == "text" and field.example:
        said = f"Текст, например {russian.quote(str(field.example))}"
    return russian.sentence(said + (f"; единица: {column.unit}" if column.unit else ""))


def mark(field: Field) -> str:
    """The small print over a header: «обязательно · дата»."""
    column = field.column
    parts = []
    if field.either:
        parts.append("код или ФИО")
    elif column.required:
        parts.append("обязательно")
    if column.type == "boolean":
        parts.append("да / нет")
    elif field.options:
        parts.append("из списка")
    elif column.type in _SHORT and not (field.either and column.type == "person"):
        parts.append(column.unit or _SHORT[column.type])
    return " · ".join(parts)


def need(field: Field) -> str:
    """Whether the column must be filled in."""
    if field.either:
        return "нужен код или ФИО"
    return "да" if field.column.required else "нет"


def advice(rule: Rule) -> str:
    """What the rule wants: its message without the sentences that speak of one faulty value."""
    known: dict[str, Any] = {
        name: russian.number(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value
        for name, value in rule.limits.items()
        if isinstance(value, (int, float, str))
    }
    filled = _FIELD.sub(lambda found: str(known.get(found[1], found[0])), rule.message)
    return " ".join(sentence for sentence in _SENTENCE.split(filled) if "{" not in sentence)


def rule_line(rule: Rule) -> str:
    """«Отметка не распознана (критично). Допустимы: … Основание: …»."""
    wanted = advice(rule)
    line = f"{rule.title} ({SEVERITY[rule.severity]})."
    if wanted and wanted.rstrip(".") != rule.title:
        line += f" {wanted}"
    return f"{line} Основание: {rule.source}." if rule.source else line


def about(field: Field) -> str:
    """Everything about a column, for the comment of its header."""
    column = field.column
    lines = [kind(field)]
    if field.either:
        lines.append(f"Достаточно одного: «{'» или «'.join(field.either)}».")
    elif column.required:
        lines.append("Заполняется обязательно.")
    if field.options and column.type not in ("boolean", "subject"):
        lines.append(f"Допустимо: {', '.join(field.options)}.")
    if column.note:
        lines.append(russian.sentence(column.note))
    if column.personal:
        lines.append("Персональные данные: в справки и показатели не попадают.")
    lines += [f"Проверка: {rule_line(rule)}" for rule in field.rules]
    return "\n".join(lines)

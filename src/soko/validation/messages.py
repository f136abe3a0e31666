"""Texts of findings: a rule's template filled with the values of the failing row."""

from __future__ import annotations

import math
from datetime import date, datetime
from string import Formatter
from typing import Any

from soko import russian


class _Russian(Formatter):
    """Format fields as a Russian reader expects them.

    ``{n:отметка|отметки|отметок}`` is the number with its word, ``{n:?стоит|стоят}`` the word alone (singular or
    plural), ``{share:.1}`` a number with one decimal. A date is ДД.ММ.ГГГГ, an empty value «не указано».
    """

    def format_field(self, value: Any, spec: str) -> str:
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return "не указано"
        if spec.startswith("?"):
            one, many = spec[1:].split("|")
            return one if russian.is_one(float(value)) else many
        if "|" in spec:
            return f"{russian.number(float(value))}\u00a0{_form(float(value), spec.split('|'))}"
        if isinstance(value, bool):
            return "да" if value else "нет"
        if isinstance(value, (date, datetime)):
            return f"{value:%d.%m.%Y}"
        if isinstance(value, (int, float)):
            return russian.number(float(value), int(spec[1:]) if spec.startswith(".") else None)
        return format(str(value), spec)


def _form(n: float, forms: list[str]) -> str:
    one, few, many = forms
    if n != int(n):
        return few  # «1,5 отметки»
    if russian.is_one(n):
        return one
    return few if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else many


_FORMATTER = _Russian()


def fill(template: str, values: dict[str, Any]) -> str:
    """The message; KeyError names a field that ``values`` lacks."""
    return _FORMATTER.vformat(template, (), values)

"""The condition of a rule in words: «снижение больше чем на 2 п.п.» of ``delta < 0 - stable_points``.

Made from the parsed expression, so that the appendix of a note says what the rule does and not what somebody once
wrote about it. A fact without words here is refused by a test, not by the note: it is then named as it is.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

from soko import russian
from soko.analysis.narrative_expr import Expression, dotted
from soko.analysis.narrative_vocabulary import FLAGS, NUMBERS
from soko.russian import NBSP


class Measure(NamedTuple):
    """What a condition has to know of an indicator: its name in print, its unit («percent», «mark», …)."""

    label: str
    unit: str


_TEXTS = {"key": "строка", "name": "строка", "level": "уровень", "school": "школа"}
_COMPARED = {
    ast.Lt: "меньше",
    ast.LtE: "не больше",
    ast.Gt: "больше",
    ast.GtE: "не меньше",
    ast.Eq: "=",
    ast.NotEq: "≠",
}
_ARITHMETIC = {ast.Add: "плюс", ast.Sub: "минус", ast.Mult: "×", ast.Div: ":"}
#: Whole comparisons that have better words than their parts; what is empty is said by its neighbour.
_WHOLE = {
    "n > 0": "есть данные",
    "value >= 0": "есть данные",
    "previous >= 0": "есть данные за прошлый период",
    "parallel_value >= 0": "есть данные параллели",
    "part > 0": "показатель больше 0",
    "part == 0": "показатель равен 0",
    "value == 0": "показатель равен 0",
    "value > 0": "показатель больше 0",
    "previous_period != year_ago_period": "прошлый период – не тот же, что год назад",
    "part < n": "показатель меньше 100 %",
    "rest > 0": "показатель меньше 100 %",
    "part == n": "показатель равен 100 %",
    "rest == 0": "показатель равен 100 %",
    "part > n": "показатель больше 100 %",
    "parent_gap < 0": "ниже среднего",
    "parent_gap > 0": "выше среднего",
    "parallel_gap < 0": "ниже параллели",
    "parallel_gap > 0": "выше параллели",
    "warnings > 0": "есть предупреждения проверки данных",
    "doubtful_in > 0": "в расчёт вошли данные, которые нужно проверить",
    "doubtful_out > 0": "нет отметок, которые нужны для расчёта",
    "part_staying > 0": "в невыпускных классах такие есть",
    "rest_leaving > 0": "в выпускных классах есть не вошедшие в числитель",
}
_LENGTHS = {
    ("weeks <= longer * previous_weeks", "previous_weeks <= longer * weeks"): "длина периодов отличается не больше чем",
    ("weeks > longer * previous_weeks", "previous_weeks > longer * weeks"): "длина периодов отличается больше чем",
}


def describe(
    expression: Expression, own: Measure | None, measures: Mapping[str, Measure], known: Mapping[str, float]
) -> str:
    """The condition in words, small letter first.

    ``own``: the rule's indicator, None where there are several of different units; ``measures``: the catalogue;
    ``known``: thresholds of the rule and of the school, which are told as numbers.
    """
    return russian.bound(_Teller(own, measures, known).clause(expression.tree, top=True))


class _Teller:
    def __init__(self, own: Measure | None, measures: Mapping[str, Measure], known: Mapping[str, float]) -> None:
        self.own, self.measures, self.known = own, measures, known

    def clause(self, node: ast.AST, *, top: bool = False) -> str:
        """What is true or false."""
        if isinstance(node, ast.BoolOp):
            return self._joined(node, top)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self._not(node.operand)
        if isinstance(node, ast.Compare):
            return self._compared(node)
        name = dotted(node)
        if name is not None:
            return self._flag(name, True)
        return f"{self.term(node)} не 0"

    def _joined(self, node: ast.BoolOp, top: bool) -> str:
        keys = self._only_keys(node)
        if keys:
            return keys
        parts = [ast.unparse(child) for child in node.values]
        said = []
        for child, text in zip(node.values, parts, strict=True):
            pair = next((pair for pair in _LENGTHS if text in pair and all(other in parts for other in pair)), None)
            if pair is None:
                said.append(self.clause(child))
            elif text == pair[0]:
                said.append(f"{_LENGTHS[pair]} в {russian.number(self.known['longer'])} раза")
        both = isinstance(node.op, ast.And)
        if both and len(said) > 2:
            return "; ".join(said)
        text = said[0] + "".join(
            f"{',' if ', ' in before and before[-1] != ')' else ''} {'и' if both else 'или'} {item}"
            for before, item in pairwise(said)
        )
        return text if top or both or len(said) == 1 else f"({text})"

    @staticmethod
    def _only_keys(node: ast.BoolOp) -> str:
        """«строка „питание“ или „охрана“» of several equalities of one name."""
        found = []
        for child in node.values:
            if not (
                isinstance(node.op, ast.Or)
                and isinstance(child, ast.Compare)
                and isinstance(child.ops[0], ast.Eq)
                and isinstance(child.comparators[0], ast.Constant)
                and isinstance(child.comparators[0].value, str)
                and dotted(child.left) in _TEXTS
            ):
                return ""
            found.append((dotted(child.left), child.comparators[0].value))
        names = {name for name, _ in found}
        if len(names) != 1:
            return ""
        return f"{_TEXTS[names.pop() or '']} – " + " или ".join(russian.quote(value) for _, value in found)

    def _not(self, node: ast.AST) -> str:
        name = dotted(node)
        return self._flag(name, False) if name is not None else f"неверно, что {self.clause(node)}"

    def _flag(self, name: str, true: bool) -> str:
        indicator, _, fact = name.rpartition(".")
        words = FLAGS.get(fact)
        text = words[0 if true else 1] if words else f"{'' if true else 'не '}{fact}"
        return f"{self._of(indicator)}: {text}" if indicator else text

    def _compared(self, node: ast.Compare) -> str:
        operands = [node.left, *node.comparators]
        said = []
        for left, op, right in zip(operands, node.ops, operands[1:], strict=False):
            whole = _WHOLE.get(f"{ast.unparse(left)} {_SIGNS[type(op)]} {ast.unparse(right)}")
            said.append(whole or self._pair(left, op, right))
        return " и ".join(said)

    def _pair(self, left: ast.AST, op: ast.cmpop, right: ast.AST) -> str:
        change = self._change(left, op, right)
        if change:
            return change
        name = dotted(left) or ""
        indicator, _, fact = name.rpartition(".")
        if indicator and f"{fact} {_SIGNS[type(op)]} {ast.unparse(right)}" in ("n > 0", "value >= 0"):
            return f"{self._of(indicator)}: есть данные"
        text = _text_of(right)
        if text is not None:
            return f"{_TEXTS.get(name, name)} – {'' if isinstance(op, ast.Eq) else 'не '}{russian.quote(text)}"
        than = not isinstance(op, ast.Eq | ast.NotEq)
        return f"{self.term(left)} {_COMPARED[type(op)]} {self.term(right, self._unit(left), than=than)}"

    def _change(self, left: ast.AST, op: ast.cmpop, right: ast.AST) -> str:
        """«снижение больше чем на 2 п.п.»: a change held against a number below or above zero."""
        name = (dotted(left) or "").rpartition(".")[2]
        size = self._size(right)
        if name not in ("delta", "year_delta", "delta_pupils", "year_delta_pupils") or size is None or size == 0:
            return ""
        down = isinstance(op, ast.Lt | ast.LtE) and size < 0
        if not down and not (isinstance(op, ast.Gt | ast.GtE) and size > 0):
            return ""
        how = "больше чем" if isinstance(op, ast.Lt | ast.Gt) else "не меньше чем"
        year = " за год" if name.startswith("year") else ""
        unit = self._with_unit(abs(size), "count" if name.endswith("pupils") else "points")
        of = " в единицах базы" if name.endswith("pupils") else ""
        return f"{'снижение' if down else 'рост'}{year}{of} {how} на {unit}"

    def _size(self, node: ast.AST) -> float | None:
        """The number that an operand comes to without the facts of an object; None where it needs them."""
        name = dotted(node)
        if name is not None:
            return self.known.get(name)
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return float(node.value)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            inner = self._size(node.operand)
            return None if inner is None else -inner
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub | ast.Add):
            left, right = self._size(node.left), self._size(node.right)
            if left is None or right is None:
                return None
            return left - right if isinstance(node.op, ast.Sub) else left + right
        return None

    def term(self, node: ast.AST, unit: str = "", *, than: bool = False) -> str:
        """What is a number; ``unit`` is the kind that its neighbour has; ``than`` asks for the genitive."""
        size = self._size(node)
        if size is not None:
            return self._with_unit(size, unit)
        name = dotted(node)
        if name is not None:
            indicator, _, fact = name.rpartition(".")
            words = NUMBERS.get(fact, (fact, fact, ""))[1 if than else 0]
            if not indicator:
                return words
            return self._of(indicator) if fact == "value" else f"{words} ({self._of(indicator)})"
        if isinstance(node, ast.BinOp):
            return f"{self.term(node.left, than=than)} {_ARITHMETIC[type(node.op)]} {self.term(node.right, than=than)}"
        if isinstance(node, ast.UnaryOp):
            return f"минус {self.term(node.operand)}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            inner = ", ".join(self.term(item) for item in node.args)
            return {"abs": f"размер ({inner})", "min": f"меньшее из ({inner})", "max": f"большее из ({inner})"}.get(
                node.func.id, f"округлённо ({inner})"
            )
        return f"({self.clause(node)})"

    def _unit(self, node: ast.AST) -> str:
        name = dotted(node) or ""
        indicator, _, fact = name.rpartition(".")
        kind = NUMBERS.get(fact, ("", "", ""))[2]
        return f"{indicator}|{kind}" if indicator else kind

    def _with_unit(self, size: float, kind: str) -> str:
        indicator, _, kind = kind.rpartition("|")
        measure = self.measures.get(indicator) if indicator else self.own
        unit = measure.unit if measure else ""
        if unit == "percent" and kind == "own":
            return f"{russian.number(size)}{NBSP}%"
        if unit == "percent" and kind == "points":
            return f"{russian.number(size)}{NBSP}п.п."
        return russian.number(size)

    def _of(self, indicator: str) -> str:
        measure = self.measures.get(indicator)
        return russian.quote(measure.label if measure else indicator)


_SIGNS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}


def _text_of(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None

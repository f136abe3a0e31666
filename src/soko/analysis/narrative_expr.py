"""Conditions of the sentence rules: a small, safe expression over named facts.

Allowed: names, numbers, strings, ``and or not``, comparisons (chains too), ``+ - * /``, ``abs min max round``.
A dotted name («outcomes.success.value») is a fact of another indicator. A fact without a value (no previous
period, say) makes the whole condition undecided: the rule is then neither met nor «checked».
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Collection, Mapping
from typing import Any

from soko.hints import did_you_mean

_BINARY: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARE: dict[type, Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {"abs": abs, "min": min, "max": max, "round": round}


class ExpressionError(ValueError):
    """The expression cannot be used; the Russian message says why. The rule loader adds file and line."""


class _UndecidedError(Exception):
    pass


class Expression:
    """A parsed condition. ``names`` are the facts that it reads, ``tree`` is what it was parsed into."""

    def __init__(self, text: str) -> None:
        """Parse ``text``; raise ExpressionError in Russian when it is not an allowed expression."""
        self.text = text
        try:
            self.tree = ast.parse(text.strip(), mode="eval").body
        except SyntaxError:
            raise ExpressionError(f"условие «{text}» не читается: проверьте скобки и знаки сравнения") from None
        self.names: set[str] = set()
        self._check(self.tree)

    def require(self, known: Collection[str]) -> None:
        """Raise ExpressionError with the nearest valid name when the expression reads an unknown fact."""
        for name in sorted(name for name in self.names if name not in known):
            raise ExpressionError(
                f"в условии «{self.text}» неизвестное имя «{name}»{did_you_mean(name, sorted(known))}"
            )

    def __call__(self, facts: Mapping[str, Any]) -> Any:
        """Value of the expression; None when a fact that decides it is absent."""
        try:
            return self._value(self.tree, facts)
        except _UndecidedError:
            return None
        except ZeroDivisionError:
            return None

    def _check(self, node: ast.AST) -> None:
        name = dotted(node)
        if name is not None:
            self.names.add(name)
            return
        if isinstance(node, ast.Call):
            function = node.func.id if isinstance(node.func, ast.Name) else ""
            if function not in _FUNCTIONS or node.keywords:
                raise ExpressionError(
                    f"в условии «{self.text}» нельзя вызвать «{function or ast.unparse(node.func)}»; "
                    f"допустимы: {', '.join(sorted(_FUNCTIONS))}"
                )
            children: list[ast.AST] = list(node.args)
        elif isinstance(node, ast.Constant):
            if not isinstance(node.value, (bool, int, float, str)):
                raise ExpressionError(f"в условии «{self.text}» недопустимо значение {node.value!r}")
            children = []
        elif isinstance(node, ast.BoolOp):
            children = list(node.values)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
            children = [node.operand]
        elif isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
            children = [node.left, node.right]
        elif isinstance(node, ast.Compare) and all(type(op) in _COMPARE for op in node.ops):
            children = [node.left, *node.comparators]
        else:
            raise ExpressionError(f"в условии «{self.text}» недопустимо «{ast.unparse(node)}»")
        for child in children:
            self._check(child)

    def _value(self, node: ast.AST, facts: Mapping[str, Any]) -> Any:
        name = dotted(node)
        if name is not None:
            value = facts.get(name)
            if value is None or value != value:  # NaN is no fact either
                raise _UndecidedError
            return value
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.BoolOp):
            return self._bool(node, facts)
        if isinstance(node, ast.UnaryOp):
            inner = self._value(node.operand, facts)
            return not inner if isinstance(node.op, ast.Not) else -inner
        if isinstance(node, ast.BinOp):
            return _BINARY[type(node.op)](self._value(node.left, facts), self._value(node.right, facts))
        if isinstance(node, ast.Compare):
            left = self._value(node.left, facts)
            for op, right_node in zip(node.ops, node.comparators, strict=True):
                right = self._value(right_node, facts)
                if not _COMPARE[type(op)](left, right):
                    return False
                left = right
            return True
        assert isinstance(node, ast.Call)
        assert isinstance(node.func, ast.Name)
        return _FUNCTIONS[node.func.id](*(self._value(arg, facts) for arg in node.args))

    def _bool(self, node: ast.BoolOp, facts: Mapping[str, Any]) -> bool:
        # A decided part can settle the whole («a or b» with a true) even when the other part is undecided.
        settles = isinstance(node.op, ast.Or)
        undecided = False
        for child in node.values:
            try:
                if bool(self._value(child, facts)) == settles:
                    return settles
            except _UndecidedError:
                undecided = True
        if undecided:
            raise _UndecidedError
        return not settles


def dotted(node: ast.AST) -> str | None:
    """«outcomes.success.value»: a name, with dots or without; None for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        head = dotted(node.value)
        return f"{head}.{node.attr}" if head else None
    return None

"""The language of the templates: Jinja in a sandbox, cut down to names, loops and conditions, checked before use.

A template may come from outside. Only what ``FIELDS`` names can be printed; no call, no arithmetic, no attribute of a
Python object is possible, a loop goes through a list of the note, so that no template can run long. A name that does
not exist is refused with the nearest one, in branches that are not taken as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from soko.errors import ConfigError
from soko.hints import did_you_mean

_FILTERS = {"upper": "все буквы прописные", "lower": "все буквы строчные"}
_LOOP: dict[str, Any] = dict.fromkeys(("index", "first", "last", "length"), "место в перечне")
_CONDITIONS = (nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand, nodes.Const)
_STRAY = re.compile(r"\{\{|\}\}|\{%|%\}")
_Scope = dict[str, Any]


class Environment(ImmutableSandboxedEnvironment):
    """Jinja for one template. ``fields`` is the pattern of what it may name, ``where`` the file, for messages.

    After rendering ``used`` has the names that the template has printed or gone through.
    """

    def __init__(self, fields: dict[str, Any], where: str) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.fields = fields
        self.where = where
        self.used: set[str] = set()
        self.filters = {name: self.filters[name] for name in _FILTERS}
        self.globals.clear()

    def from_string(self, source: Any, *arguments: Any, **named: Any) -> Any:
        """Check ``source``, then compile it; ConfigError with the paragraph that is wrong."""
        check = _Check(self, str(source))
        try:
            check.body(self.parse(str(source)).body, self.fields)
            return super().from_string(source, *arguments, **named)
        except TemplateSyntaxError as error:
            raise check.refused(
                "подстановка записана неверно: скобки {{ }}, {% %} не закрыты, у for или if нет пары endfor, endif "
                "или это не подстановка, цикл или условие",
                error.lineno,
            ) from None
        except TemplateError:
            raise check.refused("подстановка записана неверно", 1) from None


class _Check:
    """One pass over a parsed template."""

    def __init__(self, environment: Environment, source: str) -> None:
        self.environment = environment
        self.lines = source.splitlines()

    def refused(self, message: str, line: int, todo: str = "") -> ConfigError:
        text = (
            " ".join(re.sub(r"<[^>]*>", "", self.lines[min(line, len(self.lines)) - 1]).split()) if self.lines else ""
        )
        place = f"{self.environment.where}, абзац «{text[:70]}»" if text else self.environment.where
        return ConfigError(
            message, where=place, todo=todo or "исправьте шаблон; что в него можно вписать – README.ru.md"
        )

    def body(self, found: list[nodes.Node], scope: _Scope) -> None:
        for node in found:
            self.statement(node, scope)

    def statement(self, node: nodes.Node, scope: _Scope) -> None:
        match node:
            case nodes.Output():
                for part in node.nodes:
                    self.printed(part, scope)
            case nodes.For():
                self.loop(node, scope)
            case nodes.If():
                for test in (node.test, *(branch.test for branch in node.elif_)):
                    self.condition(test, scope)
                self.body(node.body, scope)
                for branch in node.elif_:
                    self.body(branch.body, scope)
                self.body(node.else_, scope)
            case _:
                raise self.refused("в шаблоне допустимы только подстановки, циклы for и условия if", node.lineno)

    def printed(self, node: nodes.Node, scope: _Scope) -> None:
        if isinstance(node, nodes.TemplateData):
            text = re.sub(r"<[^>]*>", "", node.data)
            if _STRAY.search(text):
                raise self.refused("лишние или непарные скобки подстановки", node.lineno)
            return
        name, value = self.value(node, scope)
        if isinstance(value, list):
            raise self.refused(f"«{name}» – перечень: его печатают циклом for", node.lineno)
        if isinstance(value, dict):
            known = ", ".join(f"{name}.{key}" for key in value)
            raise self.refused(f"«{name}» состоит из частей: {known}", node.lineno)

    def loop(self, node: nodes.For, scope: _Scope) -> None:
        name, value = self.value(node.iter, scope)
        if not isinstance(value, list):
            raise self.refused(f"«{name}» – не перечень, цикл по нему невозможен", node.lineno)
        if not isinstance(node.target, nodes.Name) or node.test is not None or node.recursive:
            raise self.refused("цикл записывают так: {%p for item in items %}", node.lineno)
        self.body(node.body, scope | {node.target.name: value[0], "loop": _LOOP})
        self.body(node.else_, scope)

    def condition(self, node: nodes.Node, scope: _Scope) -> None:
        if isinstance(node, _CONDITIONS):
            for part in _parts(node):
                self.condition(part, scope)
        else:
            self.value(node, scope)

    def value(self, node: nodes.Node, scope: _Scope) -> tuple[str, Any]:
        """The name as it is written, and its pattern in ``FIELDS``."""
        match node:
            case nodes.Name():
                self.environment.used.add(node.name)
                return node.name, self.member(node.name, node.name, scope, node.lineno)
            case nodes.Getattr():
                before, pattern = self.value(node.node, scope)
                if not isinstance(pattern, dict):
                    raise self.refused(f"у «{before}» нет частей, а написано «{before}.{node.attr}»", node.lineno)
                return f"{before}.{node.attr}", self.member(node.attr, f"{before}.{node.attr}", pattern, node.lineno)
            case nodes.Filter() if node.name in _FILTERS and node.node is not None and not node.args:
                return self.value(node.node, scope)
            case nodes.Filter():
                raise self.refused(
                    f"преобразование «{node.name}» не поддерживается; допустимы: {', '.join(_FILTERS)}", node.lineno
                )
        raise self.refused("допустимы только имена: вычислений и вызовов в шаблоне нет", node.lineno)

    def member(self, name: str, written: str, known: dict[str, Any], line: int) -> Any:
        if name not in known:
            raise self.refused(f"неизвестная подстановка «{written}»{did_you_mean(name, sorted(known))}", line)
        return known[name]


def _parts(node: nodes.Node) -> Iterator[nodes.Node]:
    yield from node.iter_child_nodes()

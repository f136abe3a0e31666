"""Russian for what typer itself says: help headings, the help option, errors of a wrong call."""

from __future__ import annotations

import re
import sys
from functools import cache
from types import ModuleType
from typing import Any

import typer.core

from soko.hints import did_you_mean

_HELP = {
    "help": "Показать эту справку и выйти.",
    "install_completion": "Установить автодополнение команд для этой оболочки.",
    "show_completion": "Показать сценарий автодополнения, чтобы скопировать его.",
}


@cache
def _panels() -> None:
    """Give the panels of help their Russian titles; only help pays for the import.

    rich's Markdown and Traceback are not imported with it: together with a parser and a highlighter they are more
    than half of the time of «soko --help», which shows neither.
    """
    names = {"rich.markdown": "Markdown", "rich.traceback": "Traceback"}
    absent = [module for module in names if module not in sys.modules]
    for module in absent:
        sys.modules[module] = ModuleType(module)
        setattr(sys.modules[module], names[module], type(names[module], (), {}))
    try:
        import typer.rich_utils as panels
    finally:
        for module in absent:
            del sys.modules[module]
    panels.ARGUMENTS_PANEL_TITLE = "Что указать"
    panels.OPTIONS_PANEL_TITLE = "Параметры"
    panels.COMMANDS_PANEL_TITLE = "Команды"
    panels.DEFAULT_STRING = "[по умолчанию: {}]"
    panels.ENVVAR_STRING = "[переменная среды: {}]"
    panels.REQUIRED_LONG_STRING = "[обязательно]"


def _no_type(*_: Any, **__: Any) -> None:
    return None


class _Russian:
    """Mixin: usage line and standard options in Russian."""

    def get_usage(self, ctx: Any) -> str:
        text: str = super().get_usage(ctx)  # type: ignore[misc]
        return text.replace("Usage: ", "Вызов: ").replace("[OPTIONS]", "[ПАРАМЕТРЫ]").replace("COMMAND [ARGS]...", "…")

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _panels()
        super().format_help(ctx, formatter)  # type: ignore[misc]

    def get_params(self, ctx: Any) -> list[Any]:
        params: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for param in params:
            if param.name in _HELP:
                param.help = _HELP[param.name]
            if getattr(param, "is_flag", False):
                param.metavar = ""  # typer would print <bool>
            if param.param_type_name == "argument":
                param.display_type_rich = _no_type  # and <str>
        return params


class RussianCommand(_Russian, typer.core.TyperCommand):
    """A command whose help is Russian."""


class RussianGroup(_Russian, typer.core.TyperGroup):
    """The command group whose help is Russian."""

    command_class = RussianCommand


def explain(error: Any, commands: list[str]) -> str:
    """Say in Russian what was wrong with the call. Unknown kinds get a general sentence, never English."""
    kind = type(error).__name__
    option = getattr(error, "option_name", None)
    if kind == "NoSuchOption":
        near = getattr(error, "possibilities", None) or []
        hint = f"; возможно, имелось в виду {', '.join(near)}" if near else ""
        return f"нет параметра {option}{hint}"
    if kind == "BadOptionUsage":
        return f"параметру {option} нужно значение"
    param = getattr(error, "param", None)
    if kind == "MissingParameter" and param is not None:
        return f"не указано: {param.metavar or param.name}"
    if kind == "BadParameter" and param is not None:
        return f"неподходящее значение: {param.name}"
    unknown = re.search(r"No such command '([^']*)'", error.format_message())
    if unknown:
        return f"команды «{unknown[1]}» нет{did_you_mean(unknown[1], commands)}"
    extra = re.search(r"unexpected extra argument(?:\(s\)|s)? \(([^)]*)\)", error.format_message())
    if extra:
        asked = {name for item in error.ctx.command.params for name in item.opts} if error.ctx else set()
        told = re.fullmatch(r"\d{4}(?:-\d{4}(?:/\w+)?)?", extra[1]) and "--period" in asked
        return f"лишнее в команде: {extra[1]}" + (f"; период указывают так: --period {extra[1]}" if told else "")
    return "команда вызвана неверно"

"""Russian for what typer itself says: help headings, the help option, errors of a wrong call."""

from __future__ import annotations

import re
from typing import Any

import typer.core
import typer.rich_utils

from soko.hints import did_you_mean

typer.rich_utils.ARGUMENTS_PANEL_TITLE = "Что указать"
typer.rich_utils.OPTIONS_PANEL_TITLE = "Параметры"
typer.rich_utils.COMMANDS_PANEL_TITLE = "Команды"
typer.rich_utils.DEFAULT_STRING = "[по умолчанию: {}]"
typer.rich_utils.ENVVAR_STRING = "[переменная среды: {}]"
typer.rich_utils.REQUIRED_LONG_STRING = "[обязательно]"

_HELP = {
    "help": "Показать эту справку и выйти.",
    "install_completion": "Установить автодополнение команд для этой оболочки.",
    "show_completion": "Показать сценарий автодополнения, чтобы скопировать его.",
}


def _no_type(*_: Any, **__: Any) -> None:
    return None


class _Russian:
    """Mixin: usage line and standard options in Russian."""

    def get_usage(self, ctx: Any) -> str:
        text: str = super().get_usage(ctx)  # type: ignore[misc]
        return text.replace("Usage: ", "Вызов: ").replace("[OPTIONS]", "[ПАРАМЕТРЫ]").replace("COMMAND [ARGS]...", "…")

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
    return "команда вызвана неверно"

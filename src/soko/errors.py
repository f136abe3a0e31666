"""Every error that soko raises on purpose: what happened, where, what was expected, what to do.

The message reaches an analyst, so it is Russian. The CLI prints it without a traceback and exits with ``exit_code``.
"""

from __future__ import annotations


class SokoError(Exception):
    """Base class.

    ``message`` says what happened; ``where`` the file, line, sheet or cell; ``todo`` what the reader should do.
    """

    exit_code = 3

    def __init__(self, message: str, *, where: str = "", todo: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.todo = todo

    def __str__(self) -> str:
        parts = [f"{self.where}: {self.message}" if self.where else self.message]
        if self.todo:
            parts.append(f"Что сделать: {self.todo}")
        return "\n".join(parts)


class UsageError(SokoError):
    """The command was called wrongly: unknown period, not a workspace, unknown note."""

    exit_code = 2


class ConfigError(SokoError):
    """A YAML file of params/ or validation/ is wrong: unknown key, duplicate key, bad expression."""

    exit_code = 2


class DataError(SokoError):
    """The incoming data cannot be used: critical findings, no folder, unreadable file."""

    exit_code = 1


class FailureError(SokoError):
    """A failure of ours: an expectation that raised, a notebook that crashed, a renderer that refused."""

    exit_code = 3

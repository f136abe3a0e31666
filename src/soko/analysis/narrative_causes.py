"""The list of causes that an analyst may suppose: params/narrative/causes.yaml. The program itself names none."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from pydantic import Field

from soko.errors import ConfigError
from soko.hints import did_you_mean
from soko.yamlio import Strict, load, load_raw


class NamedCause(Strict):
    """A cause: the words after «Предположение: », and of which indicators it may be one (ids, or ``outcomes.*``)."""

    id: str
    text: str
    indicators: list[str] = Field(default_factory=list)

    def fits(self, indicators: Collection[str]) -> bool:
        """Whether it may be supposed where figures of these indicators stand; one without a list fits everywhere."""
        return not self.indicators or any(_matches(pattern, name) for pattern in self.indicators for name in indicators)


class CauseFile(Strict):
    """params/narrative/causes.yaml.

    ``major``: concerns of rules with this place on page one (``headline``) or a more urgent one are given a line to
    fill in where no cause is named.
    """

    major: int = Field(default=3, ge=0)
    causes: list[NamedCause]


def load_causes(path: Path, indicators: Collection[str]) -> CauseFile:
    """Read the list; ConfigError with the line for an id given twice and for indicators that do not exist."""
    file = load(path, CauseFile)
    seen: set[str] = set()
    known = frozenset(indicators)
    for number, cause in enumerate(file.causes):
        wrong = [name for name in cause.indicators if name not in known and not _fits_any(name, known)]
        if cause.id in seen or wrong:
            lines = load_raw(path)[1]
            message = f"причина «{cause.id}» записана дважды"
            if wrong:
                message = f"нет показателя «{wrong[0]}»{did_you_mean(wrong[0], sorted(indicators))}"
            raise ConfigError(
                message,
                where=f"{path}, строка {lines.get(('causes', number), 1)}",
                todo="исправьте файл и повторите команду",
            )
        seen.add(cause.id)
    return file


def _fits_any(pattern: str, names: Collection[str]) -> bool:
    return pattern.endswith("*") and any(_matches(pattern, name) for name in names)


def _matches(pattern: str, name: str) -> bool:
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern

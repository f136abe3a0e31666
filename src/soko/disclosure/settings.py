"""params/disclosure.yaml: thresholds, what is protected, what is published only as a whole, what readers know."""

from __future__ import annotations

from datetime import date
from fnmatch import fnmatchcase

from pydantic import Field, model_validator

from soko.dated import Dated, held
from soko.errors import ConfigError
from soko.workspace import Workspace
from soko.yamlio import Strict, load

NAME = "disclosure.yaml"


class Thresholds(Strict):
    """The smallest group whose figures are shown, and the smallest count that is (nought is shown)."""

    group: int = Field(default=10, ge=3, le=100)
    cell: int = Field(default=5, ge=3, le=100)

    @model_validator(mode="after")
    def _in_order(self) -> Thresholds:
        if self.cell > self.group:
            raise ValueError("нужно cell ≤ group: ячейка не больше группы, в которой она стоит")
        return self


class Identity(Strict):
    """Numerators with their weights that sum to the numerator (``part``) or the denominator (``base``) of another."""

    sum: dict[str, float] = Field(min_length=1)
    part: str = ""
    base: str = ""

    @model_validator(mode="after")
    def _one(self) -> Identity:
        if bool(self.part) == bool(self.base):
            raise ValueError("нужно ровно одно из part и base: чему равна сумма")
        return self


class Disclosure(Strict):
    """The settings of disclosure control; clauses of privacy rules stand in docs/privacy.md."""

    limits: list[Dated[Thresholds]] = Field(min_length=1)
    children: list[str] = Field(min_length=1)
    whole_only: list[str] = Field(default_factory=list)
    never_by: list[str] = Field(default_factory=lambda: ["teacher"])
    identities: list[Identity] = Field(default_factory=list)

    def on(self, day: date) -> Thresholds:
        """The thresholds in force. ConfigError when none is yet."""
        found = held(self.limits, day)
        if found is None:
            raise ConfigError(f"на {day:%d.%m.%Y} не заданы пороги публикации", where=f"params/{NAME}, limits")
        return found.value

    def is_whole_only(self, indicator: str) -> bool:
        """Whether the indicator leaves the school for the school and its levels only."""
        return any(fnmatchcase(indicator, pattern) for pattern in self.whole_only)


def read(workspace: Workspace) -> Disclosure:
    """The settings of the workspace. ConfigError names the file and the line."""
    return load(workspace.params / NAME, Disclosure)

"""params/disclosure.yaml: thresholds, what leaves the school and how finely, what is protected, what readers know."""

from __future__ import annotations

import datetime
import re
from datetime import date
from fnmatch import fnmatchcase
from functools import cached_property
from typing import NamedTuple

from pydantic import Field, field_validator, model_validator

from soko.dated import Dated, held
from soko.errors import ConfigError
from soko.indicators.model import DIMENSIONS
from soko.resources import root
from soko.workspace import Workspace
from soko.yamlio import Strict, load

NAME = "disclosure.yaml"
_LEAST = 3  # of two children each knows the other: below three nothing is protected
_TERM = re.compile(r"(?P<indicator>[a-z0-9_.*]+?)(?P<base>/base)?(?:@(?P<at>[a-z]+=[^,@]+(?:,[a-z]+=[^,@]+)*))?")


class Thresholds(Strict):
    """The smallest group whose figures are shown, and the smallest count that is (nought is shown)."""

    group: int = Field(default=10, le=100)
    cell: int = Field(default=5, le=100)

    @model_validator(mode="after")
    def _possible(self) -> Thresholds:
        for name, value in (("group", self.group), ("cell", self.cell)):
            if value < _LEAST:
                raise ValueError(
                    f"порог {name}: {value} никого не защищает: ребёнка, которого касается число, узнают сразу; "
                    f"наименьший возможный порог – {_LEAST}, принятые – 10 для группы и 5 для ячейки"
                )
        if self.cell > self.group:
            raise ValueError("нужно cell ≤ group: ячейка не больше группы, в которой она стоит")
        return self


class Released(Strict):
    """Indicators (names or patterns) and the sets of dimensions by which they may leave; [] is the whole school."""

    indicators: list[str] = Field(min_length=1)
    by: list[list[str]] = Field(min_length=1)

    @field_validator("by")
    @classmethod
    def _known(cls, sets: list[list[str]]) -> list[list[str]]:
        for name in {name for names in sets for name in names}:
            if name not in DIMENSIONS:
                raise ValueError(f"нет разреза «{name}», есть: {', '.join(DIMENSIONS)}")
        return sets


class OneTeacher(Strict):
    """Figures by subject that are a rating of the teacher where fewer than ``least`` of them teach the subject."""

    indicators: list[str] = Field(default_factory=list)
    least: int = Field(default=2, ge=1)
    known_by: str = "subjects.quality"


class Behind(Strict):
    """Indicators that count lessons or points: the base of ``heads`` says how many children stand behind a row."""

    indicators: list[str] = Field(min_length=1)
    heads: str


class Term(NamedTuple):
    """An amount in an identity: the part or the base of an indicator, at a place of its own or at that of the whole."""

    indicator: str
    base: bool
    at: tuple[tuple[str, str], ...]


def term(text: str) -> Term:
    """Read «indicator», «indicator/base», «indicator@level=НОО», «indicator/base@subject=Физика»."""
    found = _TERM.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"«{text}» – не показатель; нужно: показатель, показатель/base, показатель@разрез=значение")
    at = tuple(tuple(pair.split("=", 1)) for pair in (found["at"] or "").split(",") if pair)
    for name, _ in at:
        if name not in DIMENSIONS:
            raise ValueError(f"«{text}»: нет разреза «{name}», есть: {', '.join(DIMENSIONS)}")
    return Term(found["indicator"], bool(found["base"]), at)


class Identity(Strict):
    """Amounts with their weights that sum to another: what the definitions of indicators say to every reader.

    ``*`` in a name stands for each of ``families``. A weight may be the name of a setting of the period (w5: weight of
    a «5» in the degree of mastery).
    """

    sum: dict[str, float | str] = Field(min_length=1)
    equals: str
    families: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _readable(self) -> Identity:
        for text in (*self.sum, self.equals):
            term(text)
        if term(self.equals).at:
            raise ValueError(f"«{self.equals}»: место после «@» бывает только у слагаемых, не у суммы")
        if any("*" in text for text in (*self.sum, self.equals)) != bool(self.families):
            raise ValueError("звёздочка в именах и families бывают только вместе")
        return self

    @cached_property
    def written_out(self) -> list[tuple[dict[Term, float | str], Term]]:
        """One identity for each family, names in full."""
        return [
            ({term(text.replace("*", name)): w for text, w in self.sum.items()}, term(self.equals.replace("*", name)))
            for name in self.families or [""]
        ]


class Carried(Strict):
    """What stands at the end of a period is what stands at the start of the next one."""

    end: str
    start: str


class Told(Strict):
    """A hidden figure that earlier releases told already, as the refusal names it; who answers for going on, and why.

    What has left cannot be hidden again: without this one wrong release would stop all that follow it.
    """

    what: str = Field(min_length=3)
    by: str = Field(min_length=3)
    date: datetime.date
    reason: str = Field(min_length=3)


class Disclosure(Strict):
    """The settings of disclosure control."""

    limits: list[Dated[Thresholds]] = Field(min_length=1)
    children: list[str] = Field(min_length=1)
    children_in_part: list[str] = Field(default_factory=list)
    released: list[Released] = Field(min_length=1)
    never: list[str] = Field(default_factory=list)
    whole_only: list[str] = Field(default_factory=list)
    never_by: list[str] = Field(default_factory=lambda: ["teacher", "sex"])
    one_teacher: OneTeacher = Field(default_factory=OneTeacher)
    behind: list[Behind] = Field(default_factory=list)
    hidden_last: list[str] = Field(default_factory=list)
    identities: list[Identity] = Field(default_factory=list)
    carried: list[Carried] = Field(default_factory=list)
    already_told: list[Told] = Field(default_factory=list)

    def in_force(self, day: date) -> Dated[Thresholds]:
        """The thresholds of the day with since when and on what ground. ConfigError when there are none yet."""
        found = held(self.limits, day)
        if found is None:
            raise ConfigError(
                f"на {day:%d.%m.%Y} не заданы пороги публикации",
                where=f"params/{NAME}, limits",
                todo="добавьте порог с более ранней датой since",
            )
        return found

    def rank(self, indicator: str) -> int:
        """How late the indicator is hidden for others: 0 for most, the highest for the first of ``hidden_last``."""
        for at, pattern in enumerate(self.hidden_last):
            if fnmatchcase(indicator, pattern):
                return len(self.hidden_last) - at
        return 0

    def sets(self, indicator: str) -> set[frozenset[str]]:
        """The sets of dimensions by which the indicator may leave; none when it may not leave at all."""
        if matches(indicator, self.never):
            return set()
        found = {
            frozenset(names)
            for entry in self.released
            if matches(indicator, entry.indicators)
            for names in entry.by
            if not set(names) & set(self.never_by)
        }
        if matches(indicator, self.whole_only):
            found = {names for names in found if not names & {"grade", "class", "sex"}}
        return found


def matches(indicator: str, patterns: list[str]) -> bool:
    """Whether one of the patterns («health.*») is of the indicator."""
    return any(fnmatchcase(indicator, pattern) for pattern in patterns)


def read(workspace: Workspace) -> Disclosure:
    """The settings of the workspace, the program's own where it has none. ConfigError names the file and the line."""
    own = workspace.params / NAME
    return load(own if own.is_file() else root() / "params" / NAME, Disclosure)

"""The schema of params/plan.yaml."""

from __future__ import annotations

from datetime import date

from pydantic import Field, field_validator, model_validator

from soko.hints import did_you_mean
from soko.yamlio import Strict

#: For which periods of a school year an occasion is: every one of a kind, or a certain one.
PERIODS = (
    "term",
    "first_term",
    "last_term",
    "half",
    "first_half",
    "second_half",
    "year",
    "calendar",
)
#: Where the files of an occasion may lie, as seen from its period.
FILES = ("own", "last_term", "any_term")
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _known(kind: str, name: str, names: tuple[str, ...]) -> str:
    if name not in names:
        raise ValueError(f"{kind} «{name}» нет{did_you_mean(name, list(names))}")
    return name


class Due(Strict):
    """When the document must be ready: some working days after the period's last day, or by a date of every year."""

    workdays_after_end: int | None = Field(default=None, ge=0, le=120)
    month: int | None = Field(default=None, ge=1, le=12)
    day: int | None = Field(default=None, ge=1, le=31)

    @model_validator(mode="after")
    def _one_way(self) -> Due:
        fixed = self.month is not None and self.day is not None
        if fixed == (self.workdays_after_end is not None) or (self.month is None) != (self.day is None):
            raise ValueError("нужно либо workdays_after_end, либо month и day вместе")
        if self.month is not None and self.day is not None and self.day > _LENGTHS[self.month - 1]:
            raise ValueError(f"в этом месяце нет {self.day}-го числа, которое бывает каждый год")
        return self


class Occasion(Strict):
    """One time that a procedure is held: for which period, by when, from which tables.

    ``tables`` narrows the procedure's; ``files`` says in whose folders of data/incoming they are looked for.
    ``files_due``: the day of the files, where they are gathered earlier than ``Plan.files_before`` the document.
    """

    period: str
    due: Due
    files_due: Due | None = None
    tables: list[str] = Field(default_factory=list)
    files: list[str] = Field(default_factory=lambda: ["own", "last_term"], min_length=1)

    @field_validator("period")
    @classmethod
    def _period(cls, name: str) -> str:
        return _known("вида периода", name, PERIODS)

    @field_validator("files")
    @classmethod
    def _files(cls, names: list[str]) -> list[str]:
        return [_known("места файлов", name, FILES) for name in names]


class Responsible(Strict):
    """Who answers: a post and, where the school names people, the key of ``responsible`` in school.yaml."""

    post: str
    key: str = ""


class Document(Strict):
    """What a procedure ends in (4.18): its title and who considers it afterwards."""

    title: str
    after: str = ""


class Procedure(Strict):
    """One procedure of 4.4. ``section`` is the part of the document's notebook that tells of it.

    ``grades``: whom it is about, where it is about some only; a school without them does not hold it.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$")
    clause: str
    object: str
    name: str
    indicators: list[str] = Field(min_length=1)
    tables: list[str] = Field(min_length=1)
    methods: list[str] = Field(min_length=1)
    occasions: list[Occasion] = Field(min_length=1)
    responsible: list[Responsible] = Field(min_length=1)
    form: str
    levels: list[str] = Field(min_length=1)
    document: str
    section: str = ""
    grades: list[int] = Field(default_factory=list)

    def tables_of(self, occasion: Occasion) -> list[str]:
        """The tables that the occasion needs."""
        return occasion.tables or self.tables


class Plan(Strict):
    """params/plan.yaml.

    ``objects``, ``forms`` and ``levels`` are the regulation's words for what the procedures name (4.4, 4.10, 4.11);
    ``files_before`` how many working days before the document its files are due.
    """

    source: str
    since: date
    files_before: int = Field(ge=0, le=30)
    objects: dict[str, str] = Field(min_length=1)
    forms: dict[str, str] = Field(min_length=1)
    levels: dict[str, str] = Field(min_length=1)
    documents: dict[str, Document] = Field(min_length=1)
    procedures: list[Procedure] = Field(min_length=1)

    def number(self, procedure: str) -> int:
        """The place of the procedure in the plan, from 1."""
        return next(at for at, item in enumerate(self.procedures, start=1) if item.id == procedure)

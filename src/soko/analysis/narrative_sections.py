"""What a note consists of, as params/narrative/*.yaml says it: heading, introduction, sections and what they show.

A section shows tables and charts of indicators by name, so that a note on another theme is a file of settings. What
each kind looks like is ``soko.notes.shown``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from soko.periods import Kind as PeriodKind
from soko.yamlio import Strict

#: Tables: figures of several indicators; one row an object of a dimension; figures beside those of others; changes
#: with a verdict by rule (dynamics). Charts: the rest.
Kind = Literal[
    "values", "by", "beside", "dynamics", "reference",
    "bars", "stacked", "slope", "heat", "multiples", "histogram", "funnel", "run_chart",
]  # fmt: skip
#: ``work`` is a subject in a parallel, as a work is written; ``class_subject`` a subject in a class.
Dimension = Literal["level", "grade", "class", "subject", "sex", "item", "work", "class_subject"]
#: What a figure may stand beside: that of the parallel, that of the level.
Beside = Literal["grade", "level"]

# Kinds that need a dimension, and those of one indicator alone.
_OF_DIMENSION = {"by", "bars", "slope", "heat", "multiples", "histogram", "funnel"}
_OF_ONE = {"bars", "run_chart", "slope", "heat", "funnel"}
# Kinds of two dimensions; the second is optional for the others named.
_ACROSS = {"heat"}
_MAY_BE_ACROSS = {"multiples"}


def among(key: str, patterns: Iterable[str]) -> bool:
    """Whether a value of a dimension is one of ``patterns``; a trailing ``*`` takes all that begin so."""
    return any(key.startswith(one[:-1]) if one.endswith("*") else key == one for one in patterns)


class About(Strict):
    """The introduction: goal, object, methods (Russian, a sentence each, without a full stop)."""

    goal: str
    object: str
    methods: str


class Show(Strict):
    """A table or chart. ``indicators`` are ids of the catalogue; a trailing ``*`` takes all that begin so.

    ``dimension`` gives the rows (or bars). ``total`` adds the whole school; to classes of one parallel, the parallel.
    ``total_of`` names the indicator of the last row where the rows are parts of one object, which ``only`` begins
    with: «планирование» of an indicator under «планирование: *».
    ``against`` (of ``beside``) is what the figures stand beside: those of the parallel, of the level.
    ``only`` and ``without`` choose among the values of the dimension (a trailing ``*`` as above), and ``only`` gives
    their order. ``label`` is what texts refer to. ``compare`` chooses the earlier periods (empty: those of the
    note; ``none``: neither): what has its season is held against a year ago. ``slope`` begins at the first of them;
    ``beside`` has a column of those that are named.
    ``across`` is a second dimension: the columns of ``heat``, the bars in each panel of ``multiples``.
    ``of`` fixes further dimensions, as ``{grade: "7"}`` for a histogram whose panels are subjects.
    ``exam`` names the scales of params/exams.yaml that a histogram draws its minimum or the boundaries of marks from.
    """

    kind: Kind
    caption: str
    indicators: list[str] = Field(min_length=1)
    dimension: Dimension | Literal[""] = ""
    only: list[str] = Field(default_factory=list)
    without: list[str] = Field(default_factory=list)
    total: bool = True
    total_of: str = ""
    across: Dimension | Literal[""] = ""
    of: dict[Dimension, str] = Field(default_factory=dict)
    exam: Literal["", "ЕГЭ", "ОГЭ", "ВПР"] = ""
    against: list[Beside] = Field(default_factory=list)
    compare: list[Literal["previous", "year_ago", "none"]] = Field(default_factory=list)
    first: str = ""  # head of the first column; each dimension has its own word
    notes: list[str] = Field(default_factory=list)
    label: str = ""

    @field_validator("caption")
    @classmethod
    def _no_stop(cls, text: str) -> str:
        if text.rstrip().endswith("."):
            raise ValueError("заголовок таблицы или рисунка пишется без точки в конце")
        return text

    @field_validator("of", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        """``grade: 7`` is what one writes."""
        return {key: str(one) for key, one in value.items()} if isinstance(value, dict) else value

    @model_validator(mode="after")
    def _fits(self) -> Show:
        if self.kind in _OF_DIMENSION and not self.dimension:
            raise ValueError(f"для kind: {self.kind} нужно указать dimension")
        if (self.kind == "beside") != bool(self.against):
            raise ValueError("against указывают для kind: beside, и без него такой таблицы нет")
        if self.kind in _OF_ONE and len(self.indicators) > 1:
            raise ValueError(f"для kind: {self.kind} нужен один показатель, указано {len(self.indicators)}")
        parts = self.kind == "by" and self.dimension == "item" and len(self.indicators) == 1 and self.whole_item
        if self.total_of and not parts:
            raise ValueError(
                "total_of нужны kind: by, dimension: item, один показатель и одно значение only вида «…: *»"
            )
        self._crossed()
        return self

    @property
    def whole_item(self) -> str:
        """«планирование», where the rows are «планирование: *» alone; empty otherwise."""
        return self.only[0].removesuffix(": *") if len(self.only) == 1 and self.only[0].endswith(": *") else ""

    def _crossed(self) -> None:
        """The second dimension: where there must be one, where there may, that it is another."""
        if self.kind in _ACROSS and not self.across:
            raise ValueError(f"для kind: {self.kind} нужно указать across – второй разрез")
        if self.across and self.kind not in _ACROSS | _MAY_BE_ACROSS:
            raise ValueError(f"across указывают для kind: {', '.join(sorted(_ACROSS | _MAY_BE_ACROSS))}")
        if self.across and self.across == self.dimension:
            raise ValueError(f"across должен отличаться от dimension, а оба – {self.across}")
        several = len(self.indicators) > 1 or self.indicators[0].endswith("*")
        if self.kind == "multiples" and bool(self.across) == several:
            raise ValueError(
                "для kind: multiples нужны один показатель и across или несколько показателей, части целого"
            )
        if (self.of or self.exam) and self.kind != "histogram":
            raise ValueError("of и exam указывают для kind: histogram")


class Section(Strict):
    """A part of the note: sentences of the rules that name it, then what it shows. ``empty`` is said without data.

    ``not_for``: a note about one class, subject or area that does not have the section, nor what its rules say.
    ``grades``: whom it is about, where it is about some only; in a school without them no note has it.
    ``periods``: the kinds of period whose note has it, where its figures are of some only (empty: all).
    """

    id: str
    title: str
    show: list[Show] = Field(default_factory=list)
    empty: str = ""
    not_for: list[Literal["class", "subject", "area"]] = Field(default_factory=list)
    grades: list[int] = Field(default_factory=list)
    periods: list[PeriodKind] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _labelled(cls, data: Any) -> Any:
        """A table or chart without a label is called after its section and place."""
        if isinstance(data, dict) and isinstance(data.get("show"), list):
            named = [
                {"label": f"{data.get('id')}_{number}"} | item if isinstance(item, dict) else item
                for number, item in enumerate(data["show"], start=1)
            ]
            return {**data, "show": named}
        return data

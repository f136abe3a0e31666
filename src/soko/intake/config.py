"""params/sources.yaml: limits, encodings, codes, labels and layouts by which a file of data/incoming is read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pydantic import Field, field_validator, model_validator

from soko.errors import ConfigError
from soko.hints import did_you_mean
from soko.intake.words import key
from soko.params import Params
from soko.periods import Period
from soko.subjects import Subjects
from soko.tables import Table, load_tables
from soko.workspace import Workspace
from soko.yamlio import Strict, load

#: Columns that a list may have though its table has not: a name in parts, courses in one cell.
_NOTHING = (r"([а-яё\d,-]+\s+){0,8}не (проводил(ось|ись|ся|ась)|было|участвовал[аио]?)(\s[^.,]*)?\.?$",)
ROLES = ("last_name", "first_name", "patronymic", "training")


class Limits(Strict):
    """How much of one file is read, so that no file can take the machine's memory."""

    file_mb: int
    unpacked_mb: int
    cells: int
    rows: int
    columns: int
    sheets: int
    header_rows: int
    header_depth: int
    findings_per_rule: int
    name_examples: int


class Text(Strict):
    """How text files are decoded."""

    encodings: list[str]
    delimiters: list[str]
    sample_kb: int
    common_letters: str
    max_lines_in_cell: int


class Labels(Strict):
    """Words that stand before or over values in journal exports."""

    year: list[str]
    school_class: list[str] = Field(alias="class")
    period: list[str]
    pupil: list[str]
    class_teacher: list[str]
    teacher: list[str]
    name: list[str]
    number: list[str]
    subject: list[str]


class Layout(Strict):
    """A layout: how it is recognised (``anchors``, ``needs``), which table it fills and by which reader.

    ``anchors``: words of which one must stand in the first rows; of lists, words that settle which list it is.
    ``needs``: groups of canonical columns; of each group one must be found. ``columns``: header words by the role that
    the reader knows; in a list, further headers of a column of this layout alone. ``over``: labels of lines over the
    table whose value holds for every row; ``titles``: expressions with (?P<column>…) for titles that say it in words;
    ``positions``: letters of columns that have no header; ``fixed``: values that the layout itself means.
    ``headers``: titles by all of which a report of totals is known, ``instead``: what to hand in for it.
    """

    id: str
    title: str
    reader: Literal["list", "gradebook", "report_card", "journal", "exam", "vpr", "survey", "totals"]
    table: str = ""
    anchors: list[str] = Field(default_factory=list)
    needs: list[list[str]] = Field(default_factory=list)
    columns: dict[str, list[str]] = Field(default_factory=dict)
    over: dict[str, list[str]] = Field(default_factory=dict)
    titles: list[str] = Field(default_factory=list)
    positions: dict[str, str] = Field(default_factory=dict)
    fixed: dict[str, str] = Field(default_factory=dict)
    headers: list[str] = Field(default_factory=list)
    instead: str = ""
    min_subjects: int = 2

    @field_validator("titles")
    @classmethod
    def _titles(cls, values: list[str]) -> list[str]:
        return _expressions(values)

    @model_validator(mode="after")
    def _complete(self) -> Layout:
        if not self.table and self.reader != "totals":
            raise ValueError(f"описание {self.id}: не указана таблица (table)")
        if self.reader == "totals" and not (self.headers and self.instead):
            raise ValueError(f"описание {self.id}: сводному отчёту нужны headers и instead")
        for name, letter in self.positions.items():
            if not re.fullmatch("[A-Z]{1,3}", letter):
                raise ValueError(f"описание {self.id}: у столбца {name} нужна латинская буква столбца, например C")
        return self

    def possible(self, named: Iterable[str]) -> bool:
        """Whether of every group of ``needs`` something is among ``named``: no header has what no cell has."""
        there = set(named)
        return all(any(name in there for name in group) for group in self.needs)


class ExamCode(Strict):
    """A subject as РЦОИ codes it: its title, the level where it has two, the form where it is not ЕГЭ or ОГЭ."""

    subject: str
    exam_level: str = ""
    form: str = ""


class Surveys(Strict):
    """How answers of questionnaires are understood.

    ``scale``: score by words; ``unscored``: answers without a score; ``points``: scales of 1…n; ``themes`` and
    ``audiences``: by beginnings of words; ``personal``: words in the title of a question that ask who answers.
    """

    scale: dict[float, list[str]]
    unscored: list[str]
    points: list[int]
    themes: dict[str, list[str]]
    audiences: dict[str, list[str]]
    personal: list[str]
    name_noise: list[str]
    most_options: int

    @field_validator("name_noise")
    @classmethod
    def _noise(cls, values: list[str]) -> list[str]:
        return _expressions(values)


def _expressions(values: list[str]) -> list[str]:
    for value in values:
        try:
            re.compile(value)
        except re.error:
            raise ValueError(f"выражение «{value}» записано с ошибкой") from None
    return values


class Sources(Strict):
    """The whole file."""

    skip: list[str]
    skip_sheets: list[str] = Field(default_factory=list)
    limits: Limits
    text: Text
    labels: Labels
    mark_codes: dict[str, list[str]]
    mark_blank: list[str]
    absence_codes: dict[Literal["illness", "excused", "unexcused", "other", "late", "exempt"], list[str]]
    unreadable_critical: list[str]
    sex: dict[str, list[str]]
    boolean: dict[Literal["yes", "no"], list[str]]
    values: dict[str, dict[str, list[str]]]
    totals: dict[str, list[str]]
    total_patterns: list[str]
    nothing_patterns: list[str] = Field(default_factory=lambda: list(_NOTHING))
    subject_noise: list[str]
    term_words: dict[Literal["quarter", "trimester", "half", "year"], list[str]]
    exam_codes: dict[str, ExamCode]
    surveys: Surveys
    layouts: list[Layout]

    @field_validator("subject_noise", "total_patterns", "nothing_patterns")
    @classmethod
    def _patterns(cls, values: list[str]) -> list[str]:
        return _expressions(values)

    @model_validator(mode="after")
    def _once(self) -> Sources:
        ids = [layout.id for layout in self.layouts]
        if len(ids) != len(set(ids)):
            raise ValueError("два описания (layouts) с одним id")
        owner: dict[str, str] = {}
        for measure, labels in self.totals.items():
            for label in labels:
                if owner.setdefault(key(label), measure) != measure:
                    raise ValueError(f"подпись итога «{label}» записана у двух показателей")
        return self

    @cached_property
    def total_pattern(self) -> re.Pattern[str]:
        """Matches the label of a total that names a class or a level: «Итого по классу 5А», «1–4 классы»."""
        return re.compile("|".join(f"(?:{pattern})" for pattern in self.total_patterns), re.IGNORECASE)

    @cached_property
    def nothing_pattern(self) -> re.Pattern[str]:
        """Matches the only cell of a row that says that there was nothing to list: «Мероприятия не проводились»."""
        return re.compile("|".join(f"(?:{pattern})" for pattern in self.nothing_patterns), re.IGNORECASE)

    @cached_property
    def total_keys(self) -> dict[str, str]:
        """Key of a label → measure id."""
        return {key(label): measure for measure, labels in self.totals.items() for label in labels}


@dataclass(frozen=True)
class Context:
    """What a reader needs to know about the workspace; ``period`` is None when one file is read by itself."""

    sources: Sources
    tables: dict[str, Table]
    subjects: Subjects
    params: Params
    period: Period | None = None

    @classmethod
    def open(cls, workspace: Workspace, period: Period | None = None) -> Context:
        """Read the settings; ConfigError names the file and the line."""
        params = Params(workspace)
        path, tables = workspace.params / "sources.yaml", load_tables(workspace)
        sources = load(path, Sources)
        for layout in sources.layouts:
            if problem := _unknown_name(layout, tables):
                raise ConfigError(f"описание {layout.id} (layouts): {problem}", where=workspace.relative(path))
        return cls(sources, tables, params.subjects, params, period)


def _unknown_name(layout: Layout, tables: dict[str, Table]) -> str:
    """What a list layout names and its table does not have; a misspelt column would never be found in silence."""
    if layout.reader != "list":
        return ""
    if layout.table not in tables:
        return f"нет таблицы «{layout.table}»{did_you_mean(layout.table, list(tables))}"
    known = [column.name for column in tables[layout.table].columns]
    roles = [*known, *ROLES]
    groups = [name for title in layout.titles for name in re.compile(title).groupindex]
    needs = [name for group in layout.needs for name in group]
    named = [*needs, *groups, *layout.columns, *layout.over, *layout.positions, *layout.fixed]
    wrong = next((name for name in named if name not in roles), "")
    return f"в таблице «{layout.table}» нет столбца «{wrong}»{did_you_mean(wrong, known)}" if wrong else ""

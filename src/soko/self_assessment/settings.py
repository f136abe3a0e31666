"""The settings of the report: params/reports/self_assessment.yaml, and of the school self_assessment/school.yaml.

The first says what the report consists of, on which orders it rests and which sections of notes tell it; the second
what only the school knows: requisites, facts with their source, the orders and minutes of each year.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from soko.dated import Dated, held
from soko.errors import ConfigError
from soko.hints import did_you_mean
from soko.resources import root
from soko.self_assessment.own import Confirmed, SchoolFacts, Year
from soko.workspace import Workspace
from soko.yamlio import Strict, load, load_raw

FILE = "reports/self_assessment.yaml"
FOLDER = "reports/self_assessment"
SCHOOL = "school.yaml"
CONFIRMED = "confirmed.yaml"
#: The ten assessments that item 6 of order 462 names, in its order.
ASSESSMENTS = {
    "education": "образовательной деятельности",
    "management": "системы управления организацией",
    "quality": "содержания и качества подготовки обучающихся",
    "organisation": "организации учебного процесса",
    "demand": "востребованности выпускников",
    "staff": "качества кадрового обеспечения",
    "methodical": "качества учебно-методического обеспечения",
    "library": "качества библиотечно-информационного обеспечения",
    "material": "материально-технической базы",
    "evaluation": "функционирования внутренней системы оценки качества образования",
}
#: Sections that are no assessment: the program says something of its own there.
GENERAL, CONCLUSIONS = "general", "conclusions"


class Reuse(Strict):
    """Sections of a note, shown at the calendar year with their sentences, tables and charts.

    ``titles`` call them otherwise: «Участие» says enough in a note on contests, not in the report.
    """

    note: str
    sections: list[str] = Field(min_length=1)
    titles: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _titled(self) -> Reuse:
        for name in self.titles:
            if name not in self.sections:
                raise ValueError(f"titles: раздела «{name}» здесь нет{did_you_mean(name, self.sections)}")
        return self


class Section(Strict):
    """A section of the report.

    ``covers`` are the assessments of order 462 that it gives. ``text`` says whether a text is wanted: ``required``
    holds back the publication, ``optional`` does not, ``none`` asks for nothing; ``yearly`` texts belong to one year.
    ``about`` tells who writes it what to write about.
    """

    title: str
    covers: list[str] = Field(default_factory=list)
    text: Literal["required", "optional", "none"] = "required"
    yearly: bool = False
    about: str = ""
    reuse: list[Reuse] = Field(default_factory=list)

    @model_validator(mode="after")
    def _known(self) -> Section:
        for name in self.covers:
            if name not in ASSESSMENTS:
                raise ValueError(f"п. 6 приказа № 462 не знает оценки «{name}»{did_you_mean(name, list(ASSESSMENTS))}")
        return self


class Model(Strict):
    """A way to put the report together: its parts and the order of the analytical sections.

    ``numbers`` numbers the sections; ``table`` says whether order 1324 is a part of the report or its annex;
    ``closing`` are the sections after the analysis of indicators.
    """

    title: str
    numbers: Literal["roman", "arabic"] = "arabic"
    table: Literal["inside", "annex"] = "inside"
    analytical: str
    statistical: str
    conclusions: str
    sections: list[str] = Field(min_length=1)
    closing: list[str] = Field(min_length=1)

    @property
    def every(self) -> list[str]:
        """All section ids in their order."""
        return [GENERAL, *self.sections, *self.closing]


class Basis(Strict):
    """The orders that hold, as the report names them, and the day by which it is posted."""

    law: str
    procedure: str
    indicators: str
    changed: str = ""
    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)


class Row(Strict):
    """One printed row of a line of order 1324 that has several: its figure and what sets it apart."""

    indicator: str
    label: str


class Carried(Strict):
    """When what is as a year ago is told: text similarity from 0 to 1, unchanged share of a block of lines."""

    similarity: float = Field(default=0.9, gt=0, le=1)
    block: float = Field(default=0.8, gt=0, le=1)
    least: int = Field(default=4, ge=2)


class Settings(Strict):
    """params/reports/self_assessment.yaml."""

    model: str
    basis: list[Dated[Basis]] = Field(min_length=1)
    models: dict[str, Model]
    sections: dict[str, Section]
    rows: dict[str, list[Row]] = Field(default_factory=dict)
    carried: Carried = Field(default_factory=Carried)

    @model_validator(mode="after")
    def _whole(self) -> Settings:
        if self.model not in self.models:
            raise ValueError(f"модели «{self.model}» нет{did_you_mean(self.model, list(self.models))}")
        if self.sections.get(GENERAL) is None:
            raise ValueError(f"нет раздела {GENERAL} – общих сведений о школе")
        for name, model in self.models.items():
            for section in model.every:
                if section not in self.sections:
                    hint = did_you_mean(section, list(self.sections))
                    raise ValueError(f"модель {name}: раздела «{section}» нет{hint}")
            if len(model.every) != len(set(model.every)):
                raise ValueError(f"модель {name}: раздел назван дважды")
            if CONCLUSIONS not in model.closing:
                raise ValueError(f"модель {name}: среди closing нет выводов ({CONCLUSIONS})")
            given = [item for section in model.sections for item in self.sections[section].covers]
            for item, words in ASSESSMENTS.items():
                if given.count(item) != 1:
                    how = "нет" if item not in given else "дважды дана"
                    raise ValueError(f"модель {name}: {how} оценка {words} (п. 6 приказа № 462, {item})")
        return self

    def chosen(self) -> Model:
        """The order of sections that the school has chosen."""
        return self.models[self.model]

    def basis_on(self, day: date) -> Basis:
        """The orders that hold on ``day``; ConfigError where none does."""
        found = held(self.basis, day)
        if found is None:
            raise ConfigError(f"на {day:%d.%m.%Y} не указаны приказы о самообследовании", where=f"params/{FILE}, basis")
        return found.value


class Files:
    """The settings of a workspace, read when first asked for."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    @cached_property
    def settings(self) -> Settings:
        """The workspace's own file, else that of the program."""
        own = self.workspace.params / FILE
        return load(own if own.is_file() else root() / "params" / FILE, Settings)

    @property
    def folder(self) -> Path:
        """Texts and facts of the school."""
        return self.workspace.params / FOLDER

    @cached_property
    def school(self) -> SchoolFacts:
        """Facts of the school; none where it has no file yet."""
        return _optional(self.folder / SCHOOL, SchoolFacts)

    @cached_property
    def confirmed(self) -> Confirmed:
        """What has been confirmed."""
        return _optional(self.folder / CONFIRMED, Confirmed)

    def year(self, year: int) -> Year:
        """What the school has decided about the report of a year."""
        return self.school.years.get(year, Year())

    def due(self, year: int) -> date:
        """The day by which the report of ``year`` is sent to the founder and posted."""
        basis = self.settings.basis_on(date(year, 12, 31))
        return date(year + 1, basis.month, basis.day)

    def where(self, *at: Any) -> str:
        """«params/reports/self_assessment/school.yaml, строка 7»."""
        path = self.folder / SCHOOL
        lines = load_raw(path)[1] if path.is_file() else {}
        while at and at not in lines:
            at = at[:-1]
        return f"{self.workspace.relative(path)}, строка {lines.get(at, 1)}"


def _optional(path: Path, model: Any) -> Any:
    return load(path, model) if path.is_file() else model()

"""params/exams.yaml: minimum scores, greatest primary scores, scales of marks, each from when it holds and whence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

from pydantic import Field, model_validator

from soko.dated import Dated, held
from soko.periods import Period
from soko.workspace import Workspace
from soko.yamlio import Strict, load

T = TypeVar("T")


class MarkScale(Strict):
    """The least primary score of each mark and the greatest of all.

    ``conditional``: a mark may also ask for something that the sum does not show (points for geometry, for literacy),
    so a lower mark than that of the scale is no contradiction.
    """

    three: int
    four: int
    five: int
    most: int
    conditional: bool = False

    @model_validator(mode="after")
    def _rising(self) -> MarkScale:
        if not 0 < self.three < self.four < self.five <= self.most:
            raise ValueError("границы отметок должны возрастать: three, four, five, most")
        return self


class ExamScale(Strict):
    """One exam in some subjects. An edition with ``value: null`` says that the former value no longer holds."""

    exam: Literal["ЕГЭ", "ОГЭ", "ГВЭ-9", "ГВЭ-11", "ВПР"]
    subjects: list[str] = Field(min_length=1)
    exam_level: Literal["", "базовый", "профильный"] = ""
    minimum: list[Dated[int | None]] = Field(default_factory=list)
    max_primary: list[Dated[int | None]] = Field(default_factory=list)
    marks: list[Dated[MarkScale | None]] = Field(default_factory=list)


@dataclass(frozen=True)
class Known:
    """What holds on a day for one exam and subject; None where nothing is known.

    ``minimum_source`` is that of the minimum, ``source`` that of the greatest primary score or of the marks.
    """

    exam: str
    subject: str
    exam_level: str
    minimum: int | None
    max_primary: int | None
    three: int | None
    four: int | None
    five: int | None
    conditional: bool
    minimum_source: str
    source: str


class ExamScales(Strict):
    """params/exams.yaml."""

    scales: list[ExamScale] = Field(default_factory=list)

    @model_validator(mode="after")
    def _once(self) -> ExamScales:
        levels: dict[tuple[str, str], set[str]] = {}
        for scale in self.scales:
            for subject in scale.subjects:
                seen = levels.setdefault((scale.exam, subject), set())
                if scale.exam_level in seen or (seen and "" in {scale.exam_level, *seen}):
                    raise ValueError(f"шкала записана дважды: {scale.exam}, «{subject}»")
                seen.add(scale.exam_level)
        return self

    def on(self, day: date) -> Iterator[Known]:
        """What holds on ``day``, a row an exam and subject. The minimum of a scale of marks is that of «3»."""
        for scale in self.scales:
            minimum, most, marks = held(scale.minimum, day), held(scale.max_primary, day), held(scale.marks, day)
            table = marks.value if marks else None
            lower, upper = minimum or marks, most or marks
            for subject in scale.subjects:
                yield Known(
                    scale.exam, subject, scale.exam_level,
                    minimum.value if minimum else (table.three if table else None),
                    most.value if most else (table.most if table else None),
                    table.three if table else None, table.four if table else None, table.five if table else None,
                    bool(table and table.conditional),
                    lower.source if lower else "", upper.source if upper else "",
                )  # fmt: skip


def exam_day(period: Period) -> date:
    """The school year's exams are those of its June, whichever of its periods brings the file."""
    return date(period.year if period.kind == "calendar" else period.year + 1, 6, 1)


def read_exam_scales(workspace: Workspace) -> ExamScales:
    """The workspace's scales; none when it has no such file, as one that was made before there was one."""
    path = workspace.params / "exams.yaml"
    return load(path, ExamScales) if path.is_file() else ExamScales()

"""What the demo school does beside lessons (monitoring.yaml): programmes, contests, works, conditions, surveys."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field

from soko.yamlio import Strict, load


class Programme(Strict):
    """A programme of additional education; ``work`` is the direction of the occupation, ``kind`` who leads it."""

    code: str
    name: str
    direction: str
    work: str
    grades: tuple[int, int]
    hours: int
    places: int
    kind: str
    sport: bool = False


class Occupation(Strict):
    """What a pupil may do after lessons without a programme of the school."""

    name: str
    kind: str
    work: str
    grades: tuple[int, int]
    weight: float
    hours: int
    place: str = "в школе"
    sport: bool = False


class Contest(Strict):
    """An event of a term; ``number`` take part (in each of ``subjects``), ``after`` those who won at that level."""

    event: str
    kind: str
    level: str
    term: str
    grades: tuple[int, int]
    number: int
    form: str = "очная"
    subjects: list[str] = Field(default_factory=list)
    max: int = 0
    team: bool = False
    after: str = ""


class Work(Strict):
    """A work or an examination: ``cuts`` are the least points for 3, 4 and 5 (of ЕГЭ: minimum, usual 4 and 5)."""

    subject: str
    max: int
    cuts: tuple[int, int, int]
    day: tuple[int, int]
    grade: int = 0
    code: str = ""
    journal: str = ""
    profile: str = ""
    weight: float = 0
    shift: float = 0

    @property
    def marked_as(self) -> str:
        """The subject of the journal whose mark the work is compared with."""
        return self.journal or self.subject


class Condition(Strict):
    """A line of the conditions; ``valid`` is the month and day when the document expires next year."""

    area: str
    item: str
    place: str = ""
    number: float | None = None
    flag: bool | None = None
    norm: float | None = None
    unit: str = ""
    document: str = ""
    valid: tuple[int, int] | None = None
    violations: int | None = None


class Question(Strict):
    """A question of a survey with its usual score."""

    text: str
    theme: str
    mean: float


class Survey(Strict):
    """A questionnaire."""

    survey: str
    audience: str
    questions: list[Question]


class Fact(Strict):
    """A quantity of order 1324: a ``number``, pupils of ``grades``, a ``flag``, or the number or flag of ``item``."""

    code: str
    name: str
    number: int | None = None
    grades: tuple[int, int] | None = None
    share: bool = False
    flag: bool | None = None
    unit: str = ""
    item: str = ""


class Support(Strict):
    """A worker who does not teach."""

    name: str
    post: str
    group: str
    born: int


class Monitoring(Strict):
    """The whole of monitoring.yaml."""

    programmes: list[Programme]
    occupations: list[Occupation]
    contests: list[Contest]
    vpr: list[Work]
    vpr_stricter: float
    vpr_sd: float
    vpr_absent: float
    monitoring4: list[Work]
    regional: list[Work]
    oge: list[Work]
    ege: list[Work]
    gia_sd: float
    conditions: list[Condition]
    experts: dict[str, list[str]]
    lesson_criteria: list[str]
    technologies: list[str]
    training_topics: list[str]
    surveys: list[Survey]
    facts: list[Fact]
    support: list[Support]


@cache
def load_monitoring() -> Monitoring:
    """Read monitoring.yaml beside this module."""
    return load(Path(__file__).with_name("monitoring.yaml"), Monitoring)

"""What the views need to know besides data: the period's dates and the school's conventions, as two small tables."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from soko.exam_scales import exam_day, read_exam_scales
from soko.params import Params
from soko.periods import Period
from soko.workspace import Workspace

if TYPE_CHECKING:
    import duckdb

COLUMNS: dict[str, str] = {
    "period_id": "VARCHAR",
    "period_start": "DATE",
    "period_end": "DATE",
    "opening": "DATE",
    "off_grades": "INTEGER[]",
    "na_in_base": "BOOLEAN",
    "w5": "DOUBLE",
    "w4": "DOUBLE",
    "w3": "DOUBLE",
    "w2": "DOUBLE",
    "wna": "DOUBLE",
    "olympiad_grades": "INTEGER[]",
    "adaptation_grades": "INTEGER[]",
    "winning": "VARCHAR[]",
    "survey_agree": "DOUBLE",
    "small_group": "INTEGER",
    "vpr_attention": "DOUBLE",
    "vpr_risk": "DOUBLE",
    "honours_of_certified": "BOOLEAN",
    "expiring_days": "INTEGER",
}


@dataclass(frozen=True)
class Settings:
    """One row of ``settings``, the keys of ``not_subjects``, the rows of ``exam_minimums`` and ``category_terms``.

    See params/indicators/views.yaml for the meaning.
    """

    period_id: str
    period_start: date
    period_end: date
    opening: date
    off_grades: tuple[int, ...]
    na_in_base: bool
    w5: float
    w4: float
    w3: float
    w2: float
    wna: float
    olympiad_grades: tuple[int, ...]
    adaptation_grades: tuple[int, ...]
    winning: tuple[str, ...]
    survey_agree: float
    small_group: int = 10
    vpr_attention: float = 20
    vpr_risk: float = 40
    honours_of_certified: bool = False
    expiring_days: int = 90
    not_subjects: tuple[str, ...] = ()
    exam_minimums: tuple[tuple[str, str, str, int], ...] = ()  # exam, subject, level, least score
    category_terms: tuple[tuple[str, int], ...] = ()  # ISO day of granting from which it holds, years (0: for ever)

    def record(self) -> dict[str, Any]:
        """Plain values, dates as ISO text: what the history's key is made of."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in sorted(asdict(self).items())
        }


def subject_key(name: str) -> str:
    """Spelling of a subject with case, «ё», spaces and dots ignored; views.yaml does the same in SQL."""
    return re.sub(r"[\s.]+", "", name.lower().replace("ё", "е"))


def read_settings(workspace: Workspace, period: Period) -> Settings:
    """Settings of the period from params/conventions.yaml, subjects.yaml and calendar/."""
    params = Params(workspace)
    conventions, span = params.conventions, params.dates(period)
    weights = conventions.sou_on(span.end).value
    off = set(conventions.unmarked_grades)
    if period.kind in ("quarter", "trimester"):
        off |= set(conventions.halfyear_grades)
    uncounted = {
        subject_key(name)
        for subject in params.subjects.subjects
        if not subject.counted
        for name in (subject.title, *subject.synonyms)
    }
    return Settings(
        period_id=period.id,
        period_start=span.start,
        period_end=span.end,
        opening=params.opening(period),
        off_grades=tuple(sorted(off)),
        na_in_base=conventions.na_in_base,
        w5=weights.five,
        w4=weights.four,
        w3=weights.three,
        w2=weights.two,
        wna=weights.na,
        olympiad_grades=tuple(conventions.olympiad_grades),
        adaptation_grades=tuple(conventions.adaptation_grades),
        winning=tuple(conventions.winning_results),
        survey_agree=conventions.survey_agree,
        small_group=conventions.thresholds.small_group,
        vpr_attention=conventions.vpr_on(span.end).attention,
        vpr_risk=conventions.vpr_on(span.end).risk,
        honours_of_certified=conventions.honours_base == "certified",
        expiring_days=conventions.expiring_days,
        not_subjects=tuple(sorted(uncounted)),
        exam_minimums=tuple(
            (item.exam, item.subject, item.exam_level, item.minimum)
            for item in read_exam_scales(workspace).on(exam_day(period))
            if item.exam == "ЕГЭ" and item.minimum is not None
        ),
        category_terms=tuple((item.since.isoformat(), item.value) for item in conventions.category_term),
    )


def create(connection: duckdb.DuckDBPyConnection, settings: Settings | None) -> None:
    """Make ``settings`` and the small tables beside it; empty ones (None) when only the catalogue is checked."""
    connection.execute(f"CREATE TEMP TABLE settings ({', '.join(f'{name} {kind}' for name, kind in COLUMNS.items())})")
    connection.execute("CREATE TEMP TABLE not_subjects (key VARCHAR)")
    connection.execute(
        "CREATE TEMP TABLE exam_minimums (exam VARCHAR, subject VARCHAR, exam_level VARCHAR, minimum DOUBLE)"
    )
    connection.execute("CREATE TEMP TABLE category_terms (since DATE, years INTEGER)")
    if settings is None:
        return
    row = [
        list(getattr(settings, name)) if kind.endswith("[]") else getattr(settings, name)
        for name, kind in COLUMNS.items()
    ]
    connection.execute(f"INSERT INTO settings VALUES ({', '.join('?' * len(row))})", row)
    if settings.not_subjects:
        connection.execute("INSERT INTO not_subjects SELECT unnest(?)", [list(settings.not_subjects)])
    if settings.category_terms:
        days, years = (list(column) for column in zip(*settings.category_terms, strict=True))
        connection.execute("INSERT INTO category_terms SELECT unnest(?)::DATE, unnest(?)", [days, years])
    if settings.exam_minimums:
        columns = [list(column) for column in zip(*settings.exam_minimums, strict=True)]
        connection.execute("INSERT INTO exam_minimums SELECT unnest(?), unnest(?), unnest(?), unnest(?)", columns)

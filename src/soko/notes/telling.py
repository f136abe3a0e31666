"""The narrative of a note: its rules, its facts, and who answers until when."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from soko import resources, russian
from soko.analysis.narrative import Desk, Narrative, Subject, tell
from soko.analysis.narrative_rules import RuleBook, load_rules
from soko.notes import checked, doubtful, facts, relations
from soko.notes.data import NoteData
from soko.periods import Period

RULES = "academic_results"
_FINDINGS = {"critical": "critical", "warning": "warnings", "info": "infos"}
_LAST = {"quarter": 4, "trimester": 3, "half": 2}


def narrative(data: NoteData) -> Narrative:
    """Sentences, conclusions and recommendations; ConfigError for a wrong rule."""
    rules = book(data)
    about: list[Subject] = facts.subjects(data, "", rules.indicators)
    if data.several:
        for school in data.schools:
            own = facts.subjects(data, school, rules.indicators)
            about += [item for item in own if item.scope in ("class", "school")]
    counts = checked.counts(data)
    if counts:
        known: dict[str, Any] = {_FINDINGS[name]: number for name, number in counts.items()}
        about.append(Subject("data", {"": known | doubtful.facts(data, rules.doubtful)}))
    thresholds = data.conventions.thresholds
    common: dict[str, Any] = {
        "period": data.period.title("accusative"),
        "previous_period": data.period.previous().title("accusative"),
        "year_ago_period": data.period.year_ago().title("accusative"),
        "stable_points": thresholds.stable_points,
        "small_group": thresholds.small_group,
    }

    def person(key: str) -> str:
        found = data.school.responsible.get(key) or data.school.author
        return f"{found.post} {russian.initials_first(found.name)}"

    def due(days: int, counted_from: str) -> date:
        day = data.params.dates(data.period).end
        if counted_from != "end":
            day = data.params.dates(next_period(data.period)).start
        day += timedelta(days=-days if counted_from == "before_next_start" else days)
        return day - timedelta(days=max(0, day.isoweekday() - 5))  # nothing is due at a week-end

    relations.leaving(data, about, rules.leaving)
    relations.parallels(data, about)
    common |= relations.lengths(data) | {"closes_year": closes_year(data.period)}
    common |= {"next_year": f"{data.period.year + 1}/{(data.period.year + 2) % 100:02d} учебный год"}
    common["year_ago_ordinal"] = data.period.year_ago().title("ordinal")
    common["leaving_where"] = relations.leaving_where(data, rules.leaving)
    return tell(rules, about, common, Desk(person, due, closes_year(data.period)))


def closes_year(period: Period) -> bool:
    """Whether a period is the last of its school year."""
    return period.kind != "calendar" and next_period(period).year != period.year


def titles(data: NoteData) -> dict[str, str]:
    """Headings of the sections, as the rule file names them."""
    return book(data).sections


def book(data: NoteData) -> RuleBook:
    """The rules of the note, read and checked."""
    return load_rules(rules_path(data), data.catalogue.indicators, [*_FINDINGS.values(), *doubtful.FACTS])


def rules_path(data: NoteData) -> Path:
    """The workspace's own rules, else those of the package."""
    own = data.workspace.params / "narrative" / f"{RULES}.yaml"
    return own if own.is_file() else resources.root() / "params" / "narrative" / f"{RULES}.yaml"


def next_period(period: Period) -> Period:
    """The period of the same kind that follows."""
    if period.index < _LAST.get(period.kind, 1):
        return Period(period.year, period.kind, period.index + 1)
    return Period(period.year + 1, period.kind)

"""The narrative of a note: its rules, its facts, and who answers until when."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from soko import resources, russian
from soko.analysis.narrative import Desk, Narrative, Subject, tell
from soko.analysis.narrative_rules import Compiled, RuleBook, load_rules
from soko.errors import UsageError
from soko.hints import did_you_mean
from soko.notes import checked, doubtful, facts, relations, territories
from soko.notes.data import ACADEMIC, NoteData
from soko.periods import Period

#: Facts of the section on data: severity of findings → name.
FINDINGS = {"critical": "critical", "warning": "warnings", "info": "infos"}
#: What the public edition says where there is nothing to show.
NOTHING = "Показателей, которые можно опубликовать, здесь за период нет."
#: The section on the quality of the data: it is the school's own affair.
DATA = "data"
#: Who acts in a note about one class: ``responsible`` of params/school.yaml may name the teacher under the class.
CLASS_TEACHER = "class_teacher"
_WITHHELD = (
    "Группы здесь малы: сведения о здоровье, диагностике и учёте немногих людей в справке не раскрываются "
    "(152-ФЗ, ст. 10)."
)
_LAST = {"quarter": 4, "trimester": 3, "half": 2}


def narrative(data: NoteData) -> Narrative:
    """Sentences, conclusions and recommendations; ConfigError for a wrong rule."""
    rules = book(data)
    rules = replace(rules, rules=tuple(item for item in rules.rules if has_section(data, item.rule.section)))
    about: list[Subject] = facts.subjects(data, "", rules.indicators)
    if data.several:
        for school in data.schools:
            own = facts.subjects(data, school, rules.indicators)
            about += [item for item in own if item.scope in ("class", "school")]
    if not data.public:  # values of territories are handed in with the data
        territories.judge(data, about, rules)
    counts = checked.counts(data)
    if counts:
        known: dict[str, Any] = {FINDINGS[name]: number for name, number in counts.items()}
        about.append(Subject("data", {"": known | doubtful.facts(data, rules.doubtful)}))
    relate(data, about, rules)
    told = tell(rules, about, common(data, rules), desk(data), partial(data))
    if data.public:  # what is to be done, and by whom, is the school's own affair
        told = replace(told, recommendations=[], deviations=[replace(item, who="") for item in told.deviations])
    return told


#: Facts by which a rule looks at an earlier period, at the level or at the parallel.
_EARLIER = re.compile(
    "(previous|delta|change|improved|worsened|stable|monotone|proven|unproven|year_|chance|explained|within|pulls|counts)"
)
_HELD = {"parent_": ("level",), "parallel_": ("grade",), "certain": ("level",)}
_SHAPES = {"overall": (), "school": (), "work": ("grade", "subject"), "class_subject": ("class", "subject")}


def partial(data: NoteData) -> Callable[[Compiled], bool]:
    """For the public edition: whether figures are hidden that a rule would have to look at."""
    if not data.public:
        return lambda _: False
    before = [figures for figures in (data.previous, data.year_ago, data.earlier) if figures is not None]

    def hides(compiled: Compiled) -> bool:
        scope, ids = compiled.rule.scope, compiled.indicators
        facts = {name.rpartition(".")[2] for name in compiled.names}
        shapes = {_SHAPES.get(scope, (scope,))}
        shapes |= {shape for prefix, shape in _HELD.items() if any(fact.startswith(prefix) for fact in facts)}
        looked_at = [data.current, *(before if any(_EARLIER.match(fact) for fact in facts) else [])]
        return any(figures.hides(ids, shape) for figures in looked_at for shape in shapes)

    return hides


def relate(data: NoteData, about: list[Subject], rules: RuleBook) -> None:
    """Add to the objects the facts that tie them together."""
    relations.leaving(data, about, rules.leaving)
    relations.going_on(data, about, rules)
    if data.note == ACADEMIC:
        relations.parallels(data, about)


def common(data: NoteData, rules: RuleBook) -> dict[str, Any]:
    """Facts that do not depend on the object: how periods are called, thresholds."""
    thresholds = data.conventions.thresholds
    return {
        "period": data.period.title("accusative"),
        "previous_period": data.period.previous().title("accusative"),
        "year_ago_period": data.period.year_ago().title("accusative"),
        "year_ago_ordinal": data.period.year_ago().title("ordinal"),
        "next_year": f"{data.period.year + 1}/{(data.period.year + 2) % 100:02d} учебный год",
        **relations.graduations(data),
        "vpr_attention": data.conventions.vpr_on(data.params.dates(data.period).end).attention,
        "stable_points": thresholds.stable_points,
        "small_group": thresholds.small_group,
        "closes_year": closes_year(data.period),
        "leaving_where": relations.leaving_where(data, rules.leaving),
        **relations.lengths(data),
    }


def desk(data: NoteData) -> Desk:
    """Who answers in this school, and until when."""

    def person(key: str) -> str:
        own = data.focus.get("class", "")
        if own and key in ("", CLASS_TEACHER):
            if own not in data.school.responsible:
                return f"Классный руководитель {own} класса"
            key = own
        found = data.school.responsible.get(key or data.area) or data.school.author
        return f"{found.post} {russian.initials_first(found.name)}"

    def due(days: int, counted_from: str) -> date:
        day = data.params.dates(data.period).end
        if counted_from != "end":
            day = data.params.dates(next_period(data.period)).start
        day += timedelta(days=-days if counted_from == "before_next_start" else days)
        return day - timedelta(days=max(0, day.isoweekday() - 5))  # nothing is due at a week-end

    return Desk(person, due, closes_year(data.period))


def closes_year(period: Period) -> bool:
    """Whether a period is the last of its school year."""
    return period.kind != "calendar" and next_period(period).year != period.year


def heading(data: NoteData, section: str) -> str:
    """Heading of a section, as the rule file names it; UsageError with the nearest name for an unknown one."""
    known = book(data).sections
    if section not in known:
        raise UsageError(
            f"в справке нет раздела «{section}»{did_you_mean(section, list(known))}", where=str(rules_path(data))
        )
    return known[section]


def has_data(data: NoteData) -> bool:
    """Whether at least one indicator that the note shows or speaks of has a row."""
    used = book(data).used()
    return any(name in data.current.indicators for name in used) or data.current.hides(used)


def on_focus(data: NoteData, text: str) -> str:
    """``text`` with the class or subject that the note is about in place of «{focus}».

    In place of «{by_focus}» stands «по предмету „…“» or «по предметам области „…“».
    """
    name = "".join(data.focus.values())
    words = "по предмету" if "subject" in data.focus else "по предметам области"
    return text.replace("{focus}", name).replace("{by_focus}", f"{words} {russian.quote(name)}")


def has_section(data: NoteData, section: str) -> bool:
    """Whether the note has the section: one that compares subjects is not for a note about one.

    Nor is one for a public edition or a kind of period for which the file leaves it out.
    """
    if data.public and (section in book(data).file.public_without or section == DATA):
        return False
    found = next((item for item in book(data).file.sections if item.id == section), None)
    if found is None:
        return True
    if found.periods and data.period.kind not in found.periods:
        return False
    taught = {grade for level in data.school.levels for grade in level.grades}
    return not set(data.focus).intersection(found.not_for) and (not found.grades or bool(taught & set(found.grades)))


def without_data(data: NoteData, section: str) -> str:
    """What a section says that has nothing to say."""
    ids = {name for _, names in book(data).shown.get(section, ()) for name in names}
    if data.current.withheld & ids:
        return russian.sentence(f"{_WITHHELD} Полные сведения – у того, кто их сдаёт: {_owner(data, section)}")
    own = next((item.empty for item in book(data).file.sections if item.id == section), "")
    if "{owner}" in own:
        own = own.replace("{owner}", _owner(data, section))
    return russian.sentence(own) if own else "Данных для этого раздела за период нет, раздел не заполняется."


def _owner(data: NoteData, section: str) -> str:
    """Who hands in the first table that the section's figures rest on, as within a sentence."""
    ids = [name for _, names in book(data).shown.get(section, ()) for name in names]
    table = next(name for item in ids for name in data.catalogue.tables_of(item))
    return russian.lower_first(data.school.owner(table, data.catalogue.tables[table].owner))


def book(data: NoteData) -> RuleBook:
    """The rules of the note, read and checked."""
    return load_rules(rules_path(data), data.catalogue.indicators, [*FINDINGS.values(), *doubtful.FACTS])


def rules_path(data: NoteData) -> Path:
    """The workspace's own rules, else those of the package."""
    return resources.narrative(data.note, data.workspace.params)


def next_period(period: Period) -> Period:
    """The period of the same kind that follows."""
    if period.index < _LAST.get(period.kind, 1):
        return Period(period.year, period.kind, period.index + 1)
    return Period(period.year + 1, period.kind)

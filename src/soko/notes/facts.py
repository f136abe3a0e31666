"""Facts of the note's objects (school, levels, grades, classes, subjects) for the sentence rules.

For each object and indicator: the figure, the earlier ones, differences in points and in pupils with the verdict of
``soko.analysis.compare``, the target, the Wilson interval; each also as text. Nothing is judged here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cache
from typing import TYPE_CHECKING, Any

from soko import russian
from soko.analysis.chance import whole_parts
from soko.analysis.compare import Change, against_target, compare_indicator
from soko.analysis.intervals import wilson
from soko.analysis.narrative import Subject
from soko.analysis.rounding import format_points, format_share
from soko.analysis.significance import p_value
from soko.notes import held
from soko.notes.data import ACADEMIC, QUALITY, Figures, NoteData, Parts
from soko.notes.figure_words import change_words, counted_change, digits, gap_words, show, small_limit, unit, whole
from soko.notes.places import Place, one_class_each, places
from soko.russian import NBSP

if TYPE_CHECKING:
    from soko.indicators.model import Indicator


#: What the fact ``chance`` says of a change that the exact test does not tell from chance.
CHANCE = "; изменение может быть случайным"


def change(data: NoteData, indicator: Indicator, now: Parts | None, before: Parts | None) -> Change | None:
    """The difference with its verdict; None when one of the two is absent."""
    if now is None or before is None:
        return None
    things, thresholds = data.catalogue.counts_things(indicator.id), data.conventions.thresholds
    return compare_indicator(indicator, thresholds, now.part, now.base, before.part, before.base, things=things)


def subjects(data: NoteData, school: str, wanted: Callable[[str], Collection[str]]) -> list[Subject]:
    """The objects of one school with their facts; ``wanted`` gives the indicators that rules read, by scope."""
    if data.note != ACADEMIC:
        about = [subject_of(data, place, wanted(place.scope)) for place in places(data, school, wanted)]
        held.judge(data, about)
        held.judge_changes(data, about)
        return about
    of_scope = cache(lambda scope: {QUALITY, *wanted(scope)})  # ``relations`` reads quality of every object
    once = one_class_each(data, school)
    found = [place for place in places(data, school) if not (once and place.scope == "grade")]
    return [subject_of(data, place, of_scope(place.scope)) for place in found]


def subject_of(data: NoteData, place: Place, wanted: Collection[str]) -> Subject:
    """One object with its facts about the indicators ``wanted``."""
    # In a workspace of several schools each has its 9А.
    of = place.school if data.several and place.scope == "class" else ""
    name = f"{place.name}{NBSP}({of})" if of else place.name
    facts: dict[str, dict[str, Any]] = {
        "": {
            "name": name,
            "short": f"{place.key}\u2011е" if place.scope == "grade" else name,
            "where": f"{place.where} (школа {of})" if of else place.where,
            "next_name": re.sub(r"^\d+", lambda found: str(int(found[0]) + 1), name),
            "key": place.key,
            "grade": place.grade,
            "level": place.level,
            "school": place.school,
            "dims": tuple(sorted(place.now.items())),
        }
    }
    texts: dict[str, dict[str, str]] = {"": {}}
    for indicator in data.catalogue:
        if indicator.id not in wanted:
            continue
        now = _find(data.current, indicator.id, place.school, place.now)
        if now is not None:
            facts[indicator.id], texts[indicator.id] = _facts(data, indicator, place, now)
    return Subject(place.scope, facts, texts, level=place.level, area=place.area)


def _find(figures: Figures | None, indicator: str, school: str, dims: dict[str, str] | None) -> Parts | None:
    if figures is None or dims is None:
        return None
    return figures.get(indicator, school, **dims)


def before(data: NoteData, indicator: str, place: Place, which: str) -> Parts | None:
    """The figure of the previous period (``which`` "previous") or of a year ago ("year_ago")."""
    figures, dims = (data.previous, place.previous) if which == "previous" else (data.year_ago, place.year_ago)
    return _find(figures, indicator, place.school, dims)


def _facts(data: NoteData, indicator: Indicator, place: Place, now: Parts) -> tuple[dict[str, Any], dict[str, str]]:
    thresholds = data.conventions.thresholds
    share = indicator.unit == "percent" and indicator.scale == 100
    facts: dict[str, Any] = {
        "value": now.value(float(indicator.scale)),
        "part": now.part,
        "n": now.base,
        "rest": None if now.base is None else now.base - now.part,
        "has_base": now.base is not None,
        "label": indicator.label,
        "full": indicator.name,
        "small": now.base is not None
        and now.base < thresholds.small_group
        and not data.catalogue.counts_things(indicator.id),
    }
    texts = {"value": show(indicator, now, small_limit(data, indicator)), "label": indicator.label}
    for which, prefix in (("previous", ""), ("year_ago", "year_")):
        earlier = before(data, indicator.id, place, which)
        _compared(data, indicator, place, now, earlier, which, prefix, facts, texts)
    _trend(data, indicator, place, now, facts)
    target = data.catalogue.target(indicator.id)
    if target is not None and now.base and place.scope in _TARGETED and "class" not in data.focus:
        gap = against_target(now.part, now.base, target, better=indicator.better, scale=indicator.scale)
        if gap is not None:
            facts |= {
                "target": target,
                "target_gap": float(gap.delta),
                "target_gap_pupils": gap.missing,
                "below_target": not gap.reached,
            }
            texts |= {
                "target": unit(indicator, target),
                "target_gap": russian.points(float(gap.delta)),
                # what one is short of stands in the genitive: «не хватает 21 обучающегося»
                "target_gap_pupils": russian.count(gap.missing, data.catalogue.noun(indicator.id), "gent"),
            }
    if share and now.base and 0 <= now.part <= now.base:
        interval = wilson(now.part, now.base, thresholds.confidence)
        facts |= {"low": interval.low * 100, "high": interval.high * 100}
        texts |= {"low": russian.percent(interval.low * 100, 0), "high": russian.percent(interval.high * 100, 0)}
        parent = held.whole(data, indicator.id, place)
        whole = parent.parts if parent else None
        if parent is not None and whole is not None and whole.base:
            facts["parent_value"] = whole.part / whole.base * 100
            facts["parent_gap"] = (facts["value"] or 0) - facts["parent_value"]
            facts["certain"] = not interval.covers(whole.part / whole.base)
            texts["parent_value"] = format_share(whole.part, whole.base)
            texts["parent_gap"] = russian.points(facts["parent_gap"])
            facts["parent_where"] = parent.where
    more = _parallel(data, indicator, place, now)
    return facts | more[0], texts | more[1]


def _parallel(data: NoteData, indicator: Indicator, place: Place, now: Parts) -> tuple[dict[str, Any], dict[str, str]]:
    """What the parallel shows: facts and texts ``parallel_value``, ``parallel_gap``, ``parallel_where``."""
    found = held.parallel(data, indicator.id, place)
    value = found.parts.value(float(indicator.scale)) if found else None
    own = now.value(float(indicator.scale))
    if found is None or value is None or own is None:
        return {}, {}
    facts = {
        "parallel_value": value,
        "parallel_part": found.parts.part,
        "parallel_n": found.parts.base,
        "parallel_gap": own - value,
        "parallel_where": found.where,
    }
    texts = {
        "parallel_value": show(indicator, found.parts, data.conventions.thresholds.small_group),
        "parallel_gap": gap_words(indicator, abs(own - value)),
    }
    return facts, texts


def _chance(data: NoteData, indicator: Indicator, place: Place, now: Parts, earlier: Parts) -> float | None:
    """p of the exact test of two shares of people (``held.judge_changes`` corrects it); None with nothing to test."""
    if not data.catalogue.counts_people(indicator.id, tuple(place.now)):
        return None
    try:  # people of people: a mistake in the data may give 22 families of 20
        return p_value(*whole_parts(now.part, now.base or 0), *whole_parts(earlier.part, earlier.base or 0))
    except ValueError:
        return None


def _compared(
    data: NoteData,
    indicator: Indicator,
    place: Place,
    now: Parts,
    earlier: Parts | None,
    which: str,
    prefix: str,
    facts: dict[str, Any],
    texts: dict[str, str],
) -> None:
    found = change(data, indicator, now, earlier)
    if found is None or earlier is None:
        return
    p = _chance(data, indicator, place, now, earlier)
    # What the table of changes calls chance may not be told as a fact of the school; of what has hardly changed nobody
    # asks whether it is chance.
    by_chance = found.verdict != "stable" and p is not None and p >= 1 - data.conventions.thresholds.confidence
    facts |= {
        f"{prefix}p": p,
        which: float(found.before),
        f"{which}_part": earlier.part,
        f"{which}_n": earlier.base,
        f"{prefix}delta": float(found.delta),
        f"{prefix}stable": found.verdict == "stable",
        f"{prefix}improved": found.verdict == "improved",
        f"{prefix}worsened": found.verdict == "worse",
        f"{prefix}by_chance": by_chance,
    }
    facts["small"] = facts["small"] or found.small
    if not prefix:
        facts["under_one"] = found.under_one
        facts["chance"] = texts["chance"] = CHANCE if by_chance else ""
    texts[which] = show(indicator, earlier, small_limit(data, indicator))
    delta = float(found.delta)
    shown = digits(delta) if indicator.unit == "count" else max(1, indicator.decimals)
    texts[f"{prefix}signed"] = (
        (counted_change(data, indicator, now, earlier, found) or format_points(found.delta))
        if indicator.unit == "percent"
        else russian.signed(delta, shown)
    )
    texts[f"{prefix}delta"] = gap_words(indicator, abs(float(found.delta)))
    noun = data.catalogue.noun(indicator.id)
    texts[f"{prefix}change"] = change_words(indicator, found, noun)
    facts[f"{prefix}change"] = texts[f"{prefix}change"]
    if not prefix:
        facts["change_marks"] = change_words(indicator, found, _person(data, indicator, place))
    if found.pupils is not None:
        facts[f"{prefix}delta_pupils"] = float(found.pupils)
        texts[f"{prefix}delta_pupils"] = russian.count(whole(found.pupils), noun)


def _person(data: NoteData, indicator: Indicator, place: Place) -> str:
    """Who stands behind a row of the figure, as a noun; nothing where one has several (marks of all subjects)."""
    if not data.catalogue.counts_people(indicator.id, tuple(place.now)):
        return ""
    noun = data.catalogue.noun(indicator.id)
    return "обучающийся" if noun == "отметка" else noun  # by one subject a mark is a pupil


# The targets of the catalogue are the school's; a class or a parallel has none of its own.
_TARGETED = ("overall", "school", "subject")


def _trend(data: NoteData, indicator: Indicator, place: Place, now: Parts, facts: dict[str, Any]) -> None:
    """Whether the figure rose or fell twice in a row. Classes are left out: their make-up changes with the year."""
    if data.earlier is None or place.scope == "class":
        return
    if place.scope == "grade" and data.period.previous().previous().year != data.period.year:
        return  # other pupils sat in the parallel
    found = before(data, indicator.id, place, "previous"), _find(data.earlier, indicator.id, place.school, place.now)
    # Exact: 51 of 97 divided in two ways differ in the last digit of a float, and that is no trend.
    value, previous, start = (parts.exact(indicator.scale) if parts else None for parts in (now, *found))
    if value is not None and previous is not None and start is not None:
        facts["monotone_up"] = start < previous < value
        facts["monotone_down"] = start > previous > value

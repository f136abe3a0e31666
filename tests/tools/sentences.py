"""Every sentence that a note can say, with awkward numbers: what tests/golden/sentences holds.

`make sentences` writes the golden files anew, of every note of params/narrative; read the difference before you commit.

The sentences are told by the engine itself from figures that are invented here: 0, 1, 2, 5, 21 and 10,5 of something,
larger and smaller than before, in groups large and small. Conditions are left out, so that each wording is seen with
each number; a rule may therefore be seen to say what its condition would not let it say («не успевают 0»).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from soko.analysis.narrative import Desk, Narrative, Subject, tell
from soko.analysis.narrative_expr import Expression
from soko.analysis.narrative_rules import Compiled, RuleBook
from soko.indicators import load_catalogue
from soko.notes import facts, telling
from soko.notes.data import NoteData
from soko.notes.figures import Figures
from soko.notes.places import Place
from soko.params import Params
from soko.periods import Period
from soko.russian import NBSP, count
from soko.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden" / "sentences"
PERIOD = Period.parse("2025-2026/q4")
ALWAYS, NEVER = Expression("1 == 1"), Expression("1 == 0")

_SAID: dict[tuple[str, str], list[tuple[str, str, str]]] = {}


@dataclass(frozen=True)
class Case:
    """A number, and the figure that brings it about: so many of ``base``; what it may have been before."""

    title: str
    part: float
    base: float
    before: tuple[tuple[float, float], ...]
    small: bool = False


CASES = [
    Case("0", 0, 21, ((5, 25), (0, 21))),
    Case("1", 1, 21, ((6, 21), (0, 21), (1, 21))),
    Case("2", 2, 22, ((7, 22), (0, 22), (2, 22))),
    Case("5", 5, 25, ((7, 25), (4, 26), (5, 25))),
    Case("21", 21, 101, ((42, 102), (0, 101), (21, 101))),
    Case("10,5", 10.5, 42, ((15.75, 42), (8.25, 44), (10.5, 42))),
]
#: The same numbers as the rest of the base, for rules that name it.
REST = [
    Case("остальных 0", 25, 25, ((25, 25), (20, 25))),
    Case("остальных 1", 24, 25, ((25, 25), (19, 25), (24, 25))),
    Case("остальных 2", 23, 25, ((25, 25), (19, 25), (23, 25))),
    Case("остальных 5", 20, 25, ((22, 25), (12, 25), (20, 25))),
    Case("остальных 21", 80, 101, ((101, 101), (59, 101), (80, 101))),
]
SMALL = [
    Case("1 из 1", 1, 1, ((0, 1), (1, 1)), small=True),
    Case("2 из 5", 2, 5, ((5, 6), (0, 5), (2, 5)), small=True),
]
#: How many objects a sentence about several has.
MANY = (2, 5, 21)
_LETTERS = "АБВГДЕЖЗИК"
_SUBJECTS = ["Алгебра", "ОБЗР", "Физическая культура", "Русский язык", "Труд (технология)"]
_ITEMS = ["Открытые площадки", "Волонтёрство", "ЕГЭ", "Первая помощь", "Питание"]


def notes() -> list[str]:
    """Every note that has rules."""
    found = sorted((ROOT / "params" / "narrative").glob("*.yaml"))
    return [path.stem for path in found if "\nrules:" in path.read_text(encoding="utf-8")]


def rules(note: str) -> tuple[Compiled, ...]:
    """The rules of a note."""
    return _rules(note).rules


def render(note: str) -> str:
    """The golden text of a note."""
    lines = [f"# {note}: каждое предложение с разными числами («·» – неразрывный пробел)."]
    for compiled in rules(note):
        lines += ["", f"## {compiled.rule.id}", *_collapsed(said(note, compiled))]
    return "\n".join(lines).replace(NBSP, "·") + "\n"


def said(note: str, compiled: Compiled) -> list[tuple[str, str, str]]:
    """(what, number, text) of one rule: what is said and how it stands; action with its ground after «←»."""
    key = (note, compiled.rule.id)
    if key not in _SAID:
        _SAID[key] = list(dict.fromkeys(_said(data(note), compiled)))
    return _SAID[key]


def _said(data: NoteData, compiled: Compiled) -> Iterator[tuple[str, str, str]]:
    rule = compiled.rule
    names = rule.spoken_of
    rest = [*REST] if any(name.rpartition(".")[2] == "rest" for name in compiled.names) else []
    for case in CASES + rest + SMALL:
        # The first indicator of several meets every number, the others two.
        for own in names if case.title in ("1", "10,5") else names[:1]:
            yield from _told(data, _of_one(compiled, own), [_subject(data, compiled, case, 0)], case)
    if rule.scope not in ("overall", "school", "data"):
        for number in MANY:
            some = [_subject(data, compiled, CASES[(i + 1) % 6], i) for i in range(number)]
            yield from _told(data, _of_one(compiled, names[0]), some, None)
            few = [_subject(data, compiled, SMALL[i % len(SMALL)], i) for i in range(number)]
            yield from _of_several(data, _of_one(compiled, names[0]), some, few)
    elif len(names) > 1:
        yield from _told(data, compiled, [_subject(data, compiled, CASES[1], 0)], None)


def _of_several(
    data: NoteData, compiled: Compiled, some: list[Subject], few: list[Subject]
) -> Iterator[tuple[str, str, str]]:
    """What is said where every object meets the condition, and of several small groups that do."""
    common, desk = _common(data.note), telling.desk(data)
    wanted = [("every", some)] if compiled.rule.every else []
    wanted += [("small_fold", few)] if compiled.rule.small_fold else []
    for what, about in wanted:
        kind = "careful" if what == "small_fold" else "statement"
        for item in _tell(compiled, about, common, desk, ALWAYS).sentences:
            if item.kind == kind:
                yield what, f"×{len(about)}", item.text


def _of_one(compiled: Compiled, indicator: str) -> Compiled:
    update = {"indicator": indicator, "indicators": [], "only": []}
    return replace(compiled, rule=compiled.rule.model_copy(update=update))


def _told(
    data: NoteData, compiled: Compiled, subjects: list[Subject], case: Case | None
) -> Iterator[tuple[str, str, str]]:
    """What the rule says of the objects (``case`` None: of several at once); in brackets where its condition fails."""
    compiled = replace(compiled, rule=compiled.rule.model_copy(update={"every": ""}))
    common = _common(data.note) | {"leaving_where": f"в{NBSP}9-х классах"}
    desk = telling.desk(data)
    title = case.title if case else f"×{max(len(subjects), len(compiled.rule.spoken_of))}"
    if case and not _met(compiled, subjects[0], common):
        title = f"({title})"
    actions: dict[bool, list[str]] = {}
    later = compiled.rule.action.year_end if compiled.rule.action else None
    for item in subjects:  # these subjects stand in any grade, whatever the curriculum says
        for own in item.facts.values():
            own["goes_on"] = item.facts.get("", {}).get("grade") not in compiled.leaving
    for closes in (False, True):
        some = {**common, "closes_year": closes}
        told = _tell(compiled, subjects, some, Desk(desk.person, desk.due, closes), ALWAYS)
        actions[closes] = [f"{advice.what} ← {advice.basis}" for advice in told.recommendations]
        if closes:
            continue
        for item in told.sentences:
            if item.kind == "careful":
                yield "small", title, item.text
            elif item.kind == "statement" and (case or compiled.rule.fold):
                yield "text" if case else "fold", title, item.text
        yield from (("conclusion", title, item.text) for item in told.conclusions)
    yield from (("action", title, text) for text in actions[False])
    if actions[True] != actions[False]:
        yield from (("year_end", title, text) for text in actions[True])
    if later is not None and later.ended and (case is None or case.title == "1"):
        gone = [
            replace(item, facts={key: own | {"goes_on": False} for key, own in item.facts.items()}) for item in subjects
        ]
        told = _tell(compiled, gone, common | {"closes_year": True}, Desk(desk.person, desk.due, True), ALWAYS)
        yield from (("ended", title, f"{advice.what} ← {advice.basis}") for advice in told.recommendations)
    if compiled.rule.nothing and case and not case.small:
        for item in _tell(compiled, subjects, common, desk, NEVER).sentences:
            yield "nothing", case.title, item.text


def _met(compiled: Compiled, subject: Subject, common: dict[str, Any]) -> bool:
    view = {**common, **subject.facts.get("", {}), **compiled.rule.thresholds}
    for indicator in compiled.indicators:
        view |= {f"{indicator}.{name}": value for name, value in subject.facts.get(indicator, {}).items()}
    return bool(compiled.when(view | subject.facts.get(compiled.rule.spoken_of[0], {})))


def _tell(
    compiled: Compiled, subjects: list[Subject], common: dict[str, Any], desk: Desk, when: Expression
) -> Narrative:
    ready = replace(compiled, when=when, told_elsewhere=None, year_end_when=None)
    return tell(replace(_book(), rules=(ready,)), subjects, common, desk)


def _book() -> RuleBook:
    return _rules(notes()[0])


@cache
def _rules(note: str) -> RuleBook:
    return telling.book(data(note))


@cache
def _common(note: str) -> dict[str, Any]:
    return telling.common(data(note), _rules(note))


def _subject(data: NoteData, compiled: Compiled, case: Case, number: int) -> Subject:
    scope, wanted = compiled.rule.scope, compiled.indicators
    if scope == "data":
        return Subject("data", {"": _findings(case)})
    at = place(data, scope, number)
    own_dims = tuple(at.now.items())
    book = _rules(data.note)
    made: list[Subject] = []
    for was, was_base in case.before:
        # The first earlier figure that meets the condition; without one, the first.
        before, older = (was, was_base), (max(0.0, 2 * was - case.part), was_base)
        known = replace(
            data,
            current=figures(data.note, wanted, own_dims, case.part, case.base),
            previous=figures(data.note, wanted, own_dims, *before),
            year_ago=figures(data.note, wanted, own_dims, *before),
            earlier=figures(data.note, wanted, own_dims, *older),
            beside=figures(data.note, wanted, own_dims, case.part + 3, case.base * 2 + 7, grade=str(at.grade)),
        )
        subject = facts.subject_of(known, at, wanted)
        telling.relate(known, [subject], book)
        for indicator, own in subject.facts.items():
            if indicator:
                _complete(data, indicator, own, subject.texts[indicator], case)
        if _met(compiled, subject, _common(data.note)):
            return subject
        made.append(subject)
    return made[0]


def _complete(data: NoteData, indicator: str, known: dict[str, Any], texts: dict[str, str], case: Case) -> None:
    """Facts that need other objects beside this one, or a target that this school has not set."""
    known["small"] = case.small
    if data.catalogue[indicator].unit != "percent":
        known.setdefault("previous", known["value"])
    whole = int(case.part)
    more: dict[str, Any] = {
        "part_leaving": whole,
        "part_staying": whole,
        "rest_leaving": whole,
        "within": f"; всё снижение – в{NBSP}7Б классе",
        "pulls": f"; отсюда снижение в{NBSP}7-х классах",
        "counts": f"4{NBSP}→{NBSP}{whole}{NBSP}из{NBSP}{int(case.base)}",
        "target": 50.0,
        "target_gap": 3.5,
        "target_gap_pupils": whole,
        "parent_value": 46.25,
        "parent_gap": 3.5,
        "parent_where": "на уровне ООО",
        "parallel_value": 46.25,
        "parallel_gap": 3.5,
        "parallel_where": f"в{NBSP}7-х классах",
        "proven": True,
        "year_proven": True,
        "below_territory": True,
        "above_territory": True,
        "territories": "муниципалитета и региона",
    }
    for name, value in more.items():
        known.setdefault(name, value)
    for name, text in {
        "target": f"50{NBSP}%",
        "target_gap": f"3,5{NBSP}п.п.",
        "target_gap_pupils": count(whole, data.catalogue.noun(indicator), "gent"),
        "parent_value": f"46,3{NBSP}%",
        "parallel_value": f"46,3{NBSP}%",
    }.items():
        texts.setdefault(name, text)


def _findings(case: Case) -> dict[str, Any]:
    whole = int(case.part)
    listed = f"алгебра, 7А ({count(whole, 'отметка')}); ОБЗР, 9Б ({count(1, 'отметка')})"
    counts = dict.fromkeys(("critical", "warnings", "infos", "doubtful_in", "doubtful_out"), whole)
    return {**counts, "doubtful_included": listed, "doubtful_absent": listed}


def place(data: NoteData, scope: str, number: int) -> Place:
    """The object with this number."""
    grade = 5 + number % 5
    name, where = {
        "overall": ("школа", "в школе"),
        "school": ("школа", "в школе"),
        "level": (("НОО", "ООО", "СОО")[number % 3], f"на уровне {('НОО', 'ООО', 'СОО')[number % 3]}"),
        "grade": (f"{grade}-е классы", f"в{NBSP}{grade}-х классах"),
        "class": (f"{grade}{_LETTERS[number // 5]}", f"в{NBSP}{grade}{_LETTERS[number // 5]} классе"),
        "subject": (_SUBJECTS[number % 5], f"по предмету «{_SUBJECTS[number % 5]}»"),
        "item": (_ITEMS[number % 5], f"«{_ITEMS[number % 5]}»"),
        "work": (f"{_SUBJECTS[number % 5]} в{NBSP}{grade}-х классах",) * 2,
        "class_subject": (f"{_SUBJECTS[number % 5]} в{NBSP}{grade}А классе",) * 2,
    }.get(scope, ("7А", f"в{NBSP}7А классе"))
    own = {"class": "7А", "subject": "Алгебра", "area": "Математика и информатика"}
    if scope == "overall" and data.focus:
        name = own[next(iter(data.focus))]
    dims = {} if scope in ("overall", "school") else {scope: str(grade) if scope == "grade" else name}
    if scope in ("work", "class_subject"):
        of = {"grade": str(grade)} if scope == "work" else {"class": f"{grade}А"}
        dims = of | {"subject": _SUBJECTS[number % 5]}
    area = "Математика и информатика" if scope in ("subject", "work", "class_subject") else data.area
    key = str(grade) if scope == "grade" else name
    return Place(scope, key, name, where, "", dims, dims, dims, grade, "ООО", area)


@cache
def figures(
    note: str, wanted: frozenset[str], own: tuple[tuple[str, str], ...], part: float, base: float, grade: str = ""
) -> Figures:
    """The figures of one object and of the whole school; with ``grade`` of the parallel and the level that it is in."""
    catalogue = data(note).catalogue
    everything: list[dict[str, str]] = [dict(own), {}, {"level": "ООО"}] if own else [{}]
    if grade:
        everything = [{"level": "ООО"}, {"grade": grade}, *([{"grade": grade} | dict(own)] if own else [])]
    rows = []
    for indicator in wanted:
        item = catalogue[indicator]
        numerator, denominator = part, base
        if not item.denominator:
            denominator = float("nan")
        elif item.unit == "flag":
            numerator, denominator = float(part > 1), 1
        elif item.unit != "percent" or item.scale != 100:
            numerator = part * base  # so that the mean is the number
        elif catalogue.counts_people(indicator, ()):
            numerator = int(part)  # no half a pupil
        rows += [(indicator, dims, float(numerator), float(denominator)) for dims in everything]
    made = Figures.__new__(Figures)  # as from a table, which pandas would take most of the time for
    names = ["level", "grade", "class", "subject", "item"]
    texts = {name: [dims.get(name, "") for _, dims, _, _ in rows] for name in names}
    texts |= {"school_id": [""] * len(rows), "indicator": [row[0] for row in rows]}
    made._fill(texts, [row[2] for row in rows], [row[3] for row in rows])
    return made


@cache
def data(note: str) -> NoteData:
    place = Workspace.open(ROOT)
    params = Params(place)
    empty = Figures(pd.DataFrame(columns=["school_id", "indicator", "numerator", "denominator"]))
    made = NoteData(place, PERIOD, params, load_catalogue(place, bind=False), empty, None, None, note=note)
    focus = telling.book(made).file.focus
    own = {"class": "7А", "subject": "Алгебра", "area": "Математика и информатика"}
    return replace(made, focus={focus: own[focus]} if focus else {})


def _collapsed(found: list[tuple[str, str, str]]) -> Iterator[str]:
    """One line a text, with the numbers that give it; what is said of one object before what of several."""
    by_text: dict[tuple[str, str], list[str]] = {}
    for what, number, text in found:
        by_text.setdefault((what, text), []).append(number)
    for kind in dict.fromkeys(what for what, _ in by_text):
        yield kind
        for (what, text), numbers in by_text.items():
            if what == kind:
                yield f"  {', '.join(dict.fromkeys(numbers))}: {text}"


def main(chosen: list[str]) -> int:
    """Write the golden files of the notes named, or of all; drop those of notes that are gone."""
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for note in chosen or notes():
        (GOLDEN / f"{note}.txt").write_text(render(note), encoding="utf-8")
    for path in GOLDEN.glob("*.txt"):
        if path.stem not in notes():
            path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The main things of a period: what the rules of its notes conclude, the most urgent of all notes together.

Nothing is written anew: strengths and concerns are conclusions of the notes, decisions their recommendations, each with
the analyst's edits. What two notes say of the same figure is taken once. Of one note no third thing is taken before the
other notes had theirs; pupils at risk are beside that count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from soko import resources
from soko.analysis.narrative import Narrative, Recommendation, Sentence
from soko.indicators.key import load_key
from soko.notes import edits, ending, telling
from soko.notes.data import NoteData

_AT_ONCE = 2
_LAST = 99  # a rule without a place on page one
_RISK, _NEITHER, _BY_CHANCE = -1.0, 0.0, 1.0


@dataclass(frozen=True)
class Thing:
    """A conclusion or a recommendation: of which note and rule, and how urgent it is (less is more)."""

    note: str
    rule: str
    text: str
    urgent: tuple[float, ...]
    advice: Recommendation | None = None
    about: tuple[str, ...] = ()  # indicator, scope and objects of a conclusion


@dataclass(frozen=True)
class MainThings:
    """What there is, the most urgent first; the decisions about the concerns lead."""

    strengths: list[Thing]
    concerns: list[Thing]
    decisions: list[Thing]


def main_things(data: NoteData) -> MainThings:
    """The main things of the notes of the period. ``data`` are its figures; ConfigError for a wrong rule of a note."""
    weights = load_key(data.workspace, data.catalogue, data.params.dates(data.period).end).value.weights
    strengths: list[Thing] = []
    concerns: list[Thing] = []
    decisions: list[Thing] = []
    for place, note in enumerate(notes(data)):
        own = replace(data, note=note, current=data.current.for_note(), remarks=None, supposed=None, told={})
        told = edits.applied(own, telling.narrative(own)).narrative
        urgency = _Urgency(place, told, weights)
        for item in told.conclusions:
            if item.severity in ("strength", "concern"):
                things = strengths if item.severity == "strength" else concerns
                about = (*item.about, *item.subjects) if item.about[0] else ()
                things.append(Thing(note, item.rule, item.text, urgency.of(item.rule, item), about=about))
        decisions += [Thing(note, item.rule, item.what, urgency.of(item.rule), item) for item in told.recommendations]
    concerns = _in_turn(concerns)
    return MainThings(_in_turn(strengths), concerns, _of_concerns(decisions, concerns))


def notes(data: NoteData) -> list[str]:
    """The notes of the period that have rules and speak of the whole school, in the order of its settings."""
    listed = [item if isinstance(item, str) else item.note for item in data.params.period(data.period).notes]
    found = []
    for name in dict.fromkeys(listed):
        if not resources.narrative(name, data.workspace.params).is_file():
            continue
        if not telling.book(replace(data, note=name)).file.focus:
            found.append(name)
    return found


class _Urgency:
    """How urgent what the rules of one note say is.

    Pupils at risk come first, a change that may be chance last. Between them concerns and decisions stand as the notes
    rank them, by the place on page one, then by the weight of the key indicator; strengths by the weight first.
    """

    def __init__(self, place: int, told: Narrative, weights: Mapping[str, float]) -> None:
        self._place, self._weights = float(place), weights
        self._headline = {item.rule: item.headline for item in told.sentences if item.headline}
        self._about = {item.rule: item.about[0] for item in (*told.conclusions, *told.sentences)}

    def of(self, rule: str, told: Sentence | None = None) -> tuple[float, ...]:
        """The key by which things are put in order."""
        weight = -float(self._weights.get(self._about.get(rule, ""), 0.0))
        headline = float(self._headline.get(rule, _LAST))
        strength = told is not None and told.severity == "strength"
        first = _NEITHER
        if told is not None and told.severity == "concern" and told.section == ending.AT_RISK:
            first = _RISK
        elif told is not None and told.by_chance:
            first = _BY_CHANCE
        return (first, *((weight, headline) if strength else (headline, weight)), self._place)


def _in_turn(things: Iterable[Thing]) -> list[Thing]:
    """The two most urgent of each note first, then its next two, and so on: one note must not fill the page.

    Pupils at risk lead and are not counted. Of what two notes say of the same objects the more urgent stays.
    """
    known: dict[str, int] = {}
    whose: dict[tuple[str, ...], str] = {}
    placed = []
    for item in sorted(things, key=lambda item: item.urgent):
        if item.about and whose.setdefault(item.about, item.note) != item.note:
            continue
        if item.urgent[0] == _RISK:
            placed.append((-1, item.urgent, item))
            continue
        number = known[item.note] = known.get(item.note, -1) + 1
        placed.append((number // _AT_ONCE, item.urgent, item))
    return [item for _, _, item in sorted(placed, key=lambda entry: entry[:2])]


def _of_concerns(decisions: Sequence[Thing], concerns: Sequence[Thing]) -> list[Thing]:
    """Decisions in the order of the concerns that they answer; then the others, as urgent as their rules."""
    order = {(item.note, item.rule): at for at, item in reversed(list(enumerate(concerns)))}
    return sorted(decisions, key=lambda item: (order.get((item.note, item.rule), len(order)), item.urgent))

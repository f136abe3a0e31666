"""Is a hidden figure of a release told in a file? A number counts only beside its group and its indicator.

Matched is a number that prints as a hidden one where row and column (or the sentence) name the same indicator, group
and period, unless a figure that the releases show prints just so there. Not seen are a figure whose group or indicator
is named only elsewhere, differences, what is drawn, and a hidden figure that equals a shown one of the same words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator

from soko.disclosure import coincidences
from soko.disclosure.hidden_facts import BASE, PART, VALUE, Fact, Facts, gather, has_releases
from soko.disclosure.hidden_grids import Told
from soko.disclosure.hidden_numbers import numbers_of
from soko.disclosure.hidden_records import told
from soko.disclosure.hidden_words import Words, as_dims
from soko.disclosure.needles import PHRASE
from soko.disclosure.places import Dims
from soko.disclosure.texts import Closed, Piece
from soko.params import Params
from soko.periods import Period
from soko.workspace import Workspace

_FEWER = ("<", "≈", "±")  # «< 5» is what stands in place of a hidden count
_CHANGE = re.compile(
    r"±|≈|п\.\s?п|изменен|разниц|отклон|интервал|цель|\bцели\b|прирост|динамик|^\s*№|место|\bmin|\bmax", re.IGNORECASE
)
_BASE_HEAD = re.compile(r"\bбаз|всего|знаменател|denominator|списоч", re.IGNORECASE)
_PART_HEAD = re.compile(r"из них|числител|numerator|чел\.?$", re.IGNORECASE)
_WHOLE = re.compile(r"по школе|всего|итого|школа|\bвсе\b", re.IGNORECASE)


class Searcher:
    """Looks for the facts of a workspace in one file after the other."""

    def __init__(self, facts: Facts, words: Words) -> None:
        self.facts, self.words = facts, words
        self._items: dict[str, set[str]] = {}
        for fact in facts.every:
            for name, value in fact.dims:
                if name == "item":
                    self._items.setdefault(fact.indicator, set()).add(value)

    @property
    def terms(self) -> list[object]:
        """Everything that the answer for a file depends on, for ``soko.disclosure.searched``."""
        words, facts = self.words, self.facts
        named = {name: words.catalogue[name] for name in {fact.indicator for fact in facts.every}}
        labels = {name: (item.short, item.name) for name, item in named.items()}
        found = [facts.rows, {one.id for one in facts.releases}, labels, words.labels, words.classes, words.subjects]
        return [*found, [level.model_dump() for level in words.school.levels]]

    def places(
        self, content: bytes, opened: Iterable[Piece | Closed], excused: Container[str] = ()
    ) -> Iterator[tuple[str, str]]:
        """(place, kind) of every hidden figure that a file tells; ``excused``: codes of ``coincidences``."""
        for one in told(content, opened):
            if facts := self.tells(one):
                code = coincidences.code(one, facts)
                if code not in excused:
                    yield coincidences.place(one, code), PHRASE

    def tells(self, one: Told) -> list[Fact]:
        """The hidden figures that a cell or a sentence tells, as far as its words say."""
        return self._cell(one) if one.cell else self._sentence(one.text)

    # -- tables ------------------------------------------------------------------------------------------------------

    def _cell(self, one: Told) -> list[Fact]:
        if (one.text.startswith(_FEWER) and not one.loose) or _CHANGE.search(one.heads):
            return []
        numbers = numbers_of(one.text, comma=one.loose)
        found = [
            (number, what or _of_head(one.heads), base) for number, what, base, _ in numbers
            if number in self.facts.hidden and not (one.loose and number.isdigit())
        ]  # fmt: skip
        text = f"{one.label} | {one.heads} | {one.about}"
        told: list[Fact] = []
        for number, what, base in found:  # the cheap question first: most numbers print as some hidden one
            hidden = [fact for fact in self.facts.hidden[number] if _is(fact, what, base)]
            if not any(self.words.names(name, text) for name in {fact.indicator for fact in hidden}):
                continue
            fits = self._beside(one, text)
            shown = (fact for fact in self.facts.shown.get(number, ()) if _is(fact, what, base, any_base=True))
            own = [fact for fact in hidden if fits(fact)]
            if own and not any(map(fits, shown)):
                told += own
        return told

    def _beside(self, one: Told, text: str) -> Callable[[Fact], bool]:
        """Whether a fact is of the indicator, group and period that stand beside a cell."""
        own, wide = self.words.groups(f"{one.label} | {one.heads}"), self.words.groups(one.about)
        dims = {as_dims(own), as_dims([*own, *wide])}
        whole = bool(_WHOLE.search(one.label)) or not one.label.strip(" |")
        periods = next((p for p in map(self.words.periods, (one.heads, one.label, one.about)) if p), set())
        if self.words.ago(one.heads):
            dims |= {_a_class_before(group) for group in dims}

        def fits(fact: Fact) -> bool:
            if _without_item(fact.dims) not in dims or not self._in(periods, fact, loose=one.loose):
                return False
            if not self.words.names(fact.indicator, text):
                return False
            if not (fact.dims or whole or self.words.names(fact.indicator, one.label)):
                return False
            return self._same_item(fact, one.label, text)

        return fits

    # -- prose -------------------------------------------------------------------------------------------------------

    def _sentence(self, text: str) -> list[Fact]:
        every_number = list(numbers_of(text, prose=True))
        numbers = [found for found in every_number if found[0] in self.facts.hidden]
        if not numbers:
            return []
        groups = self.words.groups(text)
        periods = self.words.periods(text)

        def fits(fact: Fact, dims: set[Dims]) -> bool:
            return (
                _without_item(fact.dims) in dims
                and self._in(periods, fact)
                and self.words.names(fact.indicator, text)
                and self._same_item(fact, text, text)
            )

        told: list[Fact] = []
        every = {as_dims([group]) for group in groups} | {as_dims(groups), ()}
        for number, what, base, at in numbers:
            dims = _nearest(groups, at)
            hidden = (fact for fact in self.facts.hidden[number] if fact.dims or text[at].isdigit())
            own = [fact for fact in hidden if _is(fact, what, base) and fits(fact, dims)]
            if not own:
                continue
            same = sum(other[0] == number for other in every_number)
            shown = {
                (fact.indicator, fact.dims, fact.period)
                for fact in self.facts.shown.get(number, ())
                if _is(fact, what, base, any_base=True) and fits(fact, dims | every)
            }
            if same > len(shown):
                told += own
        return told

    def _in(self, periods: set[Period], fact: Fact, *, loose: bool = False) -> bool:
        """Whether words that name ``periods`` (none: that of the document) may mean the fact's."""
        when = Period.parse(fact.period)
        return loose or when in (periods or self.words.releases)

    def _same_item(self, fact: Fact, label: str, text: str) -> bool:
        item = dict(fact.dims).get("item", "")
        if item:
            return self.words.has_item(item, text)
        return not any(self.words.has_item(other, label) for other in self._items.get(fact.indicator, ()))


def searcher(workspace: Workspace) -> Searcher | None:
    """What looks for the hidden figures of a workspace's releases; None before the first one.

    DataError for a damaged register.
    """
    from soko.indicators import load_catalogue

    if not has_releases(workspace):
        return None
    catalogue = load_catalogue(workspace, bind=False)
    facts = gather(workspace, catalogue)
    dims = [dict(fact.dims) for fact in facts.every]
    return Searcher(
        facts,
        Words(
            catalogue,
            Params(workspace).school,
            _labels(workspace),
            frozenset(one["class"] for one in dims if "class" in one),
            tuple(sorted({one["subject"] for one in dims if "subject" in one})),
            frozenset(facts.releases),
        ),
    )


def _labels(workspace: Workspace) -> dict[str, list[str]]:
    """What the public report calls the indicators, beside their own names."""
    from soko.reports import settings

    return settings.labels(workspace)


def _of_head(heads: str) -> str:
    """What a column holds, by its head; empty where that may be the value or the count."""
    if _BASE_HEAD.search(heads):
        return BASE
    if _PART_HEAD.search(heads):
        return PART
    return VALUE if "%" in heads or re.search(r"\bvalue|значение", heads, re.IGNORECASE) else ""


def _is(fact: Fact, what: str, base: float, *, any_base: bool = False) -> bool:
    """Whether a number that is ``what`` («» value or count) can be the fact's; ``base`` of «2 из 3» agrees."""
    if fact.what != what and (what or fact.what == BASE):
        return False
    return base != base or any_base or fact.base == base


def _nearest(groups: list[tuple[int, str, str]], at: int) -> set[Dims]:
    """The groups that a number at a place of a sentence may be of: all that are named, or those named before it."""
    found = set()
    before = [group for group in groups if group[0] < at]
    for some in (groups, before):
        last: dict[str, tuple[int, str, str]] = {}
        for group in some:  # of several the nearest before the number, else the first after it
            if group[1] not in last or group[0] < at:
                last[group[1]] = group
        found.add(as_dims(last.values()))
    return found


def _without_item(dims: Dims) -> Dims:
    return tuple(pair for pair in dims if pair[0] != "item")


def _a_class_before(dims: Dims) -> Dims:
    """The group a year before: of «7А» that was «6А»."""
    return tuple(
        (name, re.sub(r"^\d+", lambda digits: str(int(digits[0]) - 1), value) if name == "class" else value)
        for name, value in dims
    )

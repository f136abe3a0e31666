"""The management summary for the pedagogical council: one page of a period's main things.

How much stands on it is decided by the page itself (``soko.reports.fitting``): first the row of figures gets shorter,
then there are fewer things, last of all long sentences are cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from soko import russian
from soko.analysis.narrative_text import Template, TemplateError
from soko.analysis.series import stored
from soko.errors import ConfigError
from soko.notes import cluster
from soko.notes.base import Blocks
from soko.notes.data import NoteData
from soko.notes.facts import change
from soko.notes.figure_words import show
from soko.notes.objects import signed
from soko.publish.blocks import Block, Callout, Figure, Head, Meta, Prose, Row, Table, Title
from soko.reports import settings, tiles
from soko.reports.fitting import on_one_page
from soko.reports.main_things import MainThings, Thing, main_things
from soko.reports.tiles import Tile
from soko.russian import NBSP

TITLE = "Сводка для педагогического совета"
_COLUMNS = 5
#: Letters of a sentence → how many concerns and decisions are tried, the most first. A decision takes more room than a
#: concern, so the last decision goes before the last concern.
_LADDER = {
    320: [(5, 5), (5, 4), (4, 4), (4, 3), (3, 3), (2, 2), (1, 1)],
    200: [(4, 4), (3, 3), (2, 2), (1, 1)],
    120: [(3, 3), (2, 2), (1, 1)],
}


class Size(NamedTuple):
    """How much stands on the page: letters of a sentence, strengths, concerns, decisions, tiles."""

    letters: int
    strengths: int
    concerns: int
    decisions: int
    tiles: int


class Summary:
    """One page of one period."""

    def __init__(self, data: NoteData) -> None:
        self.data = data
        self.settings = settings.summary(data.workspace)

    def page(self) -> Blocks:
        """All of it: heading, key indicators, strengths, concerns, decisions, what the council is asked for."""
        return Blocks(self.made(main_things(self.data), self._tiles()))

    def made(self, things: MainThings, found: Sequence[Tile]) -> list[Block]:
        """The page of these things and figures: as much of them as it has room for."""
        most, rows = self.settings.items, sorted({self.settings.tiles, _COLUMNS}, reverse=True)
        sizes = [
            Size(letters, min(self.settings.strengths, items), items, decided, count)
            for letters, room in _LADDER.items()
            for (items, decided), count in product([pair for pair in room if pair[0] <= most], rows)
        ]
        return on_one_page(sizes, lambda size: self._blocks(things, found, size))

    def _blocks(self, things: MainThings, found: Sequence[Tile], size: Size) -> list[Block]:
        strengths, concerns = things.strengths[: size.strengths], things.concerns[: size.concerns]
        decisions = things.decisions[: size.decisions]
        made = [*self._heading(), *_figure(self.data, found[: size.tiles])]
        made.append(_list("Сильные стороны", strengths, "Достижений по правилам справок не отмечено.", size.letters))
        made.append(_list("Что тревожит", concerns, "Проблем по правилам справок не отмечено.", size.letters))
        made += _decisions(decisions, size.letters)
        if self._has_data():
            made.append(self._asks(len(decisions)))
        else:
            made.append(Callout(kind="warning", title="Данных нет", markdown="Показателей справок за период нет."))
        return made

    def _has_data(self) -> bool:
        return bool(self.data.current.indicators)

    def _heading(self) -> list[Block]:
        data, school = self.data, self.data.school
        when = data.period.title("accusative")
        day = data.params.period(data.period).approved_on or data.params.dates(data.period).end
        return [
            Meta(
                title=f"{TITLE} за {when}",
                running_head=f"{school.name_short}. {TITLE}: {data.period.short()}",
                date=day.isoformat(),
                audience="internal",
                author=school.name_short,
            ),
            Title(school=school.name_short, title=TITLE, subtitle=f"за {when}"),
        ]

    def _tiles(self) -> list[Tile]:
        """The key indicators that have a figure, the heaviest first."""
        data = self.data
        found = [part for part in cluster.index(data).parts if part.parts is not None and part.why != "small"]
        rows = stored(data.workspace, data.period, data.catalogue)
        made = []
        for part in sorted(found, key=lambda part: -part.item.weight):
            indicator = data.catalogue[part.item.id]
            earlier = data.previous.get(indicator.id) if data.previous else None
            moved = change(data, indicator, part.parts, earlier)
            before = ""
            if moved is not None:
                before = f"{show(indicator, earlier)} ({signed(indicator, moved)})"
            made.append(
                Tile(
                    show(indicator, part.parts),
                    self.settings.labels.get(indicator.id, russian.lower_first(indicator.label)), before,
                    tiles.values(rows.points(indicator.id)), moved is not None and moved.verdict == "worse",
                )
            )  # fmt: skip
        return made

    def _asks(self, decisions: int) -> Prose:
        """What is asked of the council, in the words of the settings; what speaks of no decision falls away."""
        facts = {"period": self.data.period.title("accusative"), "decisions": decisions or None}
        said = []
        for text in self.settings.asks:
            try:
                template = Template(text)
                template.require(set(facts))
            except TemplateError as error:
                raise ConfigError(str(error), where="params/reports/management_summary.yaml, asks") from None
            if line := template(facts, {}):
                said.append(russian.sentence(line))
        lines = [f"{at}. {line}" for at, line in enumerate(said, start=1)]
        return Prose(markdown="\n".join(["## Просим совет", "", *lines]))


def _figure(data: NoteData, found: Sequence[Tile]) -> list[Block]:
    if not found:
        return []
    note = "" if data.previous is None else f"Под названием – {data.period.previous().short()}; линия"
    drawn = Figure(
        caption="Ключевые показатели", svg=tiles.draw(found, _COLUMNS), alt=tiles.alt(found),
        source=f"{note or 'Линия'} – прежние периоды; чёрный цвет – ухудшение.",
    )  # fmt: skip
    return [drawn]


def _list(title: str, things: Sequence[Thing], nothing: str, letters: int) -> Prose:
    lines = [f"{at}. {short(item.text, letters)}" for at, item in enumerate(things, start=1)]
    return Prose(markdown="\n".join([f"## {title}", "", *(lines or [nothing])]))


def _decisions(things: Sequence[Thing], letters: int) -> list[Block]:
    """The decisions, the nearest date first."""
    asked = sorted((item.advice for item in things if item.advice is not None), key=lambda item: item.due)
    rows = [
        Row(cells=[str(at), short(item.what, letters), item.who, russian.day(item.due)])
        for at, item in enumerate(asked, start=1)
    ]
    if not rows:
        return [Prose(markdown="## Решения\n\nПоводов для решений по правилам справок нет.")]
    columns = [
        Head(title="№", align="right", width=0.35),
        Head(title="Что сделать", width=3.6),
        Head(title="Кто отвечает", width=2.2),
        Head(title="Срок", width=1.2),
    ]
    return [Prose(markdown="## Решения"), Table(caption="", columns=columns, rows=rows, numbered=False)]


def short(text: str, letters: int) -> str:
    """The text, cut at a word where it is longer than ``letters``."""
    if len(text) <= letters:
        return text
    return text[:letters].replace(NBSP, " ").rsplit(" ", 1)[0].rstrip(",;:– (") + "…"

"""The public report of a school year: plain words for families. Every method gives the blocks of one part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from soko import russian
from soko.analysis.series import Stored, stored
from soko.errors import DataError, UsageError
from soko.hints import did_you_mean
from soko.indicators.reasons import PROTECTED
from soko.notes import cover, hidden, shown, telling
from soko.notes.base import Blocks, ThemeNote
from soko.notes.data import NoteData
from soko.notes.facts import change
from soko.notes.figure_words import show
from soko.notes.lacking import callout
from soko.publish.blocks import Block, Callout, Figure, Prose, Table
from soko.reports import numbers, settings, texts, tiles, winners
from soko.reports.settings import Words
from soko.reports.texts import Text
from soko.reports.tiles import Tile

if TYPE_CHECKING:
    from soko.indicators.catalogue import Catalogue

REPORT = "public_report"
#: Said in place of a figure that is not published (order 1324 asks for these very words).
HIDDEN = "Данные не публикуются в связи с малой численностью"
#: Of a figure that is hidden for another's sake.
PROTECTED_WORDS = "Данные не публикуются, чтобы по ним нельзя было узнать о малой группе"
_HOW = "Уберите их: числа печатает доклад по данным"
_TODO = (
    f"{_HOW[0].lower()}{_HOW[1:]}; текст, который и состоит из чисел (адрес, телефоны), отметьте в texts: numbers: true"
)
MARK = "Внутренний экземпляр, до согласования не публикуется"


class PublicReport(ThemeNote):
    """The report of one school year. Its sections are those of params/narrative/public_report.yaml."""

    def __init__(self, data: NoteData, audience: str = "internal", out: Path | None = None) -> None:
        """``out`` is the folder of a run that is not published yet."""
        super().__init__(data, audience)
        self.released = (out or data.workspace.outputs(data.period)) / "public"
        book = telling.book(data)
        self.settings = settings.public_report(data.workspace, data.catalogue.indicators, book.used())
        self.data = replace(data, catalogue=_plain(data.catalogue, self.settings.labels))

    def title(self) -> Blocks:
        """Heading with the approval block; the internal copy says that it is one."""
        made = cover.title(self.data, self.audience)
        if self.audience == "public":
            return Blocks(made)
        return Blocks(
            block.model_copy(update={"mark": MARK, "considered": ""}) if block.type == "title" else block  # type: ignore[attr-defined]
            for block in made
        )

    def text(self, name: str) -> Blocks:
        """A text that people write, with its heading; nothing of an unwritten one in the public copy."""
        known = {item.id: item for item in self.settings.texts}
        if name not in known:
            raise UsageError(f"в докладе нет текста «{name}»{did_you_mean(name, list(known))}")
        item, place = known[name], self.data.workspace
        found = texts.read(place, REPORT, item.id, item.title, self.data.period.school_year, yearly=item.yearly)
        made = texts.blocks(found, self.audience, item.hint)
        if own := [] if item.numbers else self._own_numbers(found):
            said = "; ".join(f"строка {line} – {numbers.message(number)}" for line, number in own)
            if self.audience == "public":
                raise DataError(f"текст доклада не сверить с его данными: {said}", where=found.place, todo=_TODO)
            made.append(
                Callout(kind="warning", title="Числа без источника", markdown=f"`{found.place}`: {said}. {_HOW}")
            )
        return Blocks(made)

    def _own_numbers(self, text: Text) -> list[tuple[int, str]]:
        """(line, number) of what people typed and the report itself does not say; of this audience's figures."""
        return numbers.own(text, self._held) if numbers.own(text, set()) else []

    @cached_property
    def _held(self) -> set[str]:
        """Numbers of the report's own tables, sentences and pictures."""
        made = [*self.glance(), *self.olympiads()]
        for item in telling.book(self.data).file.sections:
            made += self.section(item.id)
        said = [block.markdown for block in made if isinstance(block, Prose)]
        said += [f"{block.alt} {block.source}" for block in made if isinstance(block, Figure)]
        return numbers.held_by((block for block in made if isinstance(block, Table)), said)

    def glance(self) -> Blocks:
        """The school in figures: tiles with the year before. What is hidden or absent has no tile."""
        found = [made for item in self.settings.tiles if (made := self._tile(item)) is not None]
        if not found:
            return Blocks()
        figure = Figure(
            caption="Школа в цифрах", svg=tiles.draw(found), alt=tiles.alt(found), label="glance",
            source=f"Источник: показатели школы за {self.data.period.title('accusative')}.",
        )  # fmt: skip
        return Blocks([Prose(markdown="## Школа в цифрах"), figure])

    def section(self, name: str) -> Blocks:
        """A section: its sentences and charts; where it has neither, whether its figures are hidden or absent."""
        made: list[Block] = [Prose(markdown=f"## {telling.heading(self.data, name)}")]
        told = self.narrative.section(name)
        if said := " ".join(item.text for item in told if not item.partial):
            made.append(Prose(markdown=said))
        if said := " ".join(item.text for item in told if item.partial):  # of some groups the figures are hidden
            made.append(Prose(markdown=f"{hidden.OF_SOME} {said}"))
        made += [block for block in shown.blocks(self.data, "", name) if block is not None]
        if unsaid := self._hidden(name):
            made.append(Prose(markdown=unsaid))
        if len(made) == 1:
            made += self._nothing(name)
        return Blocks(made)

    def olympiads(self) -> Blocks:
        """The section on contests, with the winners who may be named."""
        data, chosen = self.data, self.settings.winners
        if data.public:
            found, others = winners.released(self.released)
        else:
            on = winners.day(data.workspace, data.period)
            found, others = winners.named(data.workspace, data.period, on, chosen)
        return self.section("olympiads") + winners.blocks(found, others)

    def glossary(self) -> Blocks:
        """What the words mean that the report has used."""
        used = self.data.current.used
        lines = [
            f"- **{item.term}** – {item.says}." for item in self.settings.glossary if used.intersection(item.indicators)
        ]
        return Blocks([Prose(markdown="\n".join(["## Словарь", "", *lines]))] if lines else [])

    def _hidden(self, section: str) -> str:
        """Sentences about the figures of the section that are hidden, by the reason; empty when none is."""
        by_words: dict[str, list[str]] = {}
        for name in self._spoken(section):
            if code := self.data.current.why_hidden(name):
                words = PROTECTED_WORDS if code == PROTECTED.code else HIDDEN
                by_words.setdefault(words, []).append(
                    russian.quote(russian.lower_first(self.data.catalogue[name].label))
                )
        said = [f"{words}: {russian.listing(dict.fromkeys(labels), 6)}" for words, labels in by_words.items()]
        return " ".join(russian.sentence(text) for text in said)

    def _nothing(self, section: str) -> list[Block]:
        """What is said of a topic without any figure; the internal copy names who owes it."""
        own = next((item.empty for item in telling.book(self.data).file.sections if item.id == section), "")
        if own:
            return [Prose(markdown=russian.sentence(own))]
        if self.audience == "internal" and (owed := callout(self.data, self._spoken(section))):
            return [owed]
        return [Prose(markdown="За этот год сведений нет.")]

    def _spoken(self, section: str) -> list[str]:
        book = telling.book(self.data)
        ids = [name for _, names in book.shown.get(section, ()) for name in names]
        ids += [name for item in book.rules if item.rule.section == section for name in sorted(item.indicators)]
        return list(dict.fromkeys(ids))

    @cached_property
    def _series(self) -> Stored:
        return stored(self.data.workspace, self.data.period, self.data.catalogue)

    def _tile(self, item: settings.Tile) -> Tile | None:
        data = self.data
        indicator, now = data.catalogue[item.indicator], data.current.get(item.indicator)
        if now is None or now.value(float(indicator.scale)) is None:
            return None
        small = data.conventions.thresholds.small_group
        earlier = data.year_ago.get(item.indicator) if data.year_ago else None
        found = change(data, indicator, now, earlier)
        before = f"год назад {show(indicator, earlier, small)}" if found is not None else ""
        row: tuple[float | None, ...] = ()
        if self.audience == "internal":  # what is stored is not masked
            row = tiles.values(self._series.points(item.indicator))
        return Tile(show(indicator, now, small), item.words, before, row)


def _plain(catalogue: Catalogue, labels: Mapping[str, Words]) -> Catalogue:
    """The catalogue with the report's own names of indicators; a definition does not depend on its words."""
    own = {
        name: catalogue[name].model_copy(update={"short": words.label, "base": words.base or catalogue.base(name)})
        for name, words in labels.items()
    }
    return replace(catalogue, indicators=catalogue.indicators | own)

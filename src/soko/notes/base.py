"""What every note is made of. A note on a theme is this class and its file in params/narrative, nothing more."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

from soko import russian
from soko.analysis.narrative import Narrative
from soko.notes import (
    causes,
    checked,
    commentary,
    cover,
    definitions,
    edits,
    ending,
    hidden,
    lacking,
    rules_annex,
    shown,
    telling,
)
from soko.notes.data import NoteData
from soko.notes.evidence import Stood
from soko.publish.blocks import Block, Contents, Figure, Prose, Table


class Blocks(list[Block]):
    """Blocks of one section, or of several added up; in a notebook each is displayed as an output of its own."""

    def __add__(self, more: list[Block]) -> Blocks:  # type: ignore[override]
        return Blocks([*self, *more])

    def _ipython_display_(self) -> None:
        from IPython.display import display

        for block in self:
            display(block)


class ThemeNote:
    """The analytical note of one period on one theme. Every method gives the blocks of one section, never None."""

    def __init__(self, data: NoteData, audience: str = "internal") -> None:
        self.data = data
        self.audience = audience
        self.stood = Stood()
        self.unpublished: list[str] = []  # sections of a public edition that have nothing to show

    # --- heading -------------------------------------------------------------------------------------------------

    def title(self) -> Blocks:
        """School heading, approval block, title."""
        return Blocks(cover.title(self.data, self.audience))

    def main_page(self) -> Blocks:
        """Page one: what is worse than before and than the target, who is responsible, what to decide."""
        return Blocks(cover.main_page(self.data, self.narrative))

    def contents(self) -> Blocks:
        """Table of contents."""
        return Blocks([Contents()])

    def introduction(self) -> Blocks:
        """Goal, period, object, methods, basis; what nobody has handed in, unless all is missing: page one says so."""
        told = self.data.public or not telling.has_data(self.data)
        missing = None if told else lacking.callout(self.data, telling.book(self.data).used())
        return Blocks([*cover.introduction(self.data), *([missing] if missing else [])])

    # --- body ----------------------------------------------------------------------------------------------------

    def section(self, name: str) -> Blocks:
        """A section of the note's file: its sentences, its tables and charts, the analyst's commentary.

        Nothing for a section that is not for a note about this (``not_for`` in the file).
        """
        if not telling.has_section(self.data, name):
            return Blocks()
        return self._section(name, lambda school: shown.blocks(self.data, school, name))

    def data_quality(self) -> Blocks:
        """Findings of validation, as counts; nothing in a public edition."""
        if self.data.public:
            return Blocks()

        def body(_school: str) -> list[Block | None]:
            if self.data.findings is None:
                return [Prose(markdown="Протокол проверки данных за период не найден.")]
            if not checked.counts(self.data):
                return [Prose(markdown="Таблицы, на которых стоит эта справка, не сданы: проверять нечего.")]
            return [checked.parts(self.data), checked.table(self.data), *checked.corrections(self.data)]

        return self._section("data", body, per_school=False)

    # --- ending --------------------------------------------------------------------------------------------------

    def conclusions(self) -> Blocks:
        """Conclusions by rule: pupils who fail first, then strengths and concerns; what has to be looked at again."""
        again = edits.callout(self.data, self.edited)
        said = ending.conclusions(self.data, self.narrative, self.stood)
        return Blocks([*said[:1], *([again] if again else []), *said[1:]])

    def recommendations(self) -> Blocks:
        """What, who, by when, on what ground; the nearest date first."""
        return Blocks(ending.recommendations(self.data, self.narrative, self.stood))

    def comments(self) -> Blocks:
        """The analyst's commentary on the whole (section ``general``)."""
        return Blocks(ending.comments(self.data))

    def signatures(self) -> Blocks:
        """Who made the note; lines for those who have read it."""
        return Blocks(ending.signatures(self.data))

    def ending(self) -> Blocks:
        """Conclusions, recommendations, the analyst's commentary, signatures; annexes: rules, definitions.

        What the school is to do, who answers for it and what its analyst supposes stays in the internal edition.
        """
        if self.data.public:
            return Blocks([*self._without_sections(), *self.conclusions(), *self.definitions()])
        made = [*self.conclusions(), *self.recommendations(), *self.comments(), *self.signatures()]
        return Blocks([*made, *self.rules(), *self.definitions()])

    def rules(self) -> Blocks:
        """The annex: by which rules the conclusions were drawn, and on which figures."""
        return Blocks(rules_annex.section(self.data, self.edited))

    def definitions(self) -> Blocks:
        """The annex: what every figure means that the blocks before it have used."""
        return Blocks(definitions.section(self.data))

    # --- how it is put together ------------------------------------------------------------------------------------

    @cached_property
    def narrative(self) -> Narrative:
        """What the rules of params/narrative say, conclusions and recommendations as the analyst has edited them."""
        return self.edited.narrative

    @cached_property
    def edited(self) -> edits.Edited:
        """The narrative after the analyst's edits, and what became of them."""
        return edits.applied(self.data, telling.narrative(self.data))

    def _section(
        self,
        name: str,
        body: Callable[[str], Iterable[Block | None]],
        *,
        before: Iterable[Block | None] = (),
        also: tuple[str, ...] = (),
        per_school: bool = True,
    ) -> Blocks:
        """Heading, sentences, tables and figures (of each school where there are several), commentary.

        Nothing for a section that this note, or its public edition, does not have.
        """
        if not telling.has_section(self.data, name):
            return Blocks()
        made: list[Block | None] = [Prose(markdown=f"## {telling.heading(self.data, name)}")]
        made += [self._sentences(part) for part in (name, *also) if telling.has_section(self.data, part)]
        made += before
        if per_school and self.data.several:
            for number, school in enumerate(self.data.schools, start=1):
                made.append(Prose(markdown=f"### Школа {school}"))
                made += [_numbered(block, number, school) for block in body(school)]
        else:
            made += body("")
        if not any(made[1:]) and self.data.public:
            self.unpublished.append(telling.heading(self.data, name))
            return Blocks()
        if not any(made[1:]):
            made.append(Prose(markdown=telling.without_data(self.data, name)))
        made += commentary.blocks(self.data, name)
        made += [] if self.data.public else causes.blocks(self.data, name, self.narrative, also)
        found = Blocks(block for one in made if (block := hidden.shown(self.data, one)) is not None)
        self.stood.add((name, *also), found)
        return found

    def _without_sections(self) -> list[Block]:
        """Which sections the public edition would have had, had there been anything to publish."""
        if not self.unpublished:
            return []
        names = russian.listing([russian.quote(name) for name in self.unpublished])
        text = f"*Показателей, которые можно опубликовать, за период нет: {names}.*"
        return [Prose(markdown=text)]

    def _sentences(self, section: str) -> Prose | None:
        found = self.narrative.section(section)
        said = [item.text for item in found if item.kind != "nothing" and not item.partial]
        of_some = [item.text for item in found if item.partial]
        nothing = [item.text for item in found if item.kind == "nothing"]
        parts = []
        if said:
            parts.append(" ".join(said))
        if of_some:
            parts.append(f"{hidden.OF_SOME} {' '.join(of_some)}")
        if nothing:
            parts.append("*Проверено:* " + "; ".join(russian.lower_first(text.rstrip(".")) for text in nothing) + ".")
        return Prose(markdown="\n\n".join(parts)) if parts else None


def _numbered(block: Block | None, number: int, school: str) -> Block | None:
    """A table or figure of one of several schools: a label of its own, the school in the caption."""
    if not isinstance(block, (Table, Figure)):
        return block
    return block.model_copy(update={"label": f"{block.label}_{number}", "caption": f"{block.caption} (школа {school})"})

"""The note: every section as display blocks. Notebooks call these methods and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

from soko import russian
from soko.analysis.narrative import Narrative
from soko.notes import (
    chart_slope,
    charts,
    checked,
    commentary,
    comparison,
    contingent,
    cover,
    ending,
    risk_table,
    subject_tables,
    tables,
    telling,
)
from soko.notes.data import NoteData
from soko.publish.blocks import Block, Contents, Figure, Prose, Table

RULES = "academic_results"


class Blocks(list[Block]):
    """Blocks of one section; in a notebook each is displayed as an output of its own."""

    def _ipython_display_(self) -> None:
        from IPython.display import display

        for block in self:
            display(block)


class Note:
    """The analytical note of one period. Every method gives the blocks of one section, never None."""

    def __init__(self, data: NoteData, audience: str = "internal") -> None:
        self.data = data
        self.audience = audience

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
        """Goal, period, object, methods, basis."""
        return Blocks(cover.introduction(self.data))

    # --- body ----------------------------------------------------------------------------------------------------

    def movement(self) -> Blocks:
        """Contingent and movement."""
        return self._section("movement", lambda school: [contingent.movement(self.data, school)], per_school=False)

    def outcomes(self) -> Blocks:
        """Success, quality, СОУ and mean mark of the school, its levels and grades, with comparisons."""

        def body(school: str) -> list[Block | None]:
            data, scopes = self.data, ("level", "grade")
            return [
                tables.outcomes(data, school, scopes, "Итоги по уровням и параллелям", "outcomes"),
                chart_slope.slope(data, school),
                comparison.comparison(data, school, scopes, "Уровни и параллели: сравнение", "compared"),
                comparison.over_marks(data, school, "СОУ и средний балл: сравнение", "sou"),
            ]

        first = [tables.by_school(self.data)] if self.data.several else []
        return self._section("outcomes", body, before=first, also=("grades",))

    def classes(self) -> Blocks:
        """Success, quality, СОУ and mean mark by class."""

        def body(school: str) -> list[Block | None]:
            data, scopes = self.data, ("class",)
            return [
                tables.outcomes(data, school, scopes, "Итоги по классам", "classes"),
                charts.quality_by_class(data, school),
                comparison.comparison(data, school, scopes, "Классы: сравнение", "class_compared"),
            ]

        return self._section("classes", body)

    def subjects(self) -> Blocks:
        """Success, quality and СОУ by subject; distribution of marks."""

        def body(school: str) -> list[Block | None]:
            return [
                subject_tables.subject_table(self.data, school, "Результаты по предметам", "subjects"),
                charts.subjects_quality(self.data, school),
                charts.marks_by_grade(self.data, school),
            ]

        return self._section("subjects", body)

    def risk(self) -> Blocks:
        """Pupils at risk and the reserve, as counts by class."""

        def body(school: str) -> list[Block | None]:
            return [risk_table.risk(self.data, school, "Группа риска и резерв качества по классам", "risk")]

        return self._section("risk", body)

    def attendance(self) -> Blocks:
        """Lessons missed."""

        def body(school: str) -> list[Block | None]:
            made = contingent.attendance(self.data, school)
            if made is None:
                return [Prose(markdown="Сведений о пропусках уроков за период нет, раздел не заполняется.")]
            return [made]

        return self._section("attendance", body, per_school=False)

    def data_quality(self) -> Blocks:
        """Findings of validation, as counts."""

        def body(_school: str) -> list[Block | None]:
            if self.data.findings is None:
                return [Prose(markdown="Протокол проверки данных за период не найден.")]
            return [checked.table(self.data), *checked.corrections(self.data)]

        return self._section("data", body, per_school=False)

    # --- ending --------------------------------------------------------------------------------------------------

    def conclusions(self) -> Blocks:
        """Conclusions by rule: pupils who fail first, then strengths and concerns."""
        return Blocks(ending.conclusions(self.data, self.narrative))

    def recommendations(self) -> Blocks:
        """What, who, by when, on what ground; the nearest date first."""
        return Blocks(ending.recommendations(self.data, self.narrative))

    def comments(self) -> Blocks:
        """The analyst's commentary on the whole (section ``general``)."""
        return Blocks(ending.comments(self.data))

    def signatures(self) -> Blocks:
        """Who made the note; lines for those who have read it."""
        return Blocks(ending.signatures(self.data))

    def ending(self) -> Blocks:
        """Conclusions, recommendations, the analyst's commentary, signatures."""
        return Blocks([*self.conclusions(), *self.recommendations(), *self.comments(), *self.signatures()])

    # --- how it is put together ------------------------------------------------------------------------------------

    @cached_property
    def narrative(self) -> Narrative:
        """Sentences, conclusions and recommendations by the rules of params/narrative."""
        return telling.narrative(self.data)

    def _section(
        self,
        name: str,
        body: Callable[[str], Iterable[Block | None]],
        *,
        before: Iterable[Block | None] = (),
        also: tuple[str, ...] = (),
        per_school: bool = True,
    ) -> Blocks:
        """Heading, sentences, tables and figures (of each school where there are several), commentary."""
        made: list[Block | None] = [Prose(markdown=f"## {telling.titles(self.data)[name]}")]
        made += [self._sentences(part) for part in (name, *also)]
        made += before
        if per_school and self.data.several:
            for number, school in enumerate(self.data.schools, start=1):
                made.append(Prose(markdown=f"### Школа {school}"))
                made += [_numbered(block, number, school) for block in body(school)]
        else:
            made += body("")
        if not any(made[1:]):
            made.append(Prose(markdown="Данных для этого раздела за период нет, раздел не заполняется."))
        made += commentary.blocks(self.data, name)
        return Blocks(block for block in made if block is not None)

    def _sentences(self, section: str) -> Prose | None:
        found = self.narrative.section(section)
        said = [item.text for item in found if item.kind != "nothing"]
        nothing = [item.text for item in found if item.kind == "nothing"]
        parts = []
        if said:
            parts.append(" ".join(said))
        if nothing:
            parts.append("*Проверено:* " + "; ".join(russian.lower_first(text.rstrip(".")) for text in nothing) + ".")
        return Prose(markdown="\n\n".join(parts)) if parts else None


def _numbered(block: Block | None, number: int, school: str) -> Block | None:
    """A table or figure of one of several schools: a label of its own, the school in the caption."""
    if not isinstance(block, (Table, Figure)):
        return block
    return block.model_copy(update={"label": f"{block.label}_{number}", "caption": f"{block.caption} (школа {school})"})

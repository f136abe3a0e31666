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
    legend,
    risk_table,
    subject_tables,
    tables,
    telling,
)
from soko.notes.data import NoteData
from soko.publish.blocks import Block, Contents, Figure, Head, Prose, Row, Signature, Signatures, Table

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
        data = self.data
        span = data.params.dates(data.period)
        compared = [
            f"{title} ({period.title()})"
            for title, period, found in (
                ("с прошлым периодом", data.period.previous(), data.previous),
                ("с тем же периодом прошлого года", data.period.year_ago(), data.year_ago),
            )
            if found is not None
        ]
        lines = [
            "**Цель:** определить уровень успеваемости и качества знаний обучающихся, назвать классы и предметы, "
            "требующие внимания, предложить решения.",
            russian.sentence(f"**Период:** {data.period.title()}, {russian.day_range(span.start, span.end)}"),
            "**Объект:** итоговые отметки, движение обучающихся, посещаемость"
            + (f" ({russian.count(len(data.schools), 'школа')})." if data.several else "."),
            "**Методы:** анализ отметок журнала и списков обучающихся после проверки данных; "
            + (
                f"сравнение {russian.listing(compared)}."
                if compared
                else "сравнение с прошлыми периодами не проводится: данных нет."
            ),
            russian.sentence(f"**Основание:** {data.params.period(data.period).basis}"),
        ]
        if data.absent_grades:
            lines.append(legend.absent(data).strip())
        return Blocks([Prose(markdown="## Введение\n\n" + "\n\n".join(lines))])

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
                comparison.comparison(data, school, scopes, "Классы: сравнение", "class_compared"),
                charts.quality_by_class(data, school),
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
            return [checked.table(self.data)]

        return self._section("data", body, per_school=False)

    # --- ending --------------------------------------------------------------------------------------------------

    def conclusions(self) -> Blocks:
        """Conclusions by rule: strengths first, then concerns."""
        found = self.narrative.conclusions
        strong = [item.text for item in found if item.severity != "concern"]
        weak = [item.text for item in found if item.severity == "concern"]
        lines = [f"{i}. {text}" for i, text in enumerate([*strong, *weak], start=1)]
        text = "\n".join(lines) or "Существенных изменений по правилам справки не обнаружено."
        return Blocks([Prose(markdown=f"## Выводы\n\n{text}"), *commentary.blocks(self.data, "conclusions")])

    def recommendations(self) -> Blocks:
        """What, who, by when, on what ground; the nearest date first."""
        rows = [
            Row(cells=[str(i), item.what, item.who, russian.day(item.due), item.basis])
            for i, item in enumerate(sorted(self.narrative.recommendations, key=lambda item: item.due), start=1)
        ]
        if not rows:
            return Blocks([Prose(markdown="## Рекомендации\n\nПоводов для рекомендаций по правилам справки нет.")])
        table = Table(
            caption="Рекомендации",
            columns=[
                Head(title="№", align="right", width=0.4),
                Head(title="Что сделать", width=3.4),
                Head(title="Кто", width=2),
                Head(title="Срок", width=1.3),
                Head(title="Основание", width=2.4),
            ],
            rows=rows,
            notes=["Предложены по правилам справки; утверждает директор."],
            label="recommendations",
        )
        return Blocks([Prose(markdown="## Рекомендации"), table, *commentary.blocks(self.data, "recommendations")])

    def comments(self) -> Blocks:
        """The analyst's commentary on the whole (section ``general``)."""
        made = commentary.blocks(self.data, "general")
        return Blocks([Prose(markdown="## Комментарий составителя"), *made] if made else [])

    def signatures(self) -> Blocks:
        """Who made the note; lines for those who have read it."""
        author = self.data.school.author
        lines = [Signature(post=f"Составитель: {author.post[:1].lower()}{author.post[1:]}", name=author.name)]
        return Blocks([Signatures(lines=lines, acquainted=3)])

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
            parts.append("*Проверено, отмечать нечего:* " + " ".join(nothing))
        return Prose(markdown="\n\n".join(parts)) if parts else None


def _numbered(block: Block | None, number: int, school: str) -> Block | None:
    """A table or figure of one of several schools: a label of its own, the school in the caption."""
    if not isinstance(block, (Table, Figure)):
        return block
    return block.model_copy(update={"label": f"{block.label}_{number}", "caption": f"{block.caption} (школа {school})"})

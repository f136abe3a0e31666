"""The note on the cluster of key indicators and on comparisons (4.7). Every method gives the blocks of one section."""

from __future__ import annotations

from functools import cached_property

from soko import russian
from soko.notes import (
    cluster as indexes,
    cluster_blocks,
    definitions,
    ending,
    funnel_chart,
    groups,
    groups_table,
    key_words,
    page_one,
    references,
    references_table as beside,
    teachers as staff,
)
from soko.notes.base import Blocks
from soko.notes.data import QUALITY, NoteData
from soko.publish.blocks import Block, Figure, Meta, PageBreak, Prose, Signature, Table, Title
from soko.russian import NBSP

_SUBJECTS = "subjects.quality"


class KeyNote:
    """One period's comparisons; of several schools each is shown by itself where a section is about classes."""

    def __init__(self, data: NoteData, audience: str = "internal") -> None:
        self.data = data
        self.audience = audience

    def title(self) -> Blocks:
        """Facts about the document, heading, approval."""
        data, school = self.data, self.data.school
        name = f"по ключевым показателям за {data.period.title('accusative')}"
        day = data.params.period(data.period).approved_on or data.params.dates(data.period).end
        return Blocks(
            [
                Meta(
                    title=f"Аналитическая справка {name}",
                    running_head=f"{school.name_short}. Ключевые показатели: {data.period.short()}",
                    date=day.isoformat(),
                    audience="public" if self.audience == "public" else "internal",
                    author=school.name_short,
                ),
                Title(
                    school=school.name_full,
                    approve=Signature(post=school.director.post, name=russian.initials_first(school.director.name)),
                    considered=school.minutes,
                    title="Аналитическая справка",
                    subtitle=name,
                ),
            ]
        )

    def main_page(self) -> Blocks:
        """What matters, on a page of its own: the index with its range, what differs beyond chance, and in what."""
        lines = [
            *key_words.index(self.data, self.index),
            *key_words.groups("класс", self._classes),
            *key_words.territories(self.data, self.references),
        ]
        text = "\n".join(f"- {line}" for line in lines)
        return Blocks(
            [
                Prose(markdown=f"## Главное для директора\n\n{text}"),
                PageBreak(flowing=page_one.is_short(None, lines, ())),
            ]
        )

    def introduction(self) -> Blocks:
        """Goal, methods, how to read the comparisons."""
        return Blocks([Prose(markdown=key_words.introduction(self.data))])

    def cluster(self) -> Blocks:
        """The cluster of key indicators: every indicator, its points, the index and what it depends on."""
        return Blocks(
            [
                Prose(markdown="## Кластер ключевых показателей"),
                cluster_blocks.index_table(self.data, self.index),
            ]
        )

    def cluster_groups(self) -> Blocks:
        """Levels, parallels and classes by the index, each with its range."""
        made: list[Block | None] = [Prose(markdown="## Индекс по уровням, параллелям и классам")]
        for dimension in ("level", "grade", "class"):
            for school, label, title in self._schools():
                found = indexes.by_group(self.data, dimension, school)
                if found is None:
                    continue
                made += [title if dimension == "level" else None]
                made.append(cluster_blocks.groups_table(self.data, found, dimension, f"index_{dimension}{label}"))
                if dimension == "class":
                    made.append(cluster_blocks.groups_figure(self.data, found, dimension, f"index_chart{label}"))
        return self._told(made, "Показателей, которые есть у большинства классов, недостаточно: индекс не рассчитан.")

    def classes(self) -> Blocks:
        """Quality by class: the funnel and the table of differences and places."""
        made: list[Block | None] = [Prose(markdown="## Сравнение классов")]
        for school, label, title in self._schools():
            found = self._compared(QUALITY, "class", school)
            made += [
                title,
                Prose(markdown=" ".join(key_words.groups("класс", found))) if found else None,
                funnel_chart.funnel(
                    self.data, QUALITY, "class", school, label=f"funnel_class{label}", source="отметки журнала"
                ),
                self._table(QUALITY, "class", found, "Классы: качество знаний", f"compared_class{label}"),
            ]
        return self._told(made, "Классов, которые можно сравнить, нет.")

    def grades(self) -> Blocks:
        """Quality by parallel and by level."""
        made: list[Block | None] = [Prose(markdown="## Сравнение параллелей и уровней")]
        for school, label, title in self._schools():
            made += [
                title,
                self._table(
                    QUALITY, "grade", self._compared(QUALITY, "grade", school), "Параллели: качество знаний",
                    f"compared_grade{label}", rest="остальными параллелями",
                ),
                self._table(
                    QUALITY, "level", self._compared(QUALITY, "level", school), "Уровни: качество знаний",
                    f"compared_level{label}", rest="остальными уровнями",
                ),
            ]  # fmt: skip
        return self._told(made, "Параллелей и уровней, которые можно сравнить, нет.")

    def subjects(self) -> Blocks:
        """Quality by subject, by the threshold alone: a pupil has many marks."""
        made: list[Block | None] = [Prose(markdown="## Сравнение предметов")]
        for school, label, title in self._schools():
            found = self._compared(_SUBJECTS, "subject", school)
            made += [title, self._table(_SUBJECTS, "subject", found, "Предметы: качество знаний",
                                        f"compared_subject{label}", rest="остальными предметами")]  # fmt: skip
        return self._told(made, "Предметов, которые можно сравнить, нет.")

    def teachers(self) -> Blocks:
        """Teachers of a subject under codes, where a difference is beyond chance; nothing in a public copy."""
        made: list[Block | None] = [Prose(markdown="## Сравнение учителей одного предмета")]
        if self.audience != "internal":
            return self._told(made, "Сравнение учителей есть только во внутреннем экземпляре.")
        for school, label, title in self._schools():
            found = staff.by_subject(self.data, self.audience, school)
            differing = [(name, items) for name, items in found if key_words.differs(items)]
            made += [
                title,
                Prose(markdown=key_words.teachers(found, differing)) if found else None,
                groups_table.summary_table(
                    self.data, staff.INDICATOR, found,
                    f"Учителя одного предмета: разброс качества знаний, {self.data.period.title('ordinal')}",
                    f"teachers{label}",
                ),
                groups_table.groups_table(
                    self.data, staff.INDICATOR, differing, "teacher",
                    "Учителя одного предмета (коды): качество знаний", f"compared_teacher{label}",
                    rest="коллегами по предмету",
                ),
            ]  # fmt: skip
        return self._told(made, "Предметов, которые ведут двое и более учителей с указанным кодом, нет.")

    def territories(self) -> Blocks:
        """The school beside its town, region and country."""
        made: list[Block | None] = [
            Prose(markdown="## Сравнение с муниципалитетом, регионом и страной"),
            beside.references_table(self.data, self.references),
        ]
        nothing = "Значений для сравнения за период нет: таблица «Значения для сравнения» не сдана"
        left = sum(self.references.left_out.values())
        if left:
            nothing = f"Сравнить не с чем: ни одно из значений ({left}) не подошло, причины – в протоколе проверки"
        return self._told(made, f"{nothing}.")

    def signatures(self) -> Blocks:
        """Who made the note; lines for those who have read it."""
        return Blocks(ending.signatures(self.data))

    def ending(self) -> Blocks:
        """How what is told may be used, who made the note, the annex of definitions."""
        made = [Prose(markdown=key_words.caution()), *self.signatures()]
        return Blocks([*made, *definitions.section(self.data)])

    @cached_property
    def index(self) -> indexes.Index:
        """The index of the school (of all schools together where there are several)."""
        return indexes.index(self.data)

    @cached_property
    def references(self) -> references.References:
        """Values of the territories beside the school's."""
        return references.read(self.data)

    @cached_property
    def _classes(self) -> list[groups.Compared]:
        return [] if self.data.several else self._compared(QUALITY, "class", "")

    def _compared(self, indicator: str, dimension: str, school: str) -> list[groups.Compared]:
        return groups.compared(self.data, indicator, groups.groups(self.data, indicator, dimension, school))

    def _table(
        self, indicator: str, dimension: str, found: list[groups.Compared], what: str, label: str, rest: str = ""
    ) -> Block | None:
        caption = f"{what}, {self.data.period.title('ordinal')}"
        named = rest or "остальными классами"
        return groups_table.groups_table(self.data, indicator, [("", found)], dimension, caption, label, named)

    def _schools(self) -> list[tuple[str, str, Block | None]]:
        """(school, ending of labels, heading): one without a heading, or each of several."""
        if not self.data.several:
            return [("", "", None)]
        return [
            (school, f"_{number}", Prose(markdown=f"### Школа{NBSP}{school}"))
            for number, school in enumerate(self.data.schools, start=1)
        ]

    def _told(self, made: list[Block | None], nothing: str) -> Blocks:
        """The blocks there are; the words for nothing under the heading where there is no table and no figure."""
        blocks = [block for block in made if block is not None]
        if not any(isinstance(block, (Figure, Table)) for block in blocks):
            blocks = [blocks[0], Prose(markdown=nothing)]
        return Blocks(blocks)

"""The note on academic results: sections that are more than tables of indicators by name.

Notebooks call these methods and nothing else; what every note has is ``soko.notes.base``.
"""

from __future__ import annotations

from soko.notes import chart_slope, charts, comparison, contingent, hidden, risk_table, subject_tables, tables
from soko.notes.base import Blocks, ThemeNote
from soko.notes.data import QUALITY
from soko.notes.places import one_class_each
from soko.publish.blocks import Block, Prose

__all__ = ["Blocks", "Note"]


class Note(ThemeNote):
    """The analytical note on a period's marks. Every method gives the blocks of one section, never None."""

    def movement(self) -> Blocks:
        """Contingent and movement."""
        return self._section("movement", lambda school: [contingent.movement(self.data, school)], per_school=False)

    def outcomes(self) -> Blocks:
        """Success, quality, СОУ and mean mark of the school, its levels and grades, with comparisons."""

        def body(school: str) -> list[Block | None]:
            data, alone = self.data, one_class_each(self.data, school)
            # Parallels of one class are in the tables of classes.
            scopes = ("level",) if alone else ("level", "grade")
            whose, both = "уровням и параллелям", "Уровни и параллели"
            if alone:
                whose, both = "уровням образования", "Уровни образования"
            return [
                tables.outcomes(data, school, scopes, f"Итоги по {whose}", "outcomes"),
                hidden.shown(data, chart_slope.slope(data, school), [QUALITY], ["grade"]),
                comparison.comparison(data, school, scopes, f"{both}: сравнение", comparison.GRADES),
                comparison.over_marks(data, school, "sou"),
            ]

        first = [tables.by_school(self.data)] if self.data.several else []
        return self._section("outcomes", body, before=first, also=("grades",))

    def classes(self) -> Blocks:
        """Success, quality, СОУ and mean mark by class."""

        def body(school: str) -> list[Block | None]:
            data, scopes = self.data, ("class",)
            return [
                tables.outcomes(data, school, scopes, "Итоги по классам", "classes"),
                hidden.shown(data, charts.quality_by_class(data, school), [QUALITY], ["class"]),
                comparison.comparison(data, school, scopes, "Классы: сравнение", comparison.CLASSES),
            ]

        return self._section("classes", body)

    def subjects(self) -> Blocks:
        """Success, quality and СОУ by subject; distribution of marks."""

        def body(school: str) -> list[Block | None]:
            return [
                subject_tables.subject_table(self.data, school, "Результаты по предметам", "subjects"),
                hidden.shown(self.data, charts.subjects_quality(self.data, school), ["subjects.quality"], ["subject"]),
                hidden.shown(self.data, charts.marks_by_grade(self.data, school), charts.MARKS, ["grade"]),
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
            if made is None and not self.data.public:
                return [Prose(markdown="Сведений о пропусках уроков за период нет, раздел не заполняется.")]
            return [made]

        return self._section("attendance", body, per_school=False)

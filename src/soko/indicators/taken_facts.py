"""What is asked of the tables of a year of parts once for all indicators: whose marks, who came, who is gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from soko.indicators import combined_rows as rows
from soko.indicators.combine import Parts
from soko.indicators.combined_marks import YearMarks, year_marks
from soko.indicators.sources import connect, quoted
from soko.russian import count, spans


@dataclass
class YearFacts:
    """Facts of the tables of ``parts``; each is asked of them when it is first wanted."""

    parts: Parts

    @cached_property
    def marks(self) -> YearMarks:
        """Whose marks the year has."""
        connection = connect()
        try:
            return year_marks(connection, self.parts)
        finally:
            connection.close()

    @cached_property
    def marks_told(self) -> list[str]:
        """Whose marks of which classes the year has; nothing where all are marks of the year."""
        if all(part.kind == "year" for part in self.marks.grades):
            return []
        told = []
        for part, (grades, number) in self.marks.grades.items():
            whose = f"{spans(grades, 2)} классы ({count(number, 'обучающийся')})"
            told.append(
                f"годовые отметки – {whose}"
                if part.kind == "year"
                else f"отметки за {part.title('accusative')} – {whose}, потому что годовых у них нет"
            )
        return told

    @cached_property
    def undated(self) -> int:
        """Pupils who came or went between the school years on a day that no list tells."""
        connection = connect()
        try:
            return rows.between_years(connection, self.parts)
        finally:
            connection.close()

    @cached_property
    def gone(self) -> dict[str, int]:
        """Participants of contests who are no longer on the list at the year's end."""
        path, listed = self.parts.root / "contests.parquet", self.parts.root / "pupils.parquet"
        if not path.is_file():
            return {}
        connection = connect()
        try:
            found = rows.number(
                connection,
                f"SELECT count(DISTINCT (c.school_id, c.pupil_id)) FROM read_parquet('{quoted(path)}') AS c "
                f"JOIN read_parquet('{quoted(listed)}') AS p USING (school_id, pupil_id) "
                f"WHERE p.left_on <= DATE '{self.parts.end(self.parts.year)}'",
            )
        finally:
            connection.close()
        return {"contests": found}

    @cached_property
    def left_out(self) -> dict[str, int]:
        """Rows without a day that could not be given to a calendar year."""
        connection = connect()
        try:
            return {table: rows.left_out(connection, self.parts, table) for table in rows.DATED}
        finally:
            connection.close()

    def days(self, table: str, first: date, last: date) -> tuple[date, date]:
        """The days of the year, ``first`` to ``last``.

        Those of a school year's dated table, whose examinations come after it, take in its own days too.
        """
        if self.parts.year.kind != "year" or table not in rows.DATED:
            return first, last
        connection = connect()
        try:
            path = self.parts.root / f"{table}.parquet"
            day = rows.DATED[table]
            found = connection.execute(f"SELECT min({day}), max({day}) FROM read_parquet('{quoted(path)}')").fetchall()
        finally:
            connection.close()
        return min(first, found[0][0] or first), max(last, found[0][1] or last)

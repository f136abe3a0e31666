"""In words for people: what a line of a year of parts took of each table, and what was not there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from soko.indicators import combined_rows as rows
from soko.indicators.calendar import Taken
from soko.indicators.catalogue import Catalogue
from soko.indicators.combine import SHARED, Parts
from soko.indicators.combined_marks import YearMarks, year_marks
from soko.indicators.school_year import ASKED
from soko.indicators.sources import connect
from soko.indicators.statement import tables_under
from soko.periods import Period
from soko.russian import count, listing

COLUMNS = ["indicator", "name", "rule", "source", "table", "title", "periods", "as_of", "date_from", "date_to", "rows",
           "remark", "document"]  # fmt: skip
#: The table whose rows are figures that somebody writes down, with the document that they are from.
STATED = "facts"
_BETWEEN = "; "


@dataclass
class Told:
    """What is known of the year, asked for many indicators."""

    parts: Parts
    catalogue: Catalogue

    def rows(self, taken: Taken) -> list[dict[str, object]]:
        """The rows of one indicator."""
        item = taken.indicator
        found = []
        for table in self._tables(taken):
            row: dict[str, object] = dict.fromkeys(COLUMNS, "")
            row |= {
                "indicator": item.id,
                "name": item.label,
                "rule": taken.rule.take,
                "source": taken.rule.source,
                "table": table,
                "title": self.catalogue.tables[table].title,
                "rows": 0,
            }
            found.append(row | (self._absent(taken, table) if taken.stand is None else self._used(taken, table)))
        return found

    def _tables(self, taken: Taken) -> list[str]:
        if taken.stand is None:
            return list(taken.lacking or {}) or self.catalogue.tables_of(taken.indicator.id)
        named = tables_under(self.catalogue, taken.indicator)
        return [name for name in named if (taken.stand.folder / f"{name}.parquet").is_file()]

    def _used(self, taken: Taken, table: str) -> dict[str, object]:
        import pyarrow.parquet as pq

        stand, take = taken.stand, taken.rule.take
        assert stand is not None
        remarks = [] if taken.valued else ["не применимо: в базе показателя нет ни одной строки"]
        row: dict[str, object] = {"rows": pq.read_metadata(stand.folder / f"{table}.parquet").num_rows}
        first, last = stand.settings.period_start, stand.settings.period_end
        if table == STATED:
            row["document"] = stated_by(stand.folder / f"{table}.parquet", taken.indicator.clause, last)
        if self.parts.year.kind == "year":
            remarks += self._beside(table, stand.part)
        if stand.part is not None:
            row |= {"periods": stand.part.id, "as_of": last.isoformat()}
            remarks += self._older(taken, stand.part, last)
        elif take == "school_year":
            whose = [part for part in self.parts.school_year_end if self.parts.has(part, table)]
            if table == "marks":
                whose = list(self.marks.grades)
                remarks += self.marks_told
            row |= {"periods": _ids(whose), "as_of": last.isoformat()}
        elif take in ASKED:  # the school year's own tables, and everybody of the year
            row |= {"periods": _ids(self._made_of(table)), "as_of": last.isoformat()}
        else:
            whose = self._made_of(table)
            if take == "terms" and table in rows.BY_TERM and whose != [self.parts.year]:
                whose = self.parts.terms
            first, last = self._days(table, first, last)
            row |= {"periods": _ids(whose), "date_from": first.isoformat(), "date_to": last.isoformat()}
            remarks += self._of_year(take, table, alone=self.catalogue.tables_of(taken.indicator.id) == [table])
        return row | {"remark": _BETWEEN.join(remarks)}

    def _absent(self, taken: Taken, table: str) -> dict[str, object]:
        owner = self.parts.params.school.owner(table, self.catalogue.tables[table].owner)
        where = _ids((taken.lacking or {}).get(table, []))
        if table == "marks" and self.marks.lacking:
            why = f"годовых отметок нет в классах: {_listed(self.marks.lacking)}"
        elif where:
            why = f"таблица не сдана за {where}"
        elif self.parts.having(table):
            why = "нужные графы таблицы не заполнены ни в одном периоде года"
        else:
            why = "таблица не сдана ни в одном периоде года"
        return {"remark": f"нет данных: {why} (отвечает: {owner})"}

    def _older(self, taken: Taken, part: Period, last: date) -> list[str]:
        """Why the state is not that of the year's end."""
        end = self.parts.end(self.parts.year)
        due = self.parts.terms[-1]
        span = self.parts.params.calendar(due).span(due)
        if span is None or last >= span.end:
            return []
        tables = self.catalogue.tables_of(taken.indicator.id)
        later = [
            other
            for other in self.parts.periods
            if self.parts.end(other) > last and all(self.parts.has(other, name) for name in tables)
        ]
        why = f"данных на {day_of(end)} нет"
        if later:
            why = f"в данных за {listing([part.id for part in later])} нужные графы не заполнены"
        return [f"взято на {day_of(last)}, потому что {why}"]

    def _of_year(self, take: str, table: str, alone: bool) -> list[str]:
        found = []
        if take == "both_halves" and table != "pupils" and not self.parts.has_own(table):
            absent = [term for term in self.parts.terms if not self.parts.has(term, table)]
            if absent:
                found.append(f"за {_ids(absent)} таблица не сдана")
            if self.gone.get(table):
                found.append(
                    f"не состоят в списке на конец года и в показатель не входят: {count(self.gone[table], 'участник')}"
                )
        if take == "both_halves" and table == "pupils" and alone and self.undated:
            found.append(
                "день прибытия или выбытия между учебными годами не указан у "
                f"{count(self.undated, 'обучающийся', case='gent')}"
            )
        if self.left_out.get(table):
            found.append(
                f"без даты и потому не взято: {count(self.left_out[table], 'строка')} "
                "периодов, начавшихся в прошлом году"
            )
        return found

    def _made_of(self, table: str) -> list[Period]:
        """The parts that a table of the year is made of."""
        among = self.parts.among(table)
        several = table in rows.DATED or table in SHARED or table in rows.BY_TERM or self.parts.year.kind == "calendar"
        return among if several else among[-1:]

    def _days(self, table: str, first: date, last: date) -> tuple[date, date]:
        """The days of the year; of a school year's dated table, whose examinations come after it, with its own days."""
        if self.parts.year.kind != "year" or table not in rows.DATED:
            return first, last
        connection = connect()
        try:
            path = self.parts.root / f"{table}.parquet"
            day = rows.DATED[table]
            found = connection.execute(f"SELECT min({day}), max({day}) FROM read_parquet('{_quoted(path)}')").fetchall()
        finally:
            connection.close()
        return min(first, found[0][0] or first), max(last, found[0][1] or last)

    def _beside(self, table: str, part: Period | None) -> list[str]:
        """Tables that a school year leaves aside: those of the terms, or that of its own folder, which tells less."""
        if (fuller := self.parts.fuller(table)) is not None and part in (fuller, None):
            return [f"в папке года таблица есть, но граф заполнено меньше, чем за {fuller.id}"]
        if part is not None or not self.parts.has_own(table) or self.parts.among(table) != [self.parts.year]:
            return []
        others = [part for part in self.parts.having(table) if part != self.parts.year]
        return [f"взято из папки года, таблицы за {_ids(others)} в счёт не входят"] if others else []

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
            whose = f"{_listed(grades)} классы ({count(number, 'обучающийся')})"
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
                f"SELECT count(DISTINCT (c.school_id, c.pupil_id)) FROM read_parquet('{_quoted(path)}') AS c "
                f"JOIN read_parquet('{_quoted(listed)}') AS p USING (school_id, pupil_id) "
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


def unused(parts: Parts) -> dict[Period, set[str]]:
    """Tables of a school year's terms that no figure of the year rests on: marks and sums that its folder has."""
    if parts.year.kind != "year":
        return {}
    connection = connect()
    try:
        counted = year_marks(connection, parts).grades
    finally:
        connection.close()
    own = {name for name in (*rows.DATED, *rows.BY_TERM) if parts.among(name) == [parts.year]}
    terms = [part for part in parts.periods if part != parts.year]
    return {part: own | ({"marks"} if counted and part not in counted else set()) for part in terms}


def stated_by(path: Path, clause: str, last: date) -> str:
    """The document («Откуда сведения») of the figure of a clause («приказ № 1324, 2.3») that holds on ``last``."""
    connection = connect()
    try:
        found = connection.execute(
            f"SELECT document FROM read_parquet('{_quoted(path)}') "
            "WHERE rtrim(trim(code), '.') = ? AND as_of <= ? ORDER BY as_of DESC, document LIMIT 1",
            [clause.rpartition(" ")[2], last],
        ).fetchone()
    finally:
        connection.close()
    return str(found[0] or "").strip() if found else ""


def _ids(periods: list[Period]) -> str:
    return _BETWEEN.join(dict.fromkeys(part.id for part in periods))


def _quoted(path: Path) -> str:
    return path.as_posix().replace("'", "''")


def _listed(grades: list[int]) -> str:
    """«2–8, 10»."""
    runs: list[list[int]] = []
    for grade in grades:
        if runs and grade == runs[-1][-1] + 1:
            runs[-1].append(grade)
        else:
            runs.append([grade])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def day_of(day: date | str) -> str:
    """«26.05.2025» of a date or its ISO text."""
    return f"{date.fromisoformat(str(day)):%d.%m.%Y}"

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
from soko.indicators.combined_marks import year_marks
from soko.indicators.school_year import ASKED
from soko.indicators.sources import connect, quoted
from soko.indicators.statement import tables_under
from soko.indicators.taken_facts import YearFacts
from soko.periods import Period
from soko.russian import count, listing, spans

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

    @cached_property
    def _facts(self) -> YearFacts:
        return YearFacts(self.parts)

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
                whose = list(self._facts.marks.grades)
                remarks += self._facts.marks_told
            row |= {"periods": _ids(whose), "as_of": last.isoformat()}
        elif take in ASKED:  # the school year's own tables, and everybody of the year
            row |= {"periods": _ids(self._made_of(table)), "as_of": last.isoformat()}
        else:
            whose = self._made_of(table)
            if take == "terms" and table in rows.BY_TERM and whose != [self.parts.year]:
                whose = self.parts.terms
            first, last = self._facts.days(table, first, last)
            row |= {"periods": _ids(whose), "date_from": first.isoformat(), "date_to": last.isoformat()}
            remarks += self._of_year(take, table, alone=self.catalogue.tables_of(taken.indicator.id) == [table])
        return row | {"remark": _BETWEEN.join(remarks)}

    def _absent(self, taken: Taken, table: str) -> dict[str, object]:
        owner = self.parts.params.school.owner(table, self.catalogue.tables[table].owner)
        where = _ids((taken.lacking or {}).get(table, []))
        if table == "marks" and self._facts.marks.lacking:
            why = f"годовых отметок нет в классах: {spans(self._facts.marks.lacking, 2)}"
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
            if self._facts.gone.get(table):
                whose = count(self._facts.gone[table], "участник")
                found.append(f"не состоят в списке на конец года и в показатель не входят: {whose}")
        if take == "both_halves" and table == "pupils" and alone and self._facts.undated:
            found.append(
                "день прибытия или выбытия между учебными годами не указан у "
                f"{count(self._facts.undated, 'обучающийся', case='gent')}"
            )
        if self._facts.left_out.get(table):
            found.append(
                f"без даты и потому не взято: {count(self._facts.left_out[table], 'строка')} "
                "периодов, начавшихся в прошлом году"
            )
        return found

    def _made_of(self, table: str) -> list[Period]:
        """The parts that a table of the year is made of."""
        among = self.parts.among(table)
        several = table in rows.DATED or table in SHARED or table in rows.BY_TERM or self.parts.year.kind == "calendar"
        return among if several else among[-1:]

    def _beside(self, table: str, part: Period | None) -> list[str]:
        """Tables that a school year leaves aside: those of the terms, or that of its own folder, which tells less."""
        if (fuller := self.parts.fuller(table)) is not None and part in (fuller, None):
            return [f"в папке года таблица есть, но граф заполнено меньше, чем за {fuller.id}"]
        if part is not None or not self.parts.has_own(table) or self.parts.among(table) != [self.parts.year]:
            return []
        others = [part for part in self.parts.having(table) if part != self.parts.year]
        return [f"взято из папки года, таблицы за {_ids(others)} в счёт не входят"] if others else []


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
        rows_of = f"FROM read_parquet('{quoted(path)}')"
        if not {"code", "as_of", "document"} <= {
            name for name, *_ in connection.execute(f"DESCRIBE {rows_of}").fetchall()
        }:
            return ""
        found = connection.execute(
            f"SELECT document {rows_of} "
            "WHERE rtrim(trim(code), '.') = ? AND as_of <= ? ORDER BY as_of DESC, document LIMIT 1",
            [clause.rpartition(" ")[2], last],
        ).fetchone()
    finally:
        connection.close()
    return str(found[0] or "").strip() if found else ""


def _ids(periods: list[Period]) -> str:
    return _BETWEEN.join(dict.fromkeys(part.id for part in periods))


def day_of(day: date | str) -> str:
    """«26.05.2025» of a date or its ISO text."""
    return f"{date.fromisoformat(str(day)):%d.%m.%Y}"

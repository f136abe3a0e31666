"""Who is who: pseudonyms of pupils and staff, and names of gradebooks matched to the lists. Never a guess."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from soko.findings import Finding
from soko.intake.model import ADDRESS, PEOPLE_COLUMNS, cells
from soko.intake.names import PersonName, choose, parse_name
from soko.intake.private import pseudonym
from soko.intake.words import blank, listed, plural, text

Place = tuple[str, str]  # (school_id, class)
_WHO = (
    "school_id",
    "pupil_id",
    "staff_id",
    "full_name",
    "last_name",
    "first_name",
    "patronymic",
    "birth_date",
    "class",
)


@dataclass
class Register:
    """Everybody known so far. Names stay inside; frames get pseudonyms."""

    key: bytes
    school: str
    findings: list[Finding] = field(default_factory=list)
    people: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    _by_class: dict[Place, dict[str, PersonName]] = field(default_factory=lambda: defaultdict(dict))
    _by_school: dict[str, dict[str, PersonName]] = field(default_factory=lambda: defaultdict(dict))
    _staff: dict[str, dict[str, PersonName]] = field(default_factory=lambda: defaultdict(dict))
    _home: dict[str, set[Place]] = field(default_factory=lambda: defaultdict(set))
    _seen: dict[tuple[str, Place], list[str]] = field(default_factory=dict)

    def frame(self) -> pd.DataFrame:
        """Kind, pseudonym, full_name, birth_date, class: for data/private only."""
        frame = pd.DataFrame(list(self.people.values()), columns=PEOPLE_COLUMNS)
        return frame.sort_values(["kind", "class", "full_name", "pseudonym"], kind="stable").reset_index(drop=True)

    def _note(self, kind: str, code: str, name: str, birth: date | None, school_class: str) -> None:
        self.people.setdefault(
            (kind, code, school_class),
            {"kind": kind, "pseudonym": code, "full_name": name, "birth_date": birth, "class": school_class},
        )

    # -- the lists -----------------------------------------------------------------------------------------------

    def pupils(self, frame: pd.DataFrame, built: bool = False) -> list[str | None]:
        """Pseudonyms of the pupils' list, row by row; None for a row that names nobody. Fills the register."""
        rows = records(frame, _WHO)
        names = [_full_name(row) for row in rows]
        parsed = [parse_name(name) for name in names]
        doubtful = _same_name(rows, parsed, self.school)
        codes: list[str | None] = []
        for index, (row, name, parts) in enumerate(zip(rows, names, parsed, strict=True)):
            place = self._place(row)
            birth = row.get("birth_date")
            given = text(row.get("pupil_id"))
            if given:
                identity = f"id:{given}"
            elif parts is None:
                codes.append(None)
                continue
            else:
                identity = f"name:{parts.full}|{birth.isoformat() if birth else ''}"
                if index in doubtful:
                    identity += f"|{place[0]}|{place[1]}"
            code = pseudonym(self.key, "p_", identity)
            codes.append(code)
            self._home[code].add(place)
            if parts is not None:
                self._by_class[place][code] = parts
                self._by_school[place[0]][code] = parts
            self._note("pupil", code, name, birth, place[1])
        if doubtful and not built:
            numbers = [int(frame["_row"].iloc[i]) for i in sorted(doubtful)]
            first = frame.iloc[min(doubtful)]
            self.findings.append(
                Finding(
                    "warning", "pupils", "pupil_same_name", first["_file"], first["_sheet"], "", numbers[0],
                    "full_name",
                    f"Одинаковые фамилия, имя и отчество без даты рождения и кода в разных классах (строки "
                    f"{listed(numbers, 10)}): считаются разными обучающимися. Укажите дату рождения или код.",
                )
            )  # fmt: skip
        return codes

    def staff(self, frame: pd.DataFrame) -> list[str | None]:
        """Pseudonyms of the staff list, row by row (a worker may have several rows)."""
        codes: list[str | None] = []
        for row in records(frame, _WHO):
            name, given, birth = text(row.get("full_name")), text(row.get("staff_id")), row.get("birth_date")
            parts = parse_name(name)
            if not given and parts is None:
                codes.append(None)
                continue
            stamp = birth.isoformat() if birth else ""
            identity = f"id:{given}" if given or parts is None else f"name:{parts.full}|{stamp}"
            code = pseudonym(self.key, "t_", identity)
            codes.append(code)
            if parts is not None:
                self._staff[self._place(row)[0]][code] = parts
            self._note("staff", code, name, birth, "")
        return codes

    def _place(self, row: dict[str, Any]) -> Place:
        return text(row.get("school_id")) or self.school, text(row.get("class"))

    # -- rows that refer to the lists ----------------------------------------------------------------------------

    def refer(self, frame: pd.DataFrame, table: str, letters: dict[tuple[str, str], dict[str, str]]) -> pd.DataFrame:
        """Give rows of marks or attendance ``pupil_id``, ``school_id`` and ``class``; each name is looked up once."""
        codes: list[str | None] = []
        schools: list[str] = []
        classes: list[str | None] = []
        cache: dict[tuple[str, str, Place], tuple[str | None, Place]] = {}
        # A pupil has a dozen rows with the same raw values: only the first of them is worth a dictionary.
        raw: dict[tuple[Any, ...], tuple[str | None, Place]] = {}
        columns = {name: cells(frame, name) for name in (*_WHO, *ADDRESS) if name in frame.columns}
        who = [columns.get(name, [None] * len(frame)) for name in ("pupil_id", "full_name", "school_id", "class")]
        for number, same in enumerate(zip(*who, strict=True)):
            if same not in raw:
                row = {name: column[number] for name, column in columns.items()}
                slot = (text(row.get("pupil_id")), text(row.get("full_name")), self._place(row))
                if slot not in cache:
                    cache[slot] = self._find(*slot, row, table, letters)
                raw[same] = cache[slot]
            code, home = raw[same]
            codes.append(code)
            schools.append(home[0])
            classes.append(home[1] or None)
        referred = frame.copy()
        for name, values in (("pupil_id", codes), ("school_id", schools), ("class", classes)):
            referred[name] = pd.Series(values, index=frame.index, dtype=object)
        return referred

    def _find(
        self, given: str, name: str, place: Place, row: dict[str, Any], table: str,
        letters: dict[tuple[str, str], dict[str, str]],
    ) -> tuple[str | None, Place]:  # fmt: skip
        if given:
            return self._by_id(given, name, place, row, table)
        parts = parse_name(name)
        if parts is None:
            return None, place
        hits = choose(parts, self._by_class.get(place, {}))
        if len(hits) == 1:
            return hits[0], place
        if len(hits) > 1:
            self._finding("critical", "pupil_ambiguous", row, table, letters, "подходят "
                          + plural(len(hits), "обучающийся", "обучающихся", "обучающихся")
                          + " этого класса; напишите фамилию, имя и отчество полностью или код")  # fmt: skip
        elif not place[1]:
            wide = choose(parts, self._by_school.get(place[0], {}))
            if len(wide) == 1:
                return wide[0], self._only_home(wide[0], place)
        else:
            wide = [c for c, listed_name in self._by_school.get(place[0], {}).items() if listed_name == parts]
            if len(wide) == 1 and parts.first and len(parts.first) > 1:
                self._finding("info", "pupil_moved", row, table, letters,
                              "обучающийся стоит в списке другого класса; сопоставлен по полному имени")  # fmt: skip
                return wide[0], place
        code = pseudonym(self.key, "p_", f"unmatched:{place[0]}|{place[1]}|{parts.full}")
        self._note("unmatched", code, name, None, place[1])
        return code, place

    def _by_id(self, given: str, name: str, place: Place, row: dict[str, Any], table: str) -> tuple[str, Place]:
        code = pseudonym(self.key, "p_", f"id:{given}")
        homes = self._home.get(code, set())
        said = text(row.get("school_id")), text(row.get("class"))
        if not homes:
            self._note("unmatched", code, name, None, place[1])
            return code, (said[0] or self.school, said[1])
        if len({home[0] for home in homes}) > 1 and not said[0]:
            return code, (self.school, said[1])
        own = self._only_home(code, place)
        return code, (said[0] or own[0], said[1] or own[1])

    def _only_home(self, code: str, place: Place) -> Place:
        homes = self._home[code]
        school = next(iter(homes))[0] if len({home[0] for home in homes}) == 1 else place[0]
        classes = {home[1] for home in homes if home[0] == school}
        return school, next(iter(classes)) if len(classes) == 1 else place[1]

    def teachers(self, frame: pd.DataFrame, code: str = "teacher_id", name: str = "teacher") -> list[str | None]:
        """Pseudonyms of workers named in a table (of marks, say): by code, else by name among the school's staff."""
        cache: dict[tuple[Any, ...], str | None] = {}
        codes: list[str | None] = []
        columns = [cells(frame, c) if c in frame else [None] * len(frame) for c in ("school_id", code, name)]
        for slot in zip(*columns, strict=True):
            if slot not in cache:
                cache[slot] = self._teacher(*map(text, slot))
            codes.append(cache[slot])
        return codes

    def _teacher(self, school: str, given: str, name: str) -> str | None:
        if given:
            return pseudonym(self.key, "t_", f"id:{given}")
        parts = parse_name(name)
        if parts is None:
            return None
        hits = choose(parts, self._staff.get(school or self.school, {}))
        if len(hits) == 1:
            return hits[0]
        code = pseudonym(self.key, "t_", f"teacher:{parts.short}")
        self._note("teacher", code, name, None, "")
        return code

    def _finding(
        self, severity: Any, rule: str, row: dict[str, Any], table: str,
        letters: dict[tuple[str, str], dict[str, str]], message: str,
    ) -> None:  # fmt: skip
        file, sheet, number = row["_file"], row["_sheet"], int(row["_row"])
        letter = letters.get((file, sheet), {}).get("full_name", "")
        cell = f"{letter}{number}" if letter else ""
        place = f"В ячейке {cell}" if cell else f"В строке {number}"
        text_ru = f"{place}: {message}."
        self.findings.append(Finding(severity, table, rule, file, sheet, cell, number, "full_name", text_ru))


def records(frame: pd.DataFrame, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """The rows as dictionaries of those columns of ``names`` that the frame has."""
    wanted = [name for name in names if name in frame.columns]
    columns = [cells(frame, name) for name in wanted]
    return [dict(zip(wanted, row, strict=True)) for row in zip(*columns, strict=True)]


def _full_name(row: dict[str, Any]) -> str:
    whole = text(row.get("full_name"))
    return whole or text(" ".join(text(row.get(part)) for part in ("last_name", "first_name", "patronymic")))


def _same_name(rows: list[dict[str, Any]], parsed: list[PersonName | None], school: str) -> set[int]:
    """Positions of rows that share a full name in different classes and have neither a code nor a birth date."""
    groups: dict[str, list[tuple[int, Any]]] = defaultdict(list)
    for index, (row, parts) in enumerate(zip(rows, parsed, strict=True)):
        if parts is not None and not text(row.get("pupil_id")) and blank(row.get("birth_date")):
            groups[parts.full].append((index, (text(row.get("school_id")) or school, row.get("class"))))
    return {i for rows in groups.values() if len({place for _, place in rows}) > 1 for i, _ in rows}

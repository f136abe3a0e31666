"""What pupils do after lessons, and the registers of prevention: unique pupils of the list."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from plain.base import Part, Parts, School, among, answered, ones, shares


def activities(school: School) -> Parts:
    if not school.has("activities", "pupils"):
        return {}
    listed, table = school.listed, school.table("activities")
    kind, direction = table["kind"], table["direction"]
    tops = {
        "activities.coverage": among(listed, table),
    }
    programme = table["programme_id"].notna()
    kinds = answered(listed, table, kind.notna())
    parts = {
        **shares(listed, **tops),
        "activities.after_class": Part(listed, among(listed, table[kind == "внеурочная деятельность"]), kinds),
        "activities.volunteers": Part(listed, among(listed, table[kind == "волонтёрство"]), kinds),
        "conditions.additional_coverage": Part(
            listed,
            among(listed, table[(kind == "дополнительное образование") | programme]),
            answered(listed, table, kind.notna() | programme),
        ),
    }
    directions = sorted(direction.dropna().unique())
    if not directions:
        return parts
    rows = pd.concat([listed.assign(item=item) for item in directions], ignore_index=True)
    busy = pd.concat([among(listed, table[direction == item]) for item in directions], ignore_index=True)
    return {**parts, "activities.direction": Part(rows, busy, ones(rows))}


def registers(school: School) -> Parts:
    if not school.has("registers", "pupils"):
        return {}
    listed, table = school.listed, school.table("registers")
    put, off, kind = table["registered_on"], table["removed_on"], table["register"]
    active = put.map(lambda day: day is None or day <= school.end)
    active &= off.map(lambda day: day is None or day > school.end)
    # The holidays before a term belong to it, as in the movement; the first term begins on its first day.
    first = min(school.start, school.opening + timedelta(days=1))

    def within(days: pd.Series) -> pd.DataFrame:
        return table[days.map(lambda day: day is not None and first <= day <= school.end)]

    def most(column: str) -> pd.Series:
        """The same offence may be written in several registers: the greatest number a pupil; none where nobody told."""
        numbers = table[["school_id", "pupil_id"]].assign(n=table[column]).dropna()
        greatest = numbers.groupby(["school_id", "pupil_id"])["n"].max()
        keys = list(zip(listed["school_id"], listed["pupil_id"], strict=True))
        found = pd.Series([greatest.get(key) for key in keys], index=listed.index, dtype=float)
        told = found.notna().groupby(listed["school_id"]).transform("any") if len(found) else found.notna()
        return found.fillna(0).where(told)

    tops = {
        "socialisation.police_register": among(listed, table[active & kind.isin(["ОПДН", "КДН"])]),
        "socialisation.school_register": among(listed, table[active & (kind == "внутришкольный")]),
        "socialisation.any_register": among(listed, table[active]),
    }
    return {
        **shares(listed, **tops),
        "socialisation.police_number": Part(listed, tops["socialisation.police_register"]),
        "socialisation.school_number": Part(listed, tops["socialisation.school_register"]),
        "socialisation.any_number": Part(listed, tops["socialisation.any_register"]),
        "socialisation.registered": Part(listed, among(listed, within(put))),
        "socialisation.removed": Part(listed, among(listed, within(off))),
        "socialisation.offences": Part(listed, most("offences")),
        "socialisation.crimes": Part(listed, most("crimes")),
    }

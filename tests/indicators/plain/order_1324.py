"""What only order 1324 asks: 1.5 of all pupils, and the answers of the table of facts."""

from __future__ import annotations

from plain.base import Part, Parts, School, among, shares, told, yes
from plain.marks import high, pupils_with_marks

PEOPLE = ["1.20", "1.21", "1.22", "1.23", "2.5"]
PER_PUPIL = ["2.1", "2.2", "2.6"]
FLAGS = ["2.3", "2.4", "2.4.1", "2.4.2", "2.4.3", "2.4.4", "2.4.5"]


def of_all(school: School) -> Parts:
    """1.5: excellent and good pupils of the whole general number, first grades included."""
    if not school.has("marks", "pupils"):
        return {}
    pupils = pupils_with_marks(school)
    best = pupils[pupils["got"].map(high).astype(bool)]
    return shares(school.listed, **{"order1324.1_5": among(school.listed, best)})


def facts(school: School) -> Parts:
    """The last answer of each school that is not later than the period's end."""
    if not school.has("facts", "pupils"):
        return {}
    table = school.table("facts")
    table["key"] = table["code"].map(lambda code: str(code).strip().rstrip("."))
    table = table[table["as_of"].map(lambda day: day is not None and day <= school.end)]
    table = table.sort_values("as_of", kind="stable").drop_duplicates(["school_id", "key"], keep="last")
    sizes = school.listed.groupby("school_id").size()
    rows = table[table["school_id"].isin(sizes.index)].reset_index(drop=True)
    size = rows["school_id"].map(sizes).astype(float)
    parts: Parts = {}
    for code in [*PEOPLE, *PER_PUPIL, *FLAGS]:
        own = (rows["key"] == code).astype(int)
        number = rows["number"].astype(float)
        if code in FLAGS:
            part = Part(rows, yes(rows["flag"]) * own, told(rows["flag"]) * own)
        else:
            top = number * size if code in PER_PUPIL else number
            part = Part(rows, (top * own).fillna(0), size * told(number) * own)
        parts[f"order1324.{code.replace('.', '_')}"] = part
    return parts

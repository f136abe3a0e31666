"""Marks of the period: categories of pupils («отличник», «хорошист» …) and figures by subject (formulas, 1 and 2)."""

from __future__ import annotations

import re

import pandas as pd

from plain.base import Part, Parts, School, ones, shares

WORTH = {"5": 5, "4": 4, "3": 3, "2": 2}


def _spelled(name: str) -> str:
    return re.sub(r"[\s.]", "", name.lower().replace("ё", "е"))


def counted_marks(school: School) -> pd.DataFrame:
    """Marks «2»–«5» and «н/а» of pupils in the list at the end, in grades that are marked in such a period."""
    off = set(school.conventions.unmarked_grades)
    if school.period.kind in ("quarter", "trimester"):
        off |= set(school.conventions.halfyear_grades)
    no_subject = {
        _spelled(name)
        for item in school.params.subjects.subjects
        if not item.counted
        for name in [item.title, *item.synonyms]
    }
    found = school.with_pupil(school.table("marks")[["school_id", "pupil_id", "subject", "teacher_id", "mark"]])
    counts = found["mark"].isin([*WORTH, "н/а"]) & ~found["grade"].isin(off)
    counts &= ~found["subject"].map(_spelled).isin(no_subject)
    return found[counts].rename(columns={"teacher_id": "teacher"}).reset_index(drop=True)


def pupils_with_marks(school: School) -> pd.DataFrame:
    """One row a pupil of the base; ``got`` is the list of his marks."""
    own = ["school_id", "pupil_id", "level", "grade", "class", "sex"]
    base = counted_marks(school)
    got = base.groupby(["school_id", "pupil_id"])["mark"].agg(list).rename("got").reset_index()
    return got.merge(base[own].drop_duplicates(["school_id", "pupil_id"]), on=own[:2])


def high(got: list[str]) -> bool:
    """Excellent and good pupils together."""
    return set(got) <= {"4", "5"}


def outcomes(school: School) -> Parts:
    if not school.has("marks", "pupils"):
        return {}
    base = pupils_with_marks(school)
    categories = {
        "quality": high,
        "excellent": lambda got: set(got) == {"5"},
        "good": lambda got: high(got) and "4" in got,
        "one_four": lambda got: high(got) and got.count("4") == 1,
        "three": lambda got: "3" in got and not {"2", "н/а"} & set(got),
        "one_three": lambda got: got.count("3") == 1 and set(got) <= {"3", "4", "5"},
        "failing": lambda got: "2" in got,
        "not_attested": lambda got: "н/а" in got and "2" not in got,
        "success": lambda got: not {"2", "н/а"} & set(got),
    }
    tops = {f"outcomes.{name}": base["got"].map(rule).astype(int) for name, rule in categories.items()}
    return {**shares(base, **tops), "contingent.assessed": Part(base, ones(base))}


def subjects(school: School) -> Parts:
    if not school.has("marks", "pupils"):
        return {}
    base = counted_marks(school)
    mark, na_counts = base["mark"], school.conventions.na_in_base
    weights = school.conventions.sou_on(school.end).value
    worth = {"5": weights.five, "4": weights.four, "3": weights.three, "2": weights.two, "н/а": weights.na}
    in_base = (mark != "н/а") | na_counts
    numbers = mark.map(WORTH)
    return {
        "subjects.success": Part(base, mark.isin(["5", "4", "3"]).astype(int), in_base.astype(int)),
        "subjects.quality": Part(base, mark.isin(["5", "4"]).astype(int), in_base.astype(int)),
        "subjects.sou": Part(base, mark.map(worth).where(in_base, 0), in_base.astype(int)),
        "subjects.mean_mark": Part(base, numbers.fillna(0), numbers.notna().astype(int)),
        **{f"subjects.n{one}": Part(base, (mark == one).astype(int)) for one in WORTH},
        "subjects.n_na": Part(base, (mark == "н/а").astype(int)),
    }

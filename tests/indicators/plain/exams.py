"""State exams and outside works (formulas, 5 and 6): one result a participant and subject, the last one."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from plain.base import Part, Parts, School, ones, told
from soko.exam_scales import exam_day, read_exam_scales

FAMILY = {"ОГЭ": "9", "ГВЭ-9": "9", "ЕГЭ": "11", "ГВЭ-11": "11"}
WORKS = {"vpr": "ВПР", "monitoring4": "мониторинг 4 класса", "works": "диагностическая работа"}


@lru_cache(maxsize=4)
def results(school: School) -> pd.DataFrame:
    """Every result of those who took part, with ``last`` and ``last_before_autumn`` for the state exams."""
    rows = school.table("exams")
    took = rows["status"].map(lambda status: status in (None, "участвовал"))
    has = rows[["mark", "score", "primary_score"]].notna().any(axis=1)
    stands = rows["effective"].map(lambda answer: answer is None or bool(answer))
    marks = ["5", "4", "3", "2"]
    autumn = _autumn(rows[took & has])
    rows = rows[took & has & stands].reset_index(drop=True)
    person = rows["pupil_id"].where(rows["pupil_id"].notna(), rows["participant_code"])
    rows["person"] = [one if one is not None else f"nobody {i}" for i, one in enumerate(person)]
    rows["points"] = rows["mark"].map(lambda mark: int(mark) if mark in marks else np.nan).astype(float)
    rows["term_points"] = rows["term_mark"].map(lambda mark: int(mark) if mark in marks else np.nan).astype(float)
    rows["family"] = rows["exam"].map(FAMILY)
    base_level = rows["exam_level"] == "базовый"
    rows["scored"] = (rows["exam"] == "ЕГЭ") & ~base_level & rows["score"].notna()
    rows["below"] = pd.Series([_below(row, school) for row in rows.to_dict("records")], dtype=float)
    rows["late"] = [_is_late(row, autumn) for row in rows.to_dict("records")]
    rows["last"] = _last(rows)
    rows["last_before_autumn"] = False
    early = rows[~rows["late"].astype(bool)]
    rows.loc[early.index, "last_before_autumn"] = _last(early)
    return rows


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    who = row["pupil_id"] or row["participant_code"]
    return row["school_id"], who, FAMILY.get(row["exam"]), row["subject"], row["exam_level"], row["held_on"]


def _autumn(rows: pd.DataFrame) -> set[tuple[Any, ...]]:
    """Days on which somebody took an exam again: an appeal of that day belongs to the autumn, too."""
    return {_key(row) for row in rows.to_dict("records") if row["stage"] == "дополнительный"}


def _is_late(row: dict[str, Any], autumn: set[tuple[Any, ...]]) -> bool:
    return row["stage"] == "дополнительный" or (
        row["stage"] == "апелляция" and _key(row)[1] is not None and _key(row) in autumn
    )


def _last(rows: pd.DataFrame) -> pd.Series:
    """True for the last attempt: autumn after June, day by day, the appeal after the result that it changes."""

    def number(column: str) -> pd.Series:
        return rows[column].astype(float).fillna(-1)

    ordered = pd.DataFrame(
        {
            "late": rows["late"].astype(int),
            "day": [day.toordinal() if isinstance(day, date) else date.max.toordinal() for day in rows["held_on"]],
            "appeal": (rows["stage"] == "апелляция").astype(int),
            "score": number("score"),
            "points": number("points"),
            "primary": number("primary_score"),
        },
        index=rows.index,
    )
    order = ordered.sort_values(list(ordered.columns)).index
    who = rows[["school_id", "person", "family", "subject", "exam_level"]].astype(str).loc[order]
    return (~who.duplicated(keep="last")).reindex(rows.index)


def _below(row: dict[str, Any], school: School) -> float:
    """1 below the minimum, 0 not, NaN where that cannot be told. A mark decides, and a score only where it is ЕГЭ's."""
    ege_score = row["exam"] == "ЕГЭ" and row["exam_level"] != "базовый" and row["score"] == row["score"]
    if row["mark"] is not None and not ege_score:
        return float(row["mark"] == "2")
    least = row["minimum"]
    if least != least and row["exam"] == "ЕГЭ":
        least = _minimums(school).get((row["subject"], row["exam_level"] or ""), np.nan)
    return np.nan if least != least or row["score"] != row["score"] else float(row["score"] < least)


@lru_cache(maxsize=4)
def _minimums(school: School) -> dict[tuple[str, str], float]:
    scales = read_exam_scales(school.workspace).on(exam_day(school.period))
    return {
        (scale.subject, scale.exam_level): float(scale.minimum)
        for scale in scales
        if scale.exam == "ЕГЭ" and scale.minimum is not None
    }


def of_marks(rows: pd.DataFrame) -> Parts:
    """What is counted of any work that is marked «2»–«5»; ids without what stands before them."""
    points, first, most = rows["points"], rows["primary_score"], rows["max_primary"]
    marked, whole = told(points), told(first) * (most > 0).astype(int)
    return {
        "mean_mark": Part(rows, points.fillna(0), marked),
        "quality": Part(rows, (points >= 4).astype(int), marked),
        "success": Part(rows, (points >= 3).astype(int), marked),
        **{f"n{mark}": Part(rows, (points == mark).astype(float).where(points.notna())) for mark in (5, 4, 3, 2)},
        "completion": Part(rows, first.fillna(0) * whole, most.fillna(0) * whole),
        "takers": Part(rows, ones(rows)),
    }


def against_journal(rows: pd.DataFrame) -> Parts:
    """The mark of the work beside that of the journal, of those who have both."""
    got, journal = rows["points"], rows["term_points"]
    both = told(got) * told(journal)
    return {
        "confirmed": Part(rows, (got == journal).astype(int), both),
        "raised": Part(rows, (got > journal).astype(int), both),
        "lowered": Part(rows, (got < journal).astype(int), both),
    }


def objectivity(school: School) -> Parts:
    """Works (a class and a subject) with signs of marks that are too kind; those of few pupils are not judged."""
    if not school.has("exams"):
        return {}
    limits, conventions = school.conventions.vpr_on(school.end), school.conventions
    rows = results(school)[results(school)["exam"] == "ВПР"].reset_index(drop=True)
    kinds: dict[str, list[int]] = {"judged": [], "attention": [], "risk": [], "without_twos": []}
    heads: list[dict[str, Any]] = []
    keys = ["school_id", "level", "grade", "class", "subject"]
    for values, work in rows[rows["class"].notna()].groupby(keys, dropna=False):
        both = work[work["points"].notna() & work["term_points"].notna()]
        judged = len(both) >= conventions.thresholds.small_group
        share = (both["points"] < both["term_points"]).mean() * 100 if len(both) else 0.0
        heads.append({name: None if value != value else value for name, value in zip(keys, values, strict=True)})
        kinds["judged"].append(int(judged))
        kinds["attention"].append(int(judged and share >= limits.attention))
        kinds["risk"].append(int(judged and share >= limits.risk))
        kinds["without_twos"].append(int(judged and not (work["points"] == 2).any()))
    works_ = pd.DataFrame(heads, columns=keys)
    tops = {name: pd.Series(numbers, index=works_.index, dtype=int) for name, numbers in kinds.items()}
    scored = rows[(rows["points"] >= 3) & rows["primary_score"].notna()].reset_index(drop=True)
    least = scored.groupby(["school_id", "subject", "grade", "points"], dropna=False)["primary_score"].transform("min")
    return {
        **{f"vpr.{name}": Part(works_, tops[name], tops["judged"]) for name in ("attention", "risk", "without_twos")},
        "vpr.at_boundary": Part(scored, (scored["primary_score"] == least).astype(int), ones(scored)),
    }


def works(school: School) -> Parts:
    if not school.has("exams"):
        return {}
    parts: Parts = objectivity(school)
    for prefix, exam in WORKS.items():
        rows = results(school)[results(school)["exam"] == exam]
        parts |= {f"{prefix}.{name}": part for name, part in {**of_marks(rows), **against_journal(rows)}.items()}
    rows = results(school)[results(school)["exam"] == "региональное исследование"]
    regional = of_marks(rows)
    return {
        **parts,
        "external.regional_study": regional.pop("completion"),
        "external.regional_study_mean_score": Part(rows, rows["score"].fillna(0), told(rows["score"])),
        **{f"external.regional_study_{name}": part for name, part in regional.items()},
    }

"""ГИА-9 and ГИА-11: rows 8, 9 of 4.6 and codes 1.6–1.9 of the order. Marks and scores are never added together."""

from __future__ import annotations

from typing import Any

import pandas as pd

from plain.base import Part, Parts, School, ones, told
from plain.exams import against_journal, of_marks, results


def _is(rows: pd.DataFrame, subject: str) -> pd.Series:
    return rows["subject"].map(lambda name: int(str(name).lower().startswith(subject)))


def _exam(row: dict[str, Any]) -> str | None:
    """Mathematics of the two levels are two exams, and ГВЭ is one of its own."""
    end = {"базовый": " (базовая)", "профильный": " (профильная)"}.get(row["exam_level"], "")
    return f"{row['subject']}, ГВЭ" if row["exam"] == "ГВЭ-11" else f"{row['subject']}{end}"


def gia9(school: School) -> Parts:
    if not school.has("exams"):
        return {}
    every = results(school)
    rows = every[(every["family"] == "9") & every["last"]]
    main = every[(every["family"] == "9") & every["last_before_autumn"].astype(bool)]
    points, first, below = rows["points"], rows["primary_score"], rows["below"]
    common = of_marks(rows) | against_journal(rows)
    parts = {
        "external.gia9": common.pop("mean_mark"),
        **{f"external.gia9_{name}": part for name, part in common.items()},
        "external.gia9_mean_primary": Part(rows, first.fillna(0), told(first)),
        "external.gia9_below": Part(rows, below.fillna(0), told(below)),
        "external.gia9_below_main": Part(main, main["below"].fillna(0), told(main["below"])),
    }
    for code, name, subject in (("1_6", "russian", "русский язык"), ("1_7", "math", "математика")):
        own = _is(rows, subject)
        part = Part(rows, points.fillna(0) * own, told(points) * own)
        parts |= {f"external.gia9_{name}": part, f"order1324.{code}": part}
    return parts


def scores(school: School) -> Parts:
    """How many have each score, by mark (ЕГЭ: below the minimum or not); ``item`` is the score."""
    if not school.has("exams"):
        return {}
    every = results(school)

    def counted(rows: pd.DataFrame, column: str, choices: dict[str, pd.Series]) -> Parts:
        whole = rows[column].notna()
        items = rows.loc[whole, column].map(lambda score: str(float(score)).removesuffix(".0"))
        own = rows[whole].assign(item=items)
        return {name: Part(own, chosen[whole].map({True: 1.0})) for name, chosen in choices.items()}

    oge = every[(every["exam"] == "ОГЭ") & every["last"] & every["points"].notna()]
    vpr = every[(every["exam"] == "ВПР") & every["points"].notna()]
    ege = every[(every["family"] == "11") & every["last"] & every["scored"]]
    marks = (5, 4, 3, 2)
    return {
        **counted(oge, "primary_score", {f"external.gia9_scores_n{mark}": oge["points"] == mark for mark in marks}),
        **counted(vpr, "primary_score", {f"vpr.scores_n{mark}": vpr["points"] == mark for mark in marks}),
        **counted(
            ege, "score",
            {"external.gia11_scores_passed": ege["below"] != 1, "external.gia11_scores_below": ege["below"] == 1},
        ),
    }  # fmt: skip


def gia11(school: School) -> Parts:
    if not school.has("exams"):
        return {}
    every = results(school)
    rows = every[(every["family"] == "11") & every["last"]]
    rows = rows.assign(item=[_exam(row) for row in rows.to_dict("records")])
    score, scored, below = rows["score"], rows["scored"].astype(int), rows["below"]
    base = rows["points"].notna() & ((rows["exam"] == "ГВЭ-11") | (rows["exam_level"] == "базовый"))
    marked, points = base.astype(int), rows["points"].where(base, 0)
    parts = {
        "external.gia11": Part(rows, score.where(scored == 1, 0), scored),
        "external.gia11_base_mark": Part(rows, points, marked),
        "external.gia11_base_quality": Part(rows, (points >= 4).astype(int), marked),
        "external.gia11_takers": Part(rows, ones(rows)),
        "external.gia11_success": Part(rows, (below == 0).astype(int), told(below)),
        "external.gia11_below": Part(rows, (below == 1).astype(int), told(below)),
        **{
            f"external.gia11_from_{least}": Part(rows, scored * (score >= least).astype(int), scored)
            for least in (70, 81, 100)
        },
    }
    math, ege = _is(rows, "математика"), (rows["exam"] == "ЕГЭ").astype(int)
    russian = scored * _is(rows, "русский язык")
    by_subject = {
        ("external.gia11_russian", "order1324.1_8"): Part(rows, score.fillna(0) * russian, russian),
        ("external.gia11_math", "order1324.1_9"): Part(rows, score.fillna(0) * scored * math, scored * math),
        ("external.gia11_math_base", "order1324.1_9_base"): Part(rows, points * math * ege, marked * math * ege),
    }
    return {**parts, **{name: part for names, part in by_subject.items() for name in names}}

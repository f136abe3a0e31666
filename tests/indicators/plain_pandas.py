"""A second implementation of the rules, in plain pandas and written without looking at the SQL, to compare with."""

from __future__ import annotations

from itertools import chain
from typing import Any

import pandas as pd

DIMENSIONS = ["level", "grade", "class", "subject", "sex", "teacher"]
WEIGHTS = {"5": 100.0, "4": 64.0, "3": 36.0, "2": 16.0, "н/а": 7.0}


def on_roll(pupil: pd.Series, day: Any) -> bool:
    came = pd.isna(pupil["arrived_on"]) or pupil["arrived_on"] <= day
    gone = not pd.isna(pupil["left_on"]) and pupil["left_on"] <= day
    return came and not gone


def base_marks(pupils: pd.DataFrame, marks: pd.DataFrame, end: Any, off_grades: set[int]) -> pd.DataFrame:
    """Marks that count, with the pupil's dimensions."""
    listed = pupils[[on_roll(row, end) and row["grade"] not in off_grades for _, row in pupils.iterrows()]]
    counted = marks[marks["mark"].isin(list(WEIGHTS)) & ~marks["subject"].isin(["Поведение", "Повед."])]
    dimensions = ["school_id", "pupil_id", "level", "grade", "class", "sex"]
    return counted[["school_id", "pupil_id", "subject", "mark", "teacher"]].merge(
        listed[dimensions], on=["school_id", "pupil_id"]
    )


def outcomes(base: pd.DataFrame) -> dict[str, tuple[float, float]]:
    kinds: dict[str, int] = dict.fromkeys(
        ("quality", "excellent", "good", "one_three", "failing", "not_attested", "success", "one_four", "three"), 0
    )
    pupils = [set_.tolist() for _, set_ in base.groupby(["school_id", "pupil_id"])["mark"]]
    for got in pupils:
        kinds["quality"] += all(mark in ("4", "5") for mark in got)
        kinds["excellent"] += all(mark == "5" for mark in got)
        kinds["good"] += all(mark in ("4", "5") for mark in got) and "4" in got
        rest = [mark for mark in got if mark != "3"]
        kinds["one_three"] += len(got) - len(rest) == 1 and all(mark in ("4", "5") for mark in rest)
        kinds["one_four"] += got.count("4") == 1 and got.count("5") == len(got) - 1
        kinds["three"] += "3" in got and "2" not in got and "н/а" not in got
        kinds["failing"] += "2" in got
        kinds["not_attested"] += "н/а" in got and "2" not in got
        kinds["success"] += "2" not in got and "н/а" not in got
    return {f"outcomes.{name}": (float(count), float(len(pupils))) for name, count in kinds.items()}


def subjects(base: pd.DataFrame, na_in_base: bool) -> dict[str, tuple[float, float | None]]:
    got = base["mark"].tolist()
    counted = [mark for mark in got if na_in_base or mark != "н/а"]
    numbers = [int(mark) for mark in got if mark != "н/а"]
    n = float(len(counted))
    return {
        "subjects.success": (float(sum(mark in "543" for mark in counted)), n),
        "subjects.quality": (float(sum(mark in "54" for mark in counted)), n),
        "subjects.sou": (float(sum(WEIGHTS[mark] for mark in counted)), n),
        "subjects.mean_mark": (float(sum(numbers)), float(len(numbers))),
        **{f"subjects.n{name}": (float(got.count(mark)), None) for name, mark in zip("5432", "5432", strict=True)},
        "subjects.n_na": (float(got.count("н/а")), None),
    }


def groups(base: pd.DataFrame, sets: list[list[str]], part: Any) -> dict[tuple[Any, ...], tuple[float, float | None]]:
    """(indicator, school_id, level, …) -> parts, for every set within a school and over the schools."""
    result: dict[tuple[Any, ...], tuple[float, float | None]] = {}
    overall = [names for names in sets if not {"class", "teacher"} & set(names)]
    for names in chain((["school_id", *names] for names in sets), overall):
        parted = base.groupby(names, dropna=False) if names else [((), base)]
        for values, group in parted:
            if group.empty:
                continue
            given = dict(zip(names, values, strict=True))
            for indicator, (top, bottom) in part(group).items():
                if bottom is None or bottom:
                    key = (indicator, *(given.get(name, "") for name in ["school_id", *DIMENSIONS]))
                    result[key] = (top, bottom)
    return result


def as_dict(frame: pd.DataFrame) -> dict[tuple[Any, ...], tuple[float, float | None, float]]:
    """The tidy table in the same form, with the value."""
    result = {}
    for row in frame.to_dict("records"):
        values = ["" if pd.isna(row[name]) else row[name] for name in ["school_id", *DIMENSIONS]]
        bottom = None if pd.isna(row["denominator"]) else row["denominator"]
        result[row["indicator"], *values] = (row["numerator"], bottom, row["value"])
    return result

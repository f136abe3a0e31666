"""Graduates of grades 9 and 11: certificates, minimum of ГИА, where they went (rows 4–7, 11, 18, 20; 1.10–1.17)."""

from __future__ import annotations

import pandas as pd

from plain.base import Part, Parts, School, somebody, told, yes
from plain.exams import results

BY_GRADE = ["school_id", "grade"]


def _graduates(school: School) -> pd.DataFrame:
    rows = school.table("graduates")
    rows = rows[rows["grade"].isin([9, 11, 12])]
    again = rows["pupil_id"].notna() & rows.duplicated(["school_id", "pupil_id", "grade"])
    return rows[~again].reset_index(drop=True)


def _of(rows: pd.DataFrame, after: int) -> pd.Series:
    return rows["grade"].isin([9] if after == 9 else [11, 12]).astype(int)


def certificates(school: School) -> Parts:
    if not school.has("graduates"):
        return {}
    rows = _graduates(school)
    got, honours = rows["certificate"], rows["honours"]
    with_honours = honours.map(lambda text: int(text is not None and text != "нет"))
    asked = somebody(rows, honours.notna(), BY_GRADE)
    parts: Parts = {}
    certified = yes(got) if school.conventions.honours_base == "certified" else 1
    for after, without, code in ((9, "1_14", "1_16"), (11, "1_15", "1_17")):
        own = _of(rows, after)
        not_got = Part(rows, told(got) * (1 - yes(got)) * own, told(got) * own)
        special = Part(rows, with_honours * own, asked * own * certified)
        parts |= {
            f"outcomes.certificate_{after}": Part(rows, yes(got) * own, told(got) * own),
            f"outcomes.no_certificate_{after}": not_got,
            f"order1324.{without}": not_got,
            f"outcomes.honours_{after}": special,
            f"order1324.{code}": special,
        }
    return parts


def destinations(school: School) -> Parts:
    if not school.has("graduates"):
        return {}
    rows = _graduates(school)
    went = rows["destination"]
    asked = somebody(rows, went.notna(), BY_GRADE)
    lost = went.map(lambda text: int(text is None or text == "нет сведений"))
    parts = {
        "idle_graduates": Part(rows, (went == "не работает и не учится").astype(int), asked),
        "untraced_graduates": Part(rows, lost * asked, asked),
    }
    answers = {
        "after_9": (9, ["10 класс", "СПО"]), "to_10": (9, ["10 класс"]), "vocational_9": (9, ["СПО"]),
        "university": (11, ["вуз"]), "vocational_11": (11, ["СПО"]), "working_11": (11, ["работает"]),
    }  # fmt: skip
    for name, (after, wanted) in answers.items():
        own = _of(rows, after)
        parts[name] = Part(rows, went.isin(wanted).astype(int) * own, asked * own)
    for name in ("by_profile", "state_funded"):
        own = _of(rows, 11)
        parts[name] = Part(rows, yes(rows[name]) * own, told(rows[name]) * own)
    return {f"socialisation.{name}": part for name, part in parts.items()}


def minimums(school: School) -> Parts:
    """Who has not passed Russian or mathematics in the end, of all graduates; one passed mathematics is enough."""
    if not school.has("graduates", "exams"):
        return {}
    rows, found = _graduates(school), results(school)
    found = found[found["family"].notna() & found["last"] & found["pupil_id"].notna()]
    verdicts: dict[tuple[str, str, str, str], list[float]] = {}
    for row in found[["school_id", "pupil_id", "family", "subject", "below"]].to_dict("records"):
        for subject in ("русский язык", "математика"):
            if str(row["subject"]).lower().startswith(subject) and row["below"] == row["below"]:
                key = (row["school_id"], row["pupil_id"], row["family"], subject)
                verdicts.setdefault(key, []).append(row["below"])
    people = rows[["school_id", "pupil_id"]].assign(family=rows["grade"].map(lambda grade: "9" if grade == 9 else "11"))
    keys = list(people.itertuples(index=False, name=None))

    def asked(*subjects: str) -> pd.Series:
        """Somebody of the grade has a result: in June the papers of one exam come before those of another."""
        takers = [any((*key, subject) in verdicts for subject in subjects) for key in keys]
        return somebody(rows, pd.Series(takers, index=rows.index, dtype=bool), BY_GRADE)

    def failed(subject: str) -> pd.Series:
        judged = [verdicts.get((*key, subject), []) for key in keys]
        return pd.Series([int(bool(one) and min(one) == 1) for one in judged], index=rows.index, dtype=int)

    russian, math = failed("русский язык"), failed("математика")
    every = asked("русский язык", "математика")
    parts: Parts = {"external.below_minimum": Part(rows, (russian | math).astype(int), every)}
    known = asked("русский язык"), asked("математика")
    for after, codes in ((9, ("1_10", "1_11")), (11, ("1_12", "1_13"))):
        own = _of(rows, after)
        for name, subject, of, code in zip(("russian", "math"), (russian, math), known, codes, strict=True):
            part = Part(rows, subject * own, of * own)
            parts |= {f"external.below_{name}_{after}": part, f"order1324.{code}": part}
    return parts

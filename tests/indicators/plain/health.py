"""Health (formulas, 8): groups of health and of physical education are two scales, each with its own base."""

from __future__ import annotations

import pandas as pd

from plain.base import Part, Parts, School, among, named, somebody, told, yes


def health(school: School) -> Parts:
    if not school.has("health", "pupils"):
        return {}
    rows = school.with_pupil(school.table("health"))
    ages = school.listed[["school_id", "pupil_id", "age"]].rename(columns={"age": "listed_age"})
    rows = rows.merge(ages, on=["school_id", "pupil_id"], how="left")
    age = rows["age"].fillna(rows["listed_age"])
    before, now = rows["deviation_at_entry"], rows["deviation_now"]
    both = (age == 14).astype(int) * told(before) * told(now)
    group, pe = rows["health_group"], rows["pe_group"]
    pe_groups = {
        "main": ["основная"], "preparatory": ["подготовительная"], "special": ["специальная А", "специальная Б"],
        "exempt": ["освобождён"],
    }  # fmt: skip
    cases, days = rows["illness_cases"], rows["illness_days"]
    return {
        "health.deviation_ratio": Part(rows, yes(before) * both, yes(now) * both),
        "health.deviation_at_entry_14": Part(rows, yes(before) * both, both),
        "health.deviation_now_14": Part(rows, yes(now) * both, both),
        "health.deviation_now": Part(rows, yes(now), told(now)),
        **{
            f"health.group_{number}": Part(rows, (group == name).astype(int), told(group))
            for number, name in enumerate(["I", "II", "III", "IV", "V"], 1)
        },
        **{f"health.pe_{name}": Part(rows, pe.isin(of).astype(int), told(pe)) for name, of in pe_groups.items()},
        "health.never_ill": Part(rows, (cases == 0).astype(int), told(cases)),
        "health.illness_days_per_pupil": Part(rows, days.fillna(0), told(days)),
    }


def sport(school: School) -> Parts:
    """Shares of the whole list; where nobody in the school filled the column in, there are no data."""
    if not school.has("pupils"):
        return {}
    listed, table, circles = school.listed, school.table("health"), school.table("activities")

    def asked(*filled: pd.Series) -> pd.Series:
        known = pd.Series(False, index=listed.index)
        for one in filled:
            known |= one.astype(bool)
        return somebody(listed, known)

    result: Parts = {}
    if school.has("health"):
        for name, column in (("sport", "sport"), ("hot_meals", "hot_meals")):
            known = asked(among(listed, table[table[column].notna()]))
            result[f"health.{name}"] = Part(listed, among(listed, table[yes(table[column]) == 1]), known)
    if school.has("health") or school.has("activities"):
        in_list = among(listed, table[named(table["section"]) == 1])
        in_circle = among(listed, circles[circles["kind"] == "спортивная секция"])
        known = asked(among(listed, table[table["section"].notna()]), among(listed, circles[circles["kind"].notna()]))
        result["health.sport_sections"] = Part(listed, (in_list | in_circle).astype(int), known)
    return result

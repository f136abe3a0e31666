"""Families, questionnaires, self-government, experts, diagnostics (procedures of 4.4 and row 21 of 4.6)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from plain.base import Part, Parts, School, ones, somebody, told, yes

GOOD = {"высокий", "хороший", "выше среднего", "норма", "адаптация"}
MIDDLE = {"средний", "неполная адаптация"}
CALM = {"норма", "низкий", "ниже среднего"}


def parents(school: School) -> Parts:
    if not school.has("parents"):
        return {}
    rows = school.table("parents")
    families, council = rows["families"], rows["council"]
    both = told(rows["participating"]) * told(families)
    seats = families * rows["meetings"]
    came = told(rows["attendance"]) * told(seats)
    asked = somebody(rows, council.notna())
    return {
        "parents.participation": Part(rows, rows["participating"].fillna(0) * both, families.fillna(0) * both),
        "parents.council": Part(rows, council.fillna(0).where(asked == 1)),
        "parents.meetings": Part(rows, rows["attendance"].fillna(0) * came, seats.fillna(0) * came),
    }


def surveys(school: School) -> Parts:
    if not school.has("surveys"):
        return {}
    table, agree = school.table("surveys"), school.conventions.survey_agree
    whom = table["audience"].map(lambda text: f"{text}, " if text is not None else "")
    theme = table["theme"].where(table["theme"].notna(), table["survey"])
    fits = table["score"].between(0, 1)
    rows = table.assign(item=whom + theme)[fits].reset_index(drop=True)
    portion = rows["score"]
    agrees = (rows["score"] >= agree).astype(int)
    own = ((rows["audience"] == "родители") & (rows["theme"] == "удовлетворённость")).astype(int)
    forms = table.assign(item=whom + table["survey"])[table["answer"].notna() | table["score"].notna()]
    forms = forms.drop_duplicates(["school_id", "survey", "audience", "respondent", "class"])
    return {
        "surveys.index": Part(rows, portion, ones(rows)),
        "surveys.agree": Part(rows, agrees, ones(rows)),
        "surveys.respondents": Part(forms, ones(forms)),
        "parents.satisfaction_index": Part(rows, portion * own, own),
        "parents.satisfaction": Part(rows, agrees * own, own),
    }


def self_government(school: School) -> Parts:
    if not school.has("self_government"):
        return {}
    rows = school.table("self_government").rename(columns={"scope": "item"})
    decided, done = rows["decisions"], rows["executed"]
    both = told(decided) * told(done)
    count = somebody(rows, rows["members"].notna())
    return {
        "self_government.bodies": Part(rows, ones(rows)),
        "self_government.members": Part(rows, rows["members"].fillna(0).where(count == 1)),
        "self_government.with_plan": Part(rows, yes(rows["plan"]), somebody(rows, rows["plan"].notna())),
        "self_government.executed": Part(
            rows, np.minimum(done.fillna(0), decided.fillna(0)) * both, decided.fillna(0) * both
        ),
    }


def experts(school: School) -> Parts:
    if not school.has("expert_scores"):
        return {}
    table = school.table("expert_scores").rename(columns={"object": "item"})
    rows = table[table["score"].notna() & (table["max_score"] > 0)].reset_index(drop=True)
    weight = rows["weight"].fillna(1)
    return {"experts.score": Part(rows, rows["score"] * weight, rows["max_score"] * weight)}


def diagnostics(school: School) -> Parts:
    """A pupil is in one of three groups by the worst of his scales; calm is a low level of anxiety."""
    if not school.has("diagnostics", "pupils"):
        return {}
    table = school.with_pupil(school.table("diagnostics"))
    table = table[table["result_level"].notna()]
    found = []
    for _, lines in table.groupby(["school_id", "pupil_id", "study", "stage"], dropna=False, sort=False):
        first = lines.iloc[0]
        worst = min(_rank(first["study"], level) for level in lines["result_level"])
        stage = f", {first['stage']}" if first["stage"] is not None and first["stage"] == first["stage"] else ""
        own = first[["school_id", "level", "grade", "class", "sex"]].to_dict()
        found.append({**own, "item": first["study"] + stage, "rank": worst})
    rows = pd.DataFrame(found, columns=["school_id", "level", "grade", "class", "sex", "item", "rank"])
    names = {"good": 3, "middle": 2, "at_risk": 1}
    return {
        f"diagnostics.{name}": Part(rows, (rows["rank"] == rank).astype(int), ones(rows))
        for name, rank in names.items()
    }


def _rank(study: str, level: str) -> int:
    if study == "тревожность":
        return 3 if level in CALM else 2 if level == "средний" else 1
    return 3 if level in GOOD else 2 if level in MIDDLE else 1

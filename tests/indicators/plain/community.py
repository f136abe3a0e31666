"""Families, questionnaires, self-government, experts, diagnostics (procedures of 4.4 and row 21 of 4.6)."""

from __future__ import annotations

import re

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
    both = (rows["participating"] <= families).astype(int)
    seats = families * rows["meetings"]
    came = (rows["attendance"] <= seats).astype(int)
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
    own_themes = table["theme"].notna() & (table["audience"] == "родители")
    themes = table.assign(item=table["theme"])[fits & own_themes].reset_index(drop=True)
    return {
        "parents.theme_agree": Part(themes, (themes["score"] >= agree).astype(int), ones(themes)),
        "parents.theme_index": Part(themes, themes["score"], ones(themes)),
        "surveys.index": Part(rows, portion, ones(rows)),
        "surveys.agree": Part(rows, agrees, ones(rows)),
        "surveys.respondents": Part(forms, ones(forms)),
        "parents.satisfaction_index": Part(rows, portion * own, own),
        "parents.satisfaction": Part(rows, agrees * own, own),
    }


def response(school: School) -> Parts:
    """Questionnaires of parents that answer on satisfaction, to the families of classes of which these are known."""
    if not school.has("parents", "surveys"):
        return {}
    families, table = school.table("parents"), school.table("surveys")
    asked = (table["audience"] == "родители") & (table["theme"] == "удовлетворённость") & table["score"].between(0, 1)
    forms = table[asked].drop_duplicates(["school_id", "survey", "respondent", "class"])
    known = set(zip(families["school_id"], families["class"].where(families["families"] > 0), strict=True))
    pairs = zip(forms["school_id"], forms["class"], strict=True)
    forms = forms[[one is None or (school_id, one) in known for school_id, one in pairs]]
    families = families[families["school_id"].isin(table.loc[asked, "school_id"])]  # nobody was asked elsewhere
    both = pd.concat([families.assign(top=0, bottom=families["families"].fillna(0)), forms.assign(top=1, bottom=0)])
    both = both.reset_index(drop=True)
    return {"parents.response": Part(both, both["top"].astype(float), both["bottom"].astype(float))}


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
    rows = table[(table["score"] <= table["max_score"]) & (table["max_score"] > 0)].reset_index(drop=True)
    weight = rows["weight"].fillna(1)
    single = rows.assign(item=rows["item"] + ": " + rows["criterion"])
    return {
        "experts.score": Part(rows, rows["score"] * weight, rows["max_score"] * weight),
        "experts.criterion": Part(single, rows["score"], rows["max_score"]),
    }


STAGES = {"входная": 1, "промежуточная": 2, "итоговая": 3}
UPBRINGING = "уровень воспитанности"
_OWN = ["school_id", "level", "grade", "class", "sex"]


def diagnostics(school: School) -> Parts:
    """A pupil is in one of three groups by the worst of his scales; calm is a low level of anxiety."""
    if not school.has("diagnostics", "pupils"):
        return {}
    table = _scales(school)
    rows = _worst(table.assign(item=table["study"] + _stage(table)), ["item"])
    names = {"good": 3, "middle": 2, "at_risk": 1}
    young = table["grade"].isin(school.conventions.adaptation_grades) & (table["study"] != UPBRINGING)
    grade = table["grade"].map(lambda number: "" if pd.isna(number) else f", {int(number)} класс")
    begin = table.assign(item=table["matter"] + grade + _stage(table) + table["method"])[young].reset_index(drop=True)
    adapted, listed = _worst(begin, ["item"]), school.listed
    done = adapted[["school_id", "grade", "item"]].drop_duplicates()
    asked = done.merge(listed[["school_id", "pupil_id", "level", "grade", "class", "sex"]], on=["school_id", "grade"])
    known = set(zip(adapted["school_id"], adapted["pupil_id"], adapted["item"], strict=True))
    tested = [key in known for key in zip(asked["school_id"], asked["pupil_id"], asked["item"], strict=True)]
    people = _worst(_latest(begin, ["matter"]), ["matter"])
    people = people.assign(risk=(people["rank"] == 1).astype(int), one=1)
    people = people.groupby(["school_id", "pupil_id"], as_index=False, sort=False).agg(
        {**dict.fromkeys(_OWN[1:], "first"), "risk": "sum", "one": "sum"}
    )
    several = (people["one"] > 1).astype(int)
    nice = _worst(_latest(table[table["study"] == UPBRINGING].reset_index(drop=True), []), [])
    levels = {"high": 4, "good": 3, "middle": 2, "low": 1}
    return {
        **{f"diagnostics.{name}": _is(rows, "rank", rank) for name, rank in names.items()},
        **{f"adaptation.{name}": _is(adapted, "rank", rank) for name, rank in names.items()},
        "adaptation.tested": Part(asked, pd.Series(tested, index=asked.index, dtype=int), ones(asked)),
        "adaptation.any_risk": Part(people, (people["risk"] > 0).astype(int), ones(people)),
        "adaptation.several_risks": Part(people, (people["risk"] > 1).astype(int), several),
        **{f"upbringing.{name}": _is(nice, "step", step) for name, step in levels.items()},
        **_stages(table.assign(item=table["matter"] + grade.where(young, "") + table["method"])),
    }


def _scales(school: School) -> pd.DataFrame:
    """Scales with a level, with its place among three groups (rank) and among four (step)."""
    table = school.with_pupil(school.table("diagnostics"))
    table = table[table["result_level"].notna()].reset_index(drop=True)
    pairs = list(zip(table["study"], table["result_level"], strict=True))
    ranks = pd.Series([_rank(study, level) for study, level in pairs], index=table.index, dtype=int)
    best = pd.Series([study != "тревожность" and level == "высокий" for study, level in pairs], index=table.index)
    matter = table["study"].map(lambda study: re.sub(r" \d+ класса$", "", study))
    by = table["instrument"].map(lambda name: f" ({name})" if isinstance(name, str) else "")
    number = table["stage"].map(lambda stage: STAGES.get(stage, 0))
    more = {"rank": ranks, "step": ranks + best.astype(int), "matter": matter, "method": by, "number": number}
    return table.assign(**more)


def _stage(table: pd.DataFrame) -> pd.Series:
    return table["stage"].map(lambda stage: f", {stage}" if isinstance(stage, str) else "")


def _worst(table: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """A row a pupil (and ``by``) with the worst of the scales."""
    keys = ["school_id", "pupil_id", *by]
    rest = dict.fromkeys(_OWN[1:], "first")
    return table.groupby(keys, as_index=False, sort=False).agg({**rest, "rank": "min", "step": "min"})


def _latest(table: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The rows of a pupil's last stage (of ``by``)."""
    last = table.groupby(["school_id", "pupil_id", *by])["number"].transform("max")
    return table[table["number"] == last].reset_index(drop=True)


def _is(rows: pd.DataFrame, column: str, value: int) -> Part:
    return Part(rows, (rows[column] == value).astype(int), ones(rows))


def _stages(table: pd.DataFrame) -> Parts:
    found = []
    for _, lines in table[table["number"] > 0].groupby(["school_id", "pupil_id", "item"], sort=False):
        worst = lines.groupby("number")["step"].min().sort_index()
        if len(worst) > 1:
            own = lines.iloc[0][[*_OWN, "item"]].to_dict()
            found.append({**own, "change": int(worst.iloc[-1] - worst.iloc[0])})
    rows = pd.DataFrame(found, columns=[*_OWN, "item", "change"])
    up, down = (rows["change"] > 0).astype(int), (rows["change"] < 0).astype(int)
    return {"diagnostics.risen": Part(rows, up, ones(rows)), "diagnostics.fallen": Part(rows, down, ones(rows))}


def _rank(study: str, level: str) -> int:
    if study == "тревожность":
        return 3 if level in CALM else 2 if level == "средний" else 1
    return 3 if level in GOOD else 2 if level in MIDDLE else 1

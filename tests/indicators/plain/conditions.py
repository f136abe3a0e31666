"""Conditions (rows 29–33 of 4.6): rates by subject, sanitary rules, programmes, canteen, rooms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pandas as pd

from plain.base import Part, Parts, School, ones, somebody, told, yes


def staffing(school: School) -> Parts:
    if not school.has("staffing"):
        return {}
    rows = school.table("staffing")
    rows = rows[rows["rates_planned"] > 0].reset_index(drop=True)
    planned = rows["rates_planned"]

    def covered(column: str) -> tuple[pd.Series, pd.Series]:
        """Rates that are covered, at most the plan of each subject; and the plan where the column is filled in."""
        known = told(rows[column])
        return np.minimum(rows[column].fillna(0), planned) * known, planned * known

    filled, of_filled = covered("rates_filled")
    return {
        "conditions.staffing": Part(rows, *covered("rates_qualified")),
        "conditions.staffing_filled": Part(rows, filled, of_filled),
        "conditions.vacancies": Part(rows, (of_filled - filled).where(rows["rates_filled"].notna())),
    }


def _conditions(school: School) -> pd.DataFrame:
    rows = school.table("conditions")
    rows["thing"], rows["words"] = rows["item"], rows["item"].map(lambda text: str(text).lower())
    rows["item"] = rows["area"]
    left = (rows["violations"].fillna(0) - rows["violations_fixed"].fillna(0)).clip(lower=0)
    rows["open"] = left.where(somebody(rows, rows["violations"].notna()) == 1)
    answered = rows["flag"].notna() | rows["violations"].notna()
    fine = rows["flag"].map(lambda answer: answer is None or bool(answer)) & (left == 0)
    measured = rows["number"].notna() & rows["norm"].notna()
    enough = (rows["number"] >= rows["norm"]).astype(float)
    rows["met"] = np.where(answered, fine.astype(float), np.where(measured, enough, np.nan))
    return rows


def conditions(school: School) -> Parts:
    if not school.has("conditions"):
        return {}
    rows = _conditions(school)
    met, sanitary = rows["met"], (rows["area"] == "санитарные требования").astype(int)
    rooms = rows[(rows["area"] == "кабинеты") & rows["number"].notna() & (rows["norm"] > 0)].reset_index(drop=True)
    rooms["item"] = rooms["place"].where(rooms["place"].notna(), rooms["thing"])
    return {
        "conditions.sanpin": Part(rows, met.fillna(0) * sanitary, told(met) * sanitary),
        "conditions.sanpin_open": Part(rows, rows["open"].where(sanitary == 1)),
        "conditions.met": Part(rows, met.fillna(0), told(met)),
        "conditions.open_violations": Part(rows, rows["open"]),
        "conditions.unmet": Part(rows, 1 - met),
        **_unmet(rows[met == 0].reset_index(drop=True)),
        **_documents(school, rows[rows["valid_until"].notna()].reset_index(drop=True)),
        "conditions.equipment": Part(rooms, np.minimum(rooms["number"], rooms["norm"]), rooms["norm"]),
        **_flags(rows),
    }


def _called(rows: pd.DataFrame) -> list[str]:
    """«раздел: показатель (помещение)», an initial capital of a plain word made small."""
    found = []
    for area, thing, place in zip(rows["area"], rows["thing"], rows["place"], strict=True):
        plain = len(thing) > 1 and thing[0].isupper() and thing[1].islower()
        found.append(f"{area}: {thing[0].lower() + thing[1:] if plain else thing}{f' ({place})' if place else ''}")
    return found


def _unmet(rows: pd.DataFrame) -> Parts:
    rows = rows.assign(item=_called(rows))
    short = rows["number"] < rows["norm"]
    return {
        "conditions.unmet_each": Part(rows, (~short).astype(int)),
        "conditions.unmet_level": Part(rows, rows["number"].where(short, 0), rows["norm"].where(short, 0)),
    }


def _documents(school: School, rows: pd.DataFrame) -> Parts:
    rows = rows.assign(item=_called(rows))
    last = school.end + timedelta(days=school.conventions.expiring_days)
    ends = rows["valid_until"]
    return {
        "conditions.expired": Part(rows, ends.map(lambda day: int(day < school.end))),
        "conditions.expiring": Part(rows, ends.map(lambda day: int(school.end <= day < last))),
    }


def _flags(rows: pd.DataFrame) -> Parts:
    """Yes or no of each school: «да» of one of the lines that ask for it, or a number above nought."""

    def has(area: str, words: tuple[str, ...], numbers: bool) -> Callable[[pd.DataFrame], float]:
        def one(school: pd.DataFrame) -> float:
            asked = school[(school["area"] == area) & school["words"].map(lambda text: any(w in text for w in words))]
            answers = [
                bool(flag) if flag is not None else number > 0
                for flag, number in zip(asked["flag"], asked["number"], strict=True)
                if flag is not None or (numbers and number == number)
            ]
            return float(any(answers)) if answers else np.nan

        return one

    def sanitary(school: pd.DataFrame) -> float:
        judged = school.loc[school["area"] == "санитарные требования", "met"].dropna()
        return float((judged == 1).all()) if len(judged) else np.nan

    rules = {
        "conditions.sanpin_flag": sanitary,
        "conditions.canteen": has("питание", ("столов",), True),
        "conditions.medical_room": has("медицинский кабинет", ("кабинет", "лиценз"), False),
        "conditions.internet": has("информатизация", ("интернет",), True),
        "conditions.licence": has("лицензия и аккредитация", ("лиценз",), False),
    }
    schools = rows[["school_id"]].drop_duplicates().reset_index(drop=True)
    parts: Parts = {}
    for name, rule in rules.items():
        answers = pd.Series([rule(rows[rows["school_id"] == one]) for one in schools["school_id"]], dtype=float)
        parts[name] = Part(schools, answers.fillna(0), told(answers))
    return parts


def computers(school: School) -> Parts:
    """Computers for pupils of the schools that gave their number, to all pupils of these schools."""
    if not school.has("conditions", "pupils"):
        return {}
    rows = _conditions(school)
    asked = (rows["area"] == "информатизация") & rows["words"].str.contains("компьютер")
    asked &= rows["words"].str.contains("обуча|учащ|учени") & rows["number"].notna()
    sizes = school.listed.groupby("school_id").size()
    each = rows[asked].groupby("school_id")["number"].sum()
    both = [one for one in each.index if one in sizes.index]
    schools = pd.DataFrame({"school_id": pd.Series(both, dtype=object)})
    number, size = (pd.Series([got[one] for one in both], dtype=float) for got in (each, sizes))
    return {"conditions.computers_per_pupil": Part(schools, number, size)}


def programmes(school: School) -> Parts:
    if not school.has("programmes"):
        return {}
    table = school.table("programmes")
    rows = table.drop_duplicates(["school_id", "programme_id"]).reset_index(drop=True)
    rows["item"] = rows["direction"]
    both = told(rows["places"]) * told(rows["enrolled"])
    parts = {
        "conditions.programmes": Part(rows, ones(rows)),
        "conditions.programme_places": Part(rows, rows["enrolled"].fillna(0) * both, rows["places"].fillna(0) * both),
        "conditions.programme_enrolled": Part(rows, rows["enrolled"].where(both == 1)),
        "conditions.programme_fill": _fill(rows),
        "conditions.programmes_compliant": Part(rows, yes(rows["compliant"]), told(rows["compliant"])),
    }
    if school.has("pupils"):
        schools = school.listed[["school_id"]].drop_duplicates()
        has = schools["school_id"].isin(table["school_id"]).astype(int)
        parts["conditions.additional_education"] = Part(schools, has, ones(schools))
    return parts


def _fill(rows: pd.DataFrame) -> Part:
    """Each programme by its name; without a name by its code."""
    own = rows[rows["enrolled"].notna() & (rows["places"] > 0)].reset_index(drop=True)
    own["item"] = own["name"].where(own["name"].notna(), own["programme_id"])
    return Part(own, own["enrolled"], own["places"])

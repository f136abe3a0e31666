"""Olympiads, contests and conferences: unique pupils, however often each took part (formulas, 10: rows 2, 12–14)."""

from __future__ import annotations

import pandas as pd

from plain.base import Part, Parts, School, among, answered, ones, shares

PRIZES = ["победитель", "призёр"]
KINDS = [
    "предметная олимпиада", "олимпиада", "конкурс", "соревнование", "научно-практическая конференция", "смотр",
    "фестиваль", "иное",
]  # fmt: skip
LEVELS = ["школьный", "муниципальный", "региональный", "межрегиональный", "всероссийский", "международный"]


def contests(school: School) -> Parts:
    if not school.has("contests", "pupils"):
        return {}
    listed, table = school.listed, school.table("contests")
    level, prized = table["event_level"], table["result"].isin(PRIZES)
    subject = table["kind"] == "предметная олимпиада"
    stage = subject & level.isin(["муниципальный", "региональный"])
    won = stage & table["result"].isin(school.conventions.winning_results)
    of_age = listed["grade"].isin(school.conventions.olympiad_grades).astype(int)

    def took(some: pd.Series) -> pd.Series:
        return among(listed, table[some])

    every = pd.Series(True, index=table.index)
    tops = {
        "outcomes.contest_participation": took(every),
        "external.events": took(level.notna() & (level != "школьный")),
        "order1324.1_18": took(every),
        "order1324.1_19": took(prized),
        "order1324.1_19_1": took(prized & level.isin(["региональный", "межрегиональный"])),
        "order1324.1_19_2": took(prized & (level == "всероссийский")),
        "order1324.1_19_3": took(prized & (level == "международный")),
    }
    kinds = answered(listed, table, table["kind"].notna())
    municipal = took(subject & (level == "муниципальный"))
    return {
        **shares(listed, **tops),
        "outcomes.conference_participation": Part(
            listed, took(table["kind"] == "научно-практическая конференция"), kinds
        ),
        "health.competitions": Part(listed, took(table["kind"] == "соревнование"), kinds),
        "external.olympiad_winners": Part(listed, took(won), kinds),
        "external.municipal_olympiad": Part(listed, municipal * of_age, of_age * kinds),
        "external.olympiad_success": Part(listed, took(won), took(stage)),
        **_by_level(listed, table, prized),
        **_by_kind(listed, table, kinds),
        **_entries(school),
    }


def _by_level(listed: pd.DataFrame, table: pd.DataFrame, prized: pd.Series) -> Parts:
    rows = pd.concat([listed.assign(item=level) for level in LEVELS], ignore_index=True)
    part = pd.concat([among(listed, table[table["event_level"] == level]) for level in LEVELS], ignore_index=True)
    prize = pd.concat(
        [among(listed, table[prized & (table["event_level"] == level)]) for level in LEVELS], ignore_index=True
    )
    return {
        "external.events_by_level": Part(rows, part, ones(rows)),
        "external.prizes_by_level": Part(rows, prize, ones(rows)),
    }


def _by_kind(listed: pd.DataFrame, table: pd.DataFrame, known: pd.Series) -> Parts:
    """Every kind for every pupil: a kind in which nobody took part is nought, in a school that names kinds at all."""
    kinds = sorted({*KINDS, *table["kind"].dropna()})
    rows = pd.concat([listed.assign(item=kind) for kind in kinds], ignore_index=True)
    part = pd.concat([among(listed, table[table["kind"] == kind]) for kind in kinds], ignore_index=True)
    return {"contests.kinds": Part(rows, part, pd.concat([known] * len(kinds), ignore_index=True))}


def _entries(school: School) -> Parts:
    """A row is one pupil in one event."""
    rows = school.with_pupil(school.table("contests")).reset_index(drop=True)
    rows["item"] = rows["event_level"]
    parts: Parts = {}
    for prefix, some in (("", rows), ("olympiad_", rows[rows["kind"] == "предметная олимпиада"])):
        own = some.reset_index(drop=True)
        known = own["result"].notna()
        winner, placed = ((own["result"] == word).astype(float).where(known) for word in PRIZES)
        prized = own["result"].isin(PRIZES).astype(int)
        parts |= {
            f"contests.{prefix}entries": Part(own, ones(own)),
            f"contests.{prefix}winners": Part(own, winner),
            f"contests.{prefix}prize_winners": Part(own, placed),
            f"contests.{prefix}yield": Part(own, prized, known.astype(int)),
        }
    return parts

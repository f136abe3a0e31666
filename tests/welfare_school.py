"""Clean tables for the notes adaptation, health and upbringing: two classes of grades 1, 5 and 9, and 6Б of seven."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from note_school import put, tables, workspace

from soko.periods import Period
from soko.workspace import Workspace

SIZES = {"1А": 24, "1Б": 22, "5А": 25, "5Б": 23, "6А": 7, "9А": 21}
AUTUMN, SPRING = Period.parse("2025-2026/q1"), Period.parse("2025-2026/year")
#: Study, grade, method, levels from good to bad.
_STUDIES = [
    ("готовность к школе", 1, "Карта готовности", ["высокий", "средний", "низкий"]),
    ("адаптация 1 класса", 1, "Карта наблюдения", ["адаптация", "неполная адаптация", "дезадаптация"]),
    ("адаптация 5 класса", 5, "Анкета адаптации", ["адаптация", "неполная адаптация", "дезадаптация"]),
    ("тревожность", 5, "Тест Филлипса", ["норма", "повышенный", "высокий"]),
]
_PLAN = "планирование воспитательной работы"


def _levels(count: int, bad: float, names: list[str], seed: int) -> list[str]:
    chances = [0.5, 0.5 - bad, bad]
    return [names[int(i)] for i in np.random.default_rng(seed).choice(3, size=count, p=chances)]


def diagnostics(pupils: pd.DataFrame, bad: float, later: bool = False) -> pd.DataFrame:
    """Every pupil of the studied grades; ``later`` adds a second stage in which one level in three is better."""
    rows = []
    for at, (study, grade, method, names) in enumerate(_STUDIES):
        own = pupils[pupils["grade"] == grade]
        found = _levels(len(own), bad, names, at)
        for stage in ("входная", "итоговая")[: 1 + later]:
            for i, (who, level) in enumerate(zip(own["pupil_id"], found, strict=True)):
                better = names[max(0, names.index(level) - (i % 3 == 0))] if stage == "итоговая" else level
                rows.append(("sosh4", who, study, method, stage, "итог", better))
    columns = ["school_id", "pupil_id", "study", "instrument", "stage", "scale", "result_level"]
    return pd.DataFrame(rows, columns=columns)


def year(pupils: pd.DataFrame, shift: int) -> dict[str, pd.DataFrame]:
    """What is handed in once a year; with ``shift`` it is a little worse."""
    ids, count = list(pupils["pupil_id"]), len(pupils)
    at = np.arange(count)
    older = pupils[pupils["grade"] > 4]
    level = ["высокий", "хороший", "средний", "низкий"]
    health = {
        "age": pupils["grade"] + 7,
        "health_group": np.select([at % 5 == 0, at % 5 < 4], ["I", "II"], "III"),
        "pe_group": np.select([at % 9 == 0, at % 50 == 1], ["подготовительная", "специальная А"], "основная"),
        "deviation_at_entry": at % 7 == 0,
        "deviation_now": (at % 5 == 4) | ((pupils["grade"] == 9) & (at % 2 == 0)),
        "sport": at % 2 == 0,
        "section": np.where(at % 3 == 0, "плавание", "нет"),
        "illness_cases": (at + shift) % 3,
        "illness_days": (at + shift) % 3 * (2 + shift),
        "hot_meals": (pupils["grade"] != 9) | (at % 4 > shift),
    }
    registers = [(ids[-1], "ОПДН", date(2025, 10, 1), 1), (ids[-2], "внутришкольный", date(2025, 9, 5), 0)]
    conditions = [
        ("медицинский кабинет", "Лицензия на медицинскую деятельность", True),
        ("медицинский кабинет", "Оснащение", shift == 0),
        ("профилактика", "Прививки", True),
        ("питание", "Столовая", True),
        ("воспитательная работа", "Программа воспитания", True),
    ]
    themes = [("родители", "удовлетворённость"), ("обучающиеся", "воспитательная работа"), ("родители", "открытость")]
    answers = [
        ("Анкета", whom, str(i), "5А", f"О чём: {theme}", theme, (0.75 if (i + k + shift) % 4 else 0.25))
        for k, (whom, theme) in enumerate(themes)
        for i in range(30)
    ]
    experts = [
        (_PLAN, thing, expert, 5 - shift - k, 5, 1) for k, thing in enumerate(("Цели", "Сроки")) for expert in "123"
    ]
    councils = [("Совет класса", "классный", 5, i > shift, 3, 3) for i in range(10)]
    activities = [
        (who, "5А", "Хор", "внеурочная деятельность", ("социальное", "трудовое")[i % 2])
        for i, who in enumerate(ids)
        if i % 4 > shift
    ]
    made = {
        "health": pd.DataFrame({"pupil_id": ids, "class": pupils["class"], **health}),
        "diagnostics": pd.DataFrame(
            {
                "pupil_id": older["pupil_id"],
                "study": "уровень воспитанности",
                "instrument": "Капустин",
                "stage": "итоговая",
                "scale": "итог",
                "result_level": [level[(i + shift) % 4 if i % 9 else 3] for i in range(len(older))],
            }
        ),
        "registers": pd.DataFrame(
            registers[: 1 + shift], columns=["pupil_id", "register", "registered_on", "offences"]
        ).assign(removed_on=None, crimes=0),
        "conditions": pd.DataFrame(conditions, columns=["area", "item", "flag"]),
        "surveys": pd.DataFrame(
            answers, columns=["survey", "audience", "respondent", "class", "question", "theme", "score"]
        ),
        "self_government": pd.DataFrame(
            [("Совет", "школьный", 9, True, 5, 4), *councils],
            columns=["body", "scope", "members", "plan", "decisions", "executed"],
        ),
        "expert_scores": pd.DataFrame(
            experts, columns=["object", "criterion", "expert", "score", "max_score", "weight"]
        ),
        "activities": pd.DataFrame(activities, columns=["pupil_id", "class", "activity", "kind", "direction"]),
        "staff": pd.DataFrame(
            {
                "staff_id": [f"t{i}" for i in range(14)],
                "staff_group": ["педагогический"] * 11 + ["иной"] * 3,
                "position": "учитель",
                "illness_days": [i % 4 + shift for i in range(14)],
            }
        ),
    }
    return {name: frame.assign(school_id="sosh4") for name, frame in made.items()}


def school(folder: Path) -> Workspace:
    """Autumn with the last term and the autumn before; the school year with the one before."""
    place = workspace(folder)
    for period, shift, bad in ((AUTUMN, {"5Б": -0.9}, 0.3), (AUTUMN.year_ago(), {}, 0.05)):
        made = tables(SIZES, shift, 3)
        put(place, period, {**made, "diagnostics": diagnostics(made["pupils"], bad)})
    put(place, AUTUMN.previous(), tables({"4А": 25, "4Б": 23, "8А": 21}, {}, 3))
    for period, shift in ((SPRING, 1), (SPRING.previous(), 0)):
        made = tables(SIZES, {}, 3)
        put(place, period, {**made, **year(made["pupils"], shift)})
    return place

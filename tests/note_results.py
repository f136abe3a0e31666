"""Clean tables of works, exams, contests, graduates for tests of their notes: made of seeded dice, as note_school."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

SIZES = {"4А": 22, "4Б": 20, "7А": 21, "7Б": 23, "9А": 20, "9Б": 18, "11А": 16}
_LEVELS = {4: "НОО", 7: "ООО", 9: "ООО", 11: "СОО"}


def people(sizes: dict[str, int] = SIZES) -> pd.DataFrame:
    """The list of pupils."""
    return pd.DataFrame([_pupil(name, i) for name, size in sizes.items() for i in range(size)])


def _pupil(name: str, i: int) -> dict[str, object]:
    grade = int(name[:-1])
    code = f"p_{name}{i:03d}"
    return {
        "school_id": "sosh4", "pupil_id": code, "class": name, "grade": grade, "level": _LEVELS[grade],
        "sex": "мж"[i % 2],
    }  # fmt: skip


def exams(shift: dict[str, float], seed: int, sizes: dict[str, int] = SIZES) -> pd.DataFrame:
    """ВПР of grades 4 and 7, the monitoring of grade 4, ОГЭ, ЕГЭ (both levels of mathematics), a regional study.

    ``shift``: subject in a parallel («Математика 7») or exam → easier or harder.
    """
    dice = np.random.default_rng(seed)
    rows: list[dict[str, object]] = []

    def mark(key: str) -> str:
        score = dice.normal(0.25 + shift.get(key, 0), 0.9)
        return "5" if score > 1.1 else "4" if score > 0 else "3" if score > -1.6 else "2"

    for pupil in people(sizes).to_dict("records"):
        own = {name: pupil[name] for name in ("school_id", "pupil_id", "class", "grade", "level")}
        grade, at = pupil["grade"], int(str(pupil["pupil_id"])[-3:])
        if grade in (4, 7):
            for subject in ("Математика", "Русский язык"):
                got = mark(f"{subject} {grade}")
                before = min(5, int(got) + int(dice.random() < 0.12 + shift.get(f"журнал {pupil['class']}", 0)))
                rows.append(own | {"exam": "ВПР", "subject": subject, "mark": got, "term_mark": str(before)})
        if grade == 4:
            rows.append(own | {"exam": "мониторинг 4 класса", "subject": "Литературное чтение", "mark": mark("чтение")})
        if grade == 7:
            got = mark("исследование")
            points = {"primary_score": 4.0 * int(got), "max_primary": 20.0}
            rows.append(own | {"exam": "региональное исследование", "subject": "География", "mark": got, **points})
        if grade == 9:
            chosen = "География" if at % 2 else "Химия"
            rows += [own | {"exam": "ОГЭ", "subject": name, "mark": mark(name)} for name in ("Русский язык", chosen)]
        if grade == 11:
            profile = at % 3 != 0
            level = {"exam_level": "профильный" if profile else "базовый"}
            result = {"score": float(dice.integers(40, 95)), "minimum": 27.0} if profile else {"mark": mark("база")}
            rows.append(own | {"exam": "ЕГЭ", "subject": "Математика", **level, **result})
            russian = float(np.clip(dice.normal(66 + 8 * shift.get("ЕГЭ", 0), 12), 30, 100).round())
            rows.append(own | {"exam": "ЕГЭ", "subject": "Русский язык", "score": russian, "minimum": 24.0})
    return pd.DataFrame(rows)


def contests(seed: int, often: float = 0.2, sizes: dict[str, int] = SIZES) -> pd.DataFrame:
    """Contests of every level and the municipal stage of the olympiad; nobody of 9Б takes part in anything."""
    dice = np.random.default_rng(seed)
    rows: list[dict[str, object]] = []
    for pupil in people(sizes).to_dict("records"):
        if pupil["class"] == "9Б":
            continue
        own = {name: pupil[name] for name in ("school_id", "pupil_id", "class", "grade", "level")}
        for level in ("школьный", "муниципальный", "всероссийский"):
            if dice.random() < often:
                result = ("победитель", "призёр", "участник")[int(dice.choice(3, p=(0.1, 0.25, 0.65)))]
                rows.append(
                    own | {"event": f"Конкурс {level}", "kind": "конкурс", "event_level": level, "result": result}
                )
        if int(str(pupil["grade"])) >= 7 and dice.random() < often:
            subject = ("Математика", "Химия")[int(dice.integers(2))]
            result = "призёр" if subject == "Математика" and dice.random() < 0.4 else "участник"
            olympiad = {"event": "ВсОШ", "kind": "предметная олимпиада", "event_level": "муниципальный"}
            rows.append(own | olympiad | {"subject": subject, "result": result})
    return pd.DataFrame(rows).assign(held_on=date(2026, 4, 20))


def graduates(seed: int, sizes: dict[str, int] = SIZES, *, destinations: bool = True) -> pd.DataFrame:
    """Those of grades 9 and 11: one of 9А without a certificate; one works nowhere, of one nobody knows."""
    dice = np.random.default_rng(seed)
    rows: list[dict[str, object]] = []
    for at, pupil in enumerate(row for row in people(sizes).to_dict("records") if row["grade"] in (9, 11)):
        own = {name: pupil[name] for name in ("school_id", "pupil_id", "class", "grade", "level")}
        where = ("10 класс", "СПО") if pupil["grade"] == 9 else ("вуз", "работает")
        went = where[int(dice.random() < 0.35)] if at > 1 else ("не работает и не учится", "нет сведений")[at]
        own |= {"certificate": at > 0, "honours": "аттестат с отличием" if at % 17 == 5 else "нет"}
        if destinations:
            own |= {"destination": went, "by_profile": at % 4 > 0 if went == "вуз" else None}
        rows.append(own)
    return pd.DataFrame(rows)


def references(value: float) -> pd.DataFrame:
    """The region's mean mark in Russian of ОГЭ and quality of ВПР in mathematics of grade 7."""
    common = {
        "school_id": "sosh4",
        "school_year": "2025/2026",
        "scope": "регион",
        "territory": "Край",
        "source": "Отчёт",
    }
    return pd.DataFrame(
        [
            common | {"indicator": "external.gia9", "subject": "Русский язык", "parallel": None, "value": value},
            common | {"indicator": "vpr.quality", "subject": "Математика", "parallel": 7, "value": 95.0},
        ]
    ).assign(item=None, numerator=None, denominator=None, unit=None, published_on=None)

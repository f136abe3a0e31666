"""Staff (formulas, 9): people, not lines of the tariff list; without outside part-timers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd

from plain.base import Part, Parts, School, named, ones, somebody, told, yes

HIGHER = {"высшее педагогическое", "высшее"}
VOCATIONAL = {"среднее профессиональное педагогическое", "среднее профессиональное"}


def years_before(day: date, years: int) -> date:
    """The same day ``years`` ago; 28 February for 29 February."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year - years, day=last)


WINNERS = ["победитель", "призёр", "лауреат"]
CATEGORY_YEARS, FOR_EVER_SINCE = 5, date(2023, 9, 1)  # orders 276 (2014) and 196 (2023)


def _terms(lines: pd.DataFrame) -> list[date]:
    """Where the categories of a worker's lines end; those given since September 2023 never do."""
    given = zip(lines["category"], lines["category_date"], strict=True)
    return [
        years_before(day, -CATEGORY_YEARS)
        for category, day in given
        if category in ("высшая", "первая") and day is not None and date(2011, 1, 1) <= day < FOR_EVER_SINCE
    ]


def _people(school: School) -> pd.DataFrame:
    rows = school.table("staff")
    rows = rows[yes(rows["external"]) == 0].reset_index(drop=True)
    who = [one if one is not None else f"nobody {i}" for i, one in enumerate(rows["staff_id"])]
    people = [
        _person(group, school.end) for _, group in rows.groupby([rows["school_id"], pd.Series(who, dtype=object)])
    ]
    return pd.DataFrame(people, columns=list(_person(rows.head(0), school.end)))


def _person(lines: pd.DataFrame, end: date) -> dict[str, Any]:
    groups = [group or "педагогический" for group in lines["staff_group"]]
    posts = [str(post).lower() for post in lines["position"]]
    days = [day for day in lines["training_date"] if day is not None]
    past = [day for day in days if day <= end]
    written = {name: [value for value in lines[name] if value is not None] for name in ("education", "category")}
    contests = lines["contest_level"].notna() | lines["contest_result"].notna()

    def answer(column: str) -> Any:
        given = [bool(value) for value in lines[column] if value is not None]
        return any(given) if given else None

    return {
        "school_id": lines["school_id"].iloc[0] if len(lines) else None,
        "pedagogue": "педагогический" in groups,
        "in_training": bool({"педагогический", "руководящий", "административно-хозяйственный"} & set(groups)),
        "is_teacher": any(post.startswith("учитель") and not post.startswith("учитель-") for post in posts),
        "education": set(written["education"]) or None,
        "category": set(written["category"]) or None,
        "age": lines["age"].max(),
        "years": lines["teaching_years"].max(),
        "told_training": bool(days),
        "trained": max(past) if past else None,
        "fgos": answer("training_fgos"),
        "ict": answer("ict"),
        "told_technologies": bool(lines["technologies"].notna().any()),
        "technologies": bool(named(lines["technologies"]).any()),
        "talks": lines["talks"].max(),
        "ill": lines["illness_days"].max(),
        "in_contest": bool(contests.any()),
        "winner": bool(lines["contest_result"].isin(WINNERS).any()),
        "told_expert": bool(lines["expert_role"].notna().any()),
        "expert": any(role not in (None, "нет") for role in lines["expert_role"]),
        "told_term": bool((lines["category"].isin(["высшая", "первая"]) & lines["category_date"].notna()).any()),
        "category_until": max(ends) if (ends := _terms(lines)) else None,
    }


def pedagogues(school: School) -> Parts:
    if not school.has("staff"):
        return {}
    people = _people(school)
    rows = people[people["pedagogue"].astype(bool)].reset_index(drop=True)
    taught, category = rows["education"], rows["category"]
    higher = taught.map(lambda got: bool(got) and bool(HIGHER & got))
    highest = category.map(lambda got: bool(got) and "высшая" in got)
    first = category.map(lambda got: bool(got) and "первая" in got) & ~highest
    years, age = rows["years"].astype(float), rows["age"].astype(float)
    since = years_before(school.end, 3)
    teacher = rows["is_teacher"].astype(int)

    def part(top: pd.Series, filled: pd.Series) -> Part:
        """Of all pedagogues of a school in which anybody's column is filled in; of another school nobody counts."""
        told_by = somebody(rows, filled.astype(bool))
        return Part(rows, top.astype(int) * told_by, told_by)

    has_category, has_education, has_years = category.notna(), taught.notna(), years.notna()
    first_part, highest_part = part(first, has_category), part(highest, has_category)
    any_category, number = part(first | highest, has_category), Part(rows, ones(rows))
    with_ict, with_technologies = (
        part(yes(rows["ict"]), rows["ict"].notna()),
        part(rows["technologies"], rows["told_technologies"]),
    )
    return {
        "teachers.technologies": _only(with_technologies, teacher),
        "teachers.ict": _only(with_ict, teacher),
        "teachers.first_category": first_part,
        "teachers.highest_category": highest_part,
        "teachers.category": any_category,
        "teachers.training": part(
            rows["trained"].map(lambda day: day is not None and day >= since), rows["told_training"]
        ),
        "teachers.rmo_talks": part(rows["talks"].astype(float) > 0, rows["talks"].notna()),
        "teachers.contests": part(rows["in_contest"], rows["in_contest"]),
        "teachers.contest_winners": part(rows["winner"], rows["in_contest"]),
        "teachers.experts": part(rows["expert"], rows["told_expert"]),
        "teachers.without_category": part(~(first | highest), has_category),
        "teachers.category_expired": _counted(rows, lambda day: day <= school.end),
        "teachers.category_expiring": _counted(
            rows, lambda day: school.end < day <= years_before(school.end, -1)
        ),
        "teachers.pedagogues": number,
        "teachers.mean_age": Part(rows, age.fillna(0), told(age)),
        "order1324.1_24": number,
        "order1324.1_25": part(higher, has_education),
        "order1324.1_26": part(taught.map(lambda got: bool(got) and "высшее педагогическое" in got), has_education),
        "order1324.1_27": part(taught.map(lambda got: bool(got) and bool(VOCATIONAL & got)) & ~higher, has_education),
        "order1324.1_28": part(
            taught.map(lambda got: bool(got) and "среднее профессиональное педагогическое" in got) & ~higher,
            has_education,
        ),
        "order1324.1_29": any_category,
        "order1324.1_29_1": highest_part,
        "order1324.1_29_2": first_part,
        "order1324.1_30": part((years < 5) | (years > 30), has_years),
        "order1324.1_30_1": part(years < 5, has_years),
        "order1324.1_30_2": part(years > 30, has_years),
        "order1324.1_31": part(age < 30, age.notna()),
        "order1324.1_32": part(age >= 55, age.notna()),
    }  # fmt: skip


def _counted(rows: pd.DataFrame, rule: Callable[[date], bool]) -> Part:
    """Workers with a category whose term ``rule`` chooses; no figure where nobody has told when it was given."""
    found = rows["category_until"].map(lambda day: float(day is not None and day == day and rule(day)))
    return Part(rows, found.where(somebody(rows, rows["told_term"].astype(bool)) == 1))


def pedagogues_by_item(school: School) -> Parts:
    """Roles of experts and levels of contests: a worker once in each, whichever of his lines tells of it."""
    if not school.has("staff"):
        return {}
    table = school.table("staff")
    table = table[yes(table["external"]) == 0].reset_index(drop=True)
    who = [one if one is not None else f"nobody {i}" for i, one in enumerate(table["staff_id"])]
    table = table.assign(who=who, own=table["staff_group"].map(lambda group: group in (None, "педагогический")))
    table = table[table.groupby(["school_id", "who"])["own"].transform("any")] if len(table) else table
    roles = table[table["expert_role"].notna() & (table["expert_role"] != "нет")]
    roles = roles.assign(item=roles["expert_role"]).drop_duplicates(["school_id", "who", "item"])
    levels = table[table["contest_level"].notna()]
    levels = levels.assign(item=levels["contest_level"], won=levels["contest_result"].isin(WINNERS))
    levels = levels.sort_values("won", ascending=False).drop_duplicates(["school_id", "who", "item"])
    return {
        "teachers.expert_role": Part(roles, ones(roles)),
        "teachers.contest_level": Part(levels, ones(levels)),
        "teachers.contest_level_winners": Part(levels, levels["won"].astype(int)),
    }


def _only(part: Part, some: pd.Series) -> Part:
    assert part.bottom is not None
    return Part(part.rows, part.top * some, part.bottom * some)


def illness(school: School) -> Parts:
    """Days of illness: of a worker with several posts the greatest number."""
    if not school.has("staff"):
        return {}
    people = _people(school)
    rows = people[people["ill"].notna()].reset_index(drop=True)
    kind = rows["pedagogue"].map(lambda yes: "педагогические работники" if yes else "другие работники")
    return {"health.staff_illness_days": Part(rows.assign(item=kind), rows["ill"].astype(float), ones(rows))}


def training(school: School) -> Parts:
    """1.33 and 1.34: five years, and the base has managers and administrators, too."""
    if not school.has("staff"):
        return {}
    people = _people(school)
    rows = people[people["in_training"].astype(bool)].reset_index(drop=True)
    since = years_before(school.end, 5)
    lately = rows["trained"].map(lambda day: int(day is not None and day >= since))
    return {
        "order1324.1_33": Part(rows, lately, somebody(rows, rows["told_training"].astype(bool))),
        "order1324.1_34": Part(rows, yes(rows["fgos"]), somebody(rows, rows["fgos"].notna())),
    }


def lessons(school: School) -> Parts:
    """A lesson has a line for each criterion: worker, class, subject and date make one lesson."""
    if not school.has("lesson_visits"):
        return {}
    table, found = school.table("lesson_visits"), []
    who = ["school_id", "staff_id", "class", "subject", "visited_on"]
    for _, lines in table.groupby([table[name] for name in who], dropna=False, sort=False):
        judged = lines[lines["score"].notna() & (lines["max_score"] > 0)]
        answers = [bool(value) for value in lines["ict"] if value is not None]
        found.append(
            {
                **lines.iloc[0][["school_id", "level", "subject"]].to_dict(),
                "ict": any(answers),
                "told_ict": bool(answers),
                "technology": bool(named(lines["technology"]).any()),
                "told_technology": bool(lines["technology"].notna().any()),
                "score": judged["score"].sum(),
                "max": judged["max_score"].sum(),
            }
        )
    names = ["school_id", "level", "subject", "ict", "told_ict", "technology", "told_technology", "score", "max"]
    rows = pd.DataFrame(found, columns=names)
    asked = somebody(rows, rows["told_technology"].astype(bool))
    marked = table[table["score"].notna() & (table["max_score"] > 0)].rename(columns={"criterion": "item"})
    return {
        "teachers.lessons": Part(rows, ones(rows)),
        "teachers.lesson_criterion": Part(marked, marked["score"], marked["max_score"]),
        "teachers.technology_lessons": Part(rows, rows["technology"].astype(int), asked),
        "teachers.ict_lessons": Part(rows, rows["ict"].astype(int), rows["told_ict"].astype(int)),
        "teachers.lesson_score": Part(rows, rows["score"], rows["max"]),
    }

"""The list of pupils: movement, classes, the general number of order 1324 (formulas, 3), and absences."""

from __future__ import annotations

import pandas as pd

from plain.base import Part, Parts, School, ones, somebody, told, yes


def _by_classes(school: School) -> pd.DataFrame:
    """A row for each class in which a pupil was during the period: who changed his class has two."""
    rows = []
    for _, pupil in school.pupils.iterrows():
        if not (pupil["at_start"] or pupil["at_end"] or pupil["arrived"] or pupil["gone"]):
            continue
        own = pupil[["school_id", "level", "grade", "class", "sex"]].to_dict()
        day, before = pupil["moved_on"], pupil["moved_from"]
        changed = day is not None and school.opening < day <= school.end and before is not None
        changed = changed and before != pupil["class"]
        came = {"start": pupil["at_start"], "arrived": pupil["arrived"]}
        went = {"gone": pupil["gone"], "end": pupil["at_end"]}
        if changed:
            grade = int("".join(letter for letter in before if letter.isdigit()))
            former = {"class": before, "grade": grade, "level": school.params.school.level_of(grade)}
            rows += [{**own, **former, **came, "moved_out": True}, {**own, **went, "moved_in": True}]
        else:
            rows.append({**own, **came, **went})
    names = ["school_id", "level", "grade", "class", "sex"]
    counts = ["start", "arrived", "gone", "end", "moved_in", "moved_out"]
    frame = pd.DataFrame(rows, columns=[*names, *counts])
    return frame.assign(**{name: yes(frame[name]) for name in counts})


def movement(school: School) -> Parts:
    if not school.has("pupils"):
        return {}
    rows = _by_classes(school)
    names = {
        "at_start": "start", "arrived": "arrived", "left": "gone", "at_end": "end", "moved_in": "moved_in",
        "moved_out": "moved_out",
    }  # fmt: skip
    return {
        **{f"movement.{name}": Part(rows, rows[column]) for name, column in names.items()},
        "movement.turnover": Part(rows, rows["arrived"] + rows["gone"], rows["start"]),
    }


def classes(school: School) -> Parts:
    if not school.has("pupils"):
        return {}
    listed = school.listed
    rows = listed.drop_duplicates(["school_id", "class"]).reset_index(drop=True)
    sizes = listed.groupby(["school_id", "class"]).size()
    size = pd.Series([sizes[key] for key in zip(rows["school_id"], rows["class"], strict=True)], index=rows.index)
    return {
        "contingent.classes": Part(rows, ones(rows)),
        "contingent.class_size": Part(rows, size, ones(rows)),
    }


def repeaters(school: School) -> Parts:
    if not school.has("pupils"):
        return {}
    listed = school.listed
    known = somebody(listed, listed["repeater"].notna())
    return {"outcomes.repeaters": Part(listed, yes(listed["repeater"]), known)}


def general_number(school: School) -> Parts:
    """1.1–1.4 of the order: all pupils and those of the three programmes; a programme without pupils has 0."""
    if not school.has("pupils"):
        return {}
    rows = school.pupils[school.pupils[["at_start", "at_end", "arrived", "gone"]].any(axis=1)]
    here = rows["at_end"].astype(int)
    grades = {"1_2": [1, 2, 3, 4], "1_3": [5, 6, 7, 8, 9], "1_4": [10, 11, 12]}
    return {
        "order1324.1_1": Part(rows, here),
        **{f"order1324.{code}": Part(rows, here * rows["grade"].isin(of).astype(int)) for code, of in grades.items()},
    }  # fmt: skip


def attendance(school: School) -> Parts:
    """Shares by reason leave out rows whose parts exceed their total: nobody knows which number is wrong."""
    if not school.has("attendance", "pupils"):
        return {}
    rows = school.with_pupil(school.table("attendance"))
    rows = rows[rows["lessons_missed"].notna()].reset_index(drop=True)
    missed, ill = rows["lessons_missed"], rows["lessons_missed_illness"]
    without = rows["lessons_missed_unexcused"]
    # Illness is an excuse: some schools count it among the excused lessons, others beside them.
    excused = pd.concat([ill, rows["lessons_missed_excused"]], axis=1).max(axis=1).fillna(0)
    fits = excused + without.fillna(0) <= missed

    def share(part: pd.Series) -> Part:
        counts = fits.astype(int) * told(part)
        return Part(rows, part.fillna(0) * counts, missed * counts)

    return {
        "attendance.lessons_missed_per_pupil": Part(rows, missed, ones(rows)),
        "attendance.illness_share": share(ill),
        "attendance.illness_lessons_per_pupil": Part(rows, ill.fillna(0) * fits, fits.astype(int) * told(ill)),
        "attendance.unexcused_share": share(without),
    }

"""The same thing handed in twice: equal files, two files for one class."""

from __future__ import annotations

import pandas as pd

from soko.findings import Finding
from soko.intake.words import plural

KEY = ["school_id", "pupil_id", "subject"]


def once(marks: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding], set[tuple[str, str]]]:
    """Marks of a class that stand in two sources, kept once (the first by name).

    Different marks: a critical finding for the pair of sources; equal ones: a warning. A pupil in two classes is not
    meant here: validation tells of that. Third, the (file, sheet) whose rows were left out: their printed totals cannot
    be compared any more.
    """
    if marks.empty:
        return marks, [], set()
    known = marks["pupil_id"].notna() & marks["subject"].notna()
    source = marks["_file"].astype(str) + "\x00" + marks["_sheet"].astype(str)
    place = [*KEY, "class"]
    first = (
        source[known]
        .groupby([marks.loc[known, name].astype(object) for name in place], dropna=False)
        .transform("first")
    )
    later = first.ne(source[known])
    repeated = later[later].index
    if repeated.empty:
        return marks, [], set()
    mains = marks.loc[known & ~marks.index.isin(repeated)].drop_duplicates(place, keep="first")
    merged = (
        marks.loc[repeated]
        .reset_index()
        .merge(mains[[*place, "mark", "_file", "_sheet"]], on=place, suffixes=("", "_1"))
    )
    findings: list[Finding] = []
    for (own_class, file, sheet, other, other_sheet), group in merged.groupby(
        ["class", "_file", "_sheet", "_file_1", "_sheet_1"], dropna=False, sort=True
    ):
        different = group[group["mark"].fillna("") != group["mark_1"].fillna("")]
        named = f"«{own_class}»" if isinstance(own_class, str) else "одного класса"
        where = (
            f"на листе «{other_sheet}» файла «{other}»"
            if sheet != other_sheet or file == other
            else f"в файле «{other}»"
        )
        if len(different):
            many = plural(len(different), "отметка отличается", "отметки отличаются", "отметок отличается")
            findings.append(
                Finding("critical", "marks", "class_twice", str(file), str(sheet), "", None, "mark",
                        f"Отметки класса {named} есть и здесь, и {where}; {many}. Оставьте один файл.")
            )  # fmt: skip
        else:
            findings.append(
                Finding("warning", "marks", "class_twice_same", str(file), str(sheet), "", None, "mark",
                        f"Отметки класса {named} есть и здесь, и {where}; они одинаковы и взяты один раз.")
            )  # fmt: skip
    left_out = set(zip(merged["_file"].astype(str), merged["_sheet"].astype(str), strict=True))
    return marks.drop(index=repeated).reset_index(drop=True), findings, left_out


def two_schools(pupils: pd.DataFrame, marks: pd.DataFrame | None) -> list[Finding]:
    """A pupil's code that two schools use. Without the school in the marks nobody can tell whose they are."""
    coded = pupils[pupils["pupil_id"].notna()]
    schools = coded.groupby("pupil_id")["school_id"].nunique()
    doubtful = set(schools[schools > 1].index)
    if not doubtful:
        return []
    # Only what a reader needs: the rows. A code may be the number of a personal file.
    critical = marks is not None and bool(marks.loc[marks["_no_school"], "pupil_id"].isin(doubtful).any())
    return [
        Finding("critical" if critical else "warning", "pupils", "pupil_two_schools", row["_file"], row["_sheet"], "",
                int(row["_row"]), "pupil_id",
                "Такой же код обучающегося есть в другой школе; укажите школу в файле отметок или смените код.")
        for row in coded[coded["pupil_id"].isin(doubtful)].to_dict("records")
    ]  # fmt: skip

"""The figures over marks without soko: a script for DuckDB and one for pandas, as somebody who knows them would write.

Figures: the indicators over ``pupil_results`` and ``marks_base`` (outcomes.*, contingent.assessed, subjects.* and with
them the results of each teacher) and order1324.1_5, by all their dimensions, within each school and over all.
Conventions of the school (unmarked grades, weights of СОУ) come in as numbers; what the clean tables promise is
believed and not checked.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from soko.indicators.settings import Settings

POPULATIONS = ("pupil_results", "marks_base", "results_of_all")
DIMENSIONS = ["level", "grade", "class", "subject", "sex", "teacher"]
KEYS = ["school_id", *DIMENSIONS]
PUPIL_SETS = [[], ["level"], ["grade"], ["class"], ["sex"], ["level", "sex"], ["grade", "sex"]]
MARK_SETS = [[], ["level"], ["grade"], ["class"], ["teacher"], ["subject"], ["subject", "level"], ["subject", "grade"],
             ["subject", "class"], ["subject", "teacher"], ["subject", "class", "teacher"]]  # fmt: skip
OUTCOMES = {
    "contingent.assessed": ("n", "", 1), "outcomes.quality": ("excellent + good", "n", 100),
    "outcomes.success": ("n - failing - not_attested", "n", 100), "outcomes.excellent": ("excellent", "n", 100),
    "outcomes.good": ("good", "n", 100), "outcomes.one_four": ("one_four", "n", 100),
    "outcomes.three": ("three", "n", 100), "outcomes.one_three": ("one_three", "n", 100),
    "outcomes.failing": ("failing", "n", 100), "outcomes.not_attested": ("not_attested", "n", 100),
}  # fmt: skip
SUBJECTS = {
    "subjects.success": ("n5 + n4 + n3", "based", 100), "subjects.quality": ("n5 + n4", "based", 100),
    "subjects.sou": ("{w5} * n5 + {w4} * n4 + {w3} * n3 + {w2} * n2 + {wna} * na", "based", 1),
    "subjects.mean_mark": ("5 * n5 + 4 * n4 + 3 * n3 + 2 * n2", "n_marks", 1),
    "subjects.n5": ("n5", "", 1), "subjects.n4": ("n4", "", 1), "subjects.n3": ("n3", "", 1),
    "subjects.n2": ("n2", "", 1), "subjects.n_na": ("n_na", "", 1),
}  # fmt: skip
PUPIL_COUNTS = ["n", "excellent", "good", "one_four", "one_three", "three", "failing", "not_attested"]
MARK_COUNTS = ["n5", "n4", "n3", "n2", "n_na", "n_marks", "na", "based"]

# A pupil is counted where he is at the end of the period. Marks are gathered twice: by pupil, and by class, subject and
# teacher; the sets of dimensions are then sums over these few rows and not over the marks.
_GATHER = """
CREATE TEMP TABLE listed AS
  SELECT school_id, pupil_id, level, grade, class, sex FROM read_parquet('{folder}/pupils.parquet')
  WHERE (arrived_on IS NULL OR arrived_on <= DATE '{end}') AND (left_on IS NULL OR left_on > DATE '{end}');
CREATE TEMP TABLE by_pupil AS
  SELECT l.*, m.* EXCLUDE (school_id, pupil_id)
  FROM (SELECT school_id, pupil_id, count_if(mark = '4') AS n4, count_if(mark = '3') AS n3, count_if(mark = '2') AS n2,
               count_if(mark = 'н/а') AS n_na
        FROM read_parquet('{folder}/marks.parquet') AS m WHERE {counts} GROUP BY school_id, pupil_id) AS m
  JOIN listed AS l USING (school_id, pupil_id);
CREATE TEMP TABLE pupil_cells AS
  SELECT school_id, level, grade, class, sex, count(*) AS n,
         count_if(n4 + n3 + n2 + n_na = 0) AS excellent, count_if(n4 > 0 AND n3 + n2 + n_na = 0) AS good,
         count_if(n4 = 1 AND n3 + n2 + n_na = 0) AS one_four, count_if(n3 = 1 AND n2 + n_na = 0) AS one_three,
         count_if(n3 > 0 AND n2 + n_na = 0) AS three, count_if(n2 > 0) AS failing,
         count_if(n_na > 0 AND n2 = 0) AS not_attested
  FROM by_pupil GROUP BY ALL;
CREATE TEMP TABLE mark_cells AS
  SELECT l.school_id, l.level, l.grade, l.class, m.subject, m.teacher_id AS teacher, count_if(m.mark = '5') AS n5,
         count_if(m.mark = '4') AS n4, count_if(m.mark = '3') AS n3, count_if(m.mark = '2') AS n2,
         count_if(m.mark = 'н/а') AS n_na, n5 + n4 + n3 + n2 AS n_marks, {na} AS na, n_marks + na AS based
  FROM read_parquet('{folder}/marks.parquet') AS m JOIN listed AS l USING (school_id, pupil_id)
  WHERE {counts} GROUP BY ALL;
"""


def with_duckdb(folder: Path, settings: Settings, spill: Path, memory: str = "", *, tidy: bool = True) -> pd.DataFrame:
    """The tidy table, sorted as soko sorts it; not ``tidy``, a row a group with its sums (those of marks returned)."""
    import duckdb

    more = {"memory_limit": memory} if memory else {}
    with duckdb.connect(config={"temp_directory": str(spill), **more}) as connection:
        connection.execute(_GATHER.format(**_words(folder, settings)))
        connection.execute(f"CREATE TEMP TABLE pupil_groups AS {_sums('pupil_cells', PUPIL_SETS, PUPIL_COUNTS)}")
        connection.execute(f"CREATE TEMP TABLE mark_groups AS {_sums('mark_cells', MARK_SETS, MARK_COUNTS)}")
        connection.execute(f"CREATE TEMP TABLE roll_groups AS {_HIGH}")
        if not tidy:
            groups = ("pupil_groups", "mark_groups", "roll_groups")
            return [connection.sql(f"FROM {name}").df() for name in groups][1]
        rows = [
            *_rows("pupil_groups", OUTCOMES, settings),
            *_rows("mark_groups", SUBJECTS, settings),
            *_rows("roll_groups", {"order1324.1_5": ("high", "n", 100)}, settings),
        ]
        return connection.sql(f"{' UNION ALL '.join(rows)} ORDER BY school_id, indicator, {', '.join(DIMENSIONS)}").df()


_ALL = ", ".join("0 AS grade" if name == "grade" else f"'' AS {name}" for name in DIMENSIONS)
_HIGH = f"""
SELECT coalesce(l.school_id, '') AS school_id, {_ALL}, count_if(p.n3 + p.n2 + p.n_na = 0) AS high, count(*) AS n
FROM listed AS l LEFT JOIN by_pupil AS p USING (school_id, pupil_id) GROUP BY GROUPING SETS ((l.school_id), ())"""


def _words(folder: Path, settings: Settings) -> dict[str, Any]:
    grades = ", ".join(map(str, settings.off_grades)) or "-1"
    counts = f"m.mark IN ('5', '4', '3', '2', 'н/а') AND m.grade NOT IN ({grades})"
    na = "count_if(m.mark = 'н/а')" if settings.na_in_base else "0"
    return {"folder": folder.as_posix(), "end": settings.period_end, "counts": counts, "na": na}


def _sums(cells: str, sets: list[list[str]], counts: list[str]) -> str:
    within = [["school_id", *names] for names in sets]
    over = [names for names in sets if not {"class", "teacher"} & set(names)]
    spelled = ", ".join("(" + ", ".join(names) + ")" for names in [*within, *over])
    used = {name for names in sets for name in names}
    shown = [_shown(name, name in used) for name in KEYS]
    summed = ", ".join(f"sum({name}) AS {name}" for name in counts)
    return f"SELECT {', '.join(shown)}, {summed} FROM {cells} GROUP BY GROUPING SETS ({spelled})"


def _shown(name: str, used: bool) -> str:
    """0 and '' mean all; a value that the data lack is «не указано»."""
    missing = "0" if name == "grade" else "''"
    known = name if name == "grade" else f"coalesce({name}, 'не указано')"
    return (
        f"CASE WHEN GROUPING({name}) = 1 THEN {missing} ELSE {known} END AS {name}"
        if used or name == "school_id"
        else (f"{missing} AS {name}")
    )


def _rows(groups: str, indicators: dict[str, tuple[str, str, int]], settings: Settings) -> list[str]:
    """A SELECT an indicator."""
    selects = []
    for name, (top, bottom, scale) in indicators.items():
        numerator = f"({top.format(**vars(settings))})::DOUBLE"
        denominator = f"({bottom})::DOUBLE" if bottom else "NULL::DOUBLE"
        value = f"{numerator} / {denominator} * {scale}" if bottom else numerator
        # The number of assessed pupils is asked for by one dimension at a time.
        only = "WHERE sex = '' OR level = '' AND grade = 0" if name == "contingent.assessed" else ""
        only = f"WHERE {bottom} <> 0" if bottom else only
        selects.append(
            f"SELECT school_id, '{name}' AS indicator, {', '.join(DIMENSIONS)}, {numerator} AS numerator, "
            f"{denominator} AS denominator, {value} AS value FROM {groups} {only}"
        )
    return selects


def with_pandas(folder: Path, settings: Settings) -> pd.DataFrame:
    """The same table in plain pandas: texts as categories, smallest groups first, a groupby a set."""
    import pandas as pd

    pupils = _categories(pd.read_parquet(folder / "pupils.parquet"))
    end = pd.Timestamp(settings.period_end)
    came, left = (pd.to_datetime(pupils[name]) for name in ("arrived_on", "left_on"))
    listed = pupils.loc[
        (came.isna() | (came <= end)) & (left.isna() | (left > end)), ["school_id", "pupil_id", *_LISTED]
    ]
    marks = pd.read_parquet(
        folder / "marks.parquet", columns=["school_id", "pupil_id", "subject", "teacher_id", "mark"]
    )
    marks = marks.rename(columns={"teacher_id": "teacher"}).merge(listed, on=["school_id", "pupil_id"])
    counted = ["5", "4", "3", "2", "н/а"]
    marks = _categories(marks[marks["mark"].isin(counted) & ~marks["grade"].isin(settings.off_grades)])
    for name, mark in zip(MARK_COUNTS, counted, strict=False):
        marks[name] = (marks["mark"] == mark).astype("int64")
    five = MARK_COUNTS[:5]
    by_pupil = marks.groupby(["school_id", "pupil_id"], observed=True)[five].sum().reset_index()
    by_pupil = _kinds(by_pupil.merge(listed, on=["school_id", "pupil_id"], how="right"))
    high = _pandas_rows(by_pupil.assign(n=1, high=by_pupil["excellent"] + by_pupil["good"]), [[]], ["n", "high"],
                        {"order1324.1_5": ("high", "n", 100)}, settings)  # fmt: skip
    cells = marks.groupby(["school_id", "level", "grade", "class", "subject", "teacher"], observed=True, dropna=False)
    cell = cells[five].sum().reset_index()
    cell["n_marks"] = cell["n5"] + cell["n4"] + cell["n3"] + cell["n2"]
    cell["na"] = cell["n_na"] if settings.na_in_base else 0
    cell["based"] = cell["n_marks"] + cell["na"]
    pupil_rows = _pandas_rows(by_pupil[by_pupil["n"] == 1], PUPIL_SETS, PUPIL_COUNTS, OUTCOMES, settings)
    mark_rows = _pandas_rows(cell, MARK_SETS, MARK_COUNTS, SUBJECTS, settings)
    whole = pd.concat([pupil_rows, mark_rows, high], ignore_index=True)
    return whole.sort_values(["school_id", "indicator", *DIMENSIONS], ignore_index=True)


_LISTED = ["level", "grade", "class", "sex"]


def _categories(frame: pd.DataFrame) -> pd.DataFrame:
    texts = [name for name in ("school_id", "level", "class", "sex", "subject", "teacher", "mark") if name in frame]
    return frame.astype(dict.fromkeys(texts, "category"))


def _kinds(by_pupil: pd.DataFrame) -> pd.DataFrame:
    """Excellent, good and the rest of them; ``n`` is 0 for a pupil without marks."""
    n5, n4, n3, n2, na = (by_pupil[name].fillna(0) for name in MARK_COUNTS[:5])
    has = n5 + n4 + n3 + n2 + na > 0
    kinds = {
        "n": has, "excellent": has & (n4 + n3 + n2 + na == 0), "good": (n4 > 0) & (n3 + n2 + na == 0),
        "one_four": (n4 == 1) & (n3 + n2 + na == 0), "one_three": (n3 == 1) & (n2 + na == 0),
        "three": (n3 > 0) & (n2 + na == 0), "failing": n2 > 0, "not_attested": (na > 0) & (n2 == 0),
    }  # fmt: skip
    return by_pupil.assign(**{name: kind.astype("int64") for name, kind in kinds.items()})


def _pandas_rows(
    cells: pd.DataFrame, sets: list[list[str]], counts: list[str], indicators: dict[str, Any], settings: Settings
) -> pd.DataFrame:
    import pandas as pd

    pieces = []
    for names in sets:
        for keys in [["school_id", *names]] + ([] if {"class", "teacher"} & set(names) else [names]):
            if keys:
                groups = cells.groupby(keys, observed=True, dropna=False)[counts].sum().reset_index()
            else:
                groups = cells[counts].sum().to_frame().T
            for name in KEYS:
                missing: Any = 0 if name == "grade" else ""
                if name not in keys:
                    groups[name] = missing
                elif name != "grade":
                    groups[name] = groups[name].astype("str").fillna("не указано")
            for name, (top, bottom, scale) in indicators.items():
                if name == "contingent.assessed" and len(names) > 1:
                    continue
                rows = groups[KEYS].assign(
                    indicator=name, numerator=groups.eval(top.format(**vars(settings))).astype(float)
                )
                rows["denominator"] = groups.eval(bottom).astype(float) if bottom else float("nan")
                rows["value"] = rows["numerator"] / rows["denominator"] * scale if bottom else rows["numerator"]
                pieces.append(rows[rows["denominator"] != 0])
    return pd.concat(pieces, ignore_index=True)

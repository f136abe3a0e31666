"""Dynamics (4.16): each figure of a period against the previous period and the same one a year ago, by rule.

outputs/<period>/dynamics.csv and .parquet: a row a group and a comparison. The rule is ``soko.analysis.dynamics``;
here is what is compared with what. A class is followed with its pupils: today's 7А is held against 6А of the last
school year. An indicator whose definition was another one then is not compared; the row says so.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from soko.cohorts import compared_class, compared_grade
from soko.errors import ConfigError
from soko.indicators import absent, history
from soko.indicators.catalogue import Catalogue, load_catalogue
from soko.indicators.model import DIMENSIONS
from soko.indicators.output import as_text
from soko.indicators.reasons import DEFINITION, LENGTH, NEW_GROUP, NO_BEFORE
from soko.indicators.sources import connect, quoted
from soko.params import Params
from soko.periods import Period
from soko.workspace import Workspace

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

NAMES = ("dynamics.csv", "dynamics.parquet")
#: Figures by teacher are left out: two periods of a dozen marks each say nothing of a teacher.
_DIMS = tuple(name for name in DIMENSIONS if name != "teacher")
_KEYS = ["school_id", "indicator", *_DIMS]
_PARTS = ["numerator", "denominator"]
COLUMNS = [
    "school_id", "period", "indicator", *_DIMS, "numerator", "denominator", "value", "low", "high",
    "against", "before_period", "before_group", "before_numerator", "before_denominator", "before_value",
    "delta", "delta_people", "p", "rule", "verdict", "reason",
]  # fmt: skip
_NUMBERS = {"numerator", "denominator", "value", "low", "high", "before_numerator", "before_denominator",
            "before_value", "delta", "delta_people", "p"}  # fmt: skip


def uneven(params: Params, catalogue: Catalogue, period: Period, other: Period) -> frozenset[str]:
    """Indicators that accrue over a period, where the two differ in length by more than thresholds.period_length.

    Where the calendar has no dates of one of them, nothing is known of the lengths and nothing is excepted.
    """
    try:
        spans = [params.dates(each) for each in (period, other)]
    except ConfigError:
        return frozenset()
    short, long = sorted(round(((span.end - span.start).days + 1) / 7) for span in spans)
    if long <= params.conventions.thresholds.period_length * short:
        return frozenset()
    return frozenset(item.id for item in catalogue if item.accrues)


def compute(
    workspace: Workspace, period: Period, current: pd.DataFrame, catalogue: Catalogue | None = None
) -> pd.DataFrame:
    """Dynamics of the tidy table ``current``, teachers left out, in its order, the previous period first.

    Columns: school_id, period, indicator, level, grade, class, subject, sex, item; numerator, denominator, value; low
    and high (Wilson, in per cent); against, before_period, before_group (the class or grade then, where it was called
    otherwise); before_numerator, before_denominator, before_value; delta (in the unit, points for shares),
    delta_people (in units of the denominator); p; rule («test», «threshold»); verdict («improved», «worse», «stable»,
    «changed», «unknown»); reason (code of ``reasons``, empty where there is a verdict). An indicator without a value
    for a school has its row too. Of a workspace with one school the rows «of all schools» are left out.
    """
    import pandas as pd

    catalogue = catalogue or load_catalogue(workspace, bind=False)
    now = _with_absent(current, absent.table(workspace, period, current, catalogue))
    params = Params(workspace)
    pieces = []
    for against, other in Params(workspace).compared(period).items():
        before, state = history.load_with_state(workspace, other, catalogue)
        unlike = dict.fromkeys(uneven(params, catalogue, period, other), LENGTH.code)
        unlike |= dict.fromkeys(state.changed, DEFINITION.code)
        pieces.append(_against(now, before, unlike, period, other).assign(against=against))
    if not pieces:
        return pd.DataFrame(columns=COLUMNS)
    whole = pd.concat(pieces, ignore_index=True)
    return _judged(whole, params, catalogue).assign(period=period.id)[COLUMNS]


def write(frame: pd.DataFrame, folder: Path) -> list[Path]:
    """Write both files into ``folder``; the same table gives the same bytes.

    The CSV is as that of ``output.write``; DuckDB writes it in a third of the time that pandas takes.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {name: pa.float64() if name in _NUMBERS else pa.int64() if name == "grade" else pa.string()
             for name in COLUMNS}  # fmt: skip
    schema = pa.schema(list(kinds.items()))
    folder.mkdir(parents=True, exist_ok=True)
    text, parquet = (folder / name for name in NAMES)
    table = pa.Table.from_pandas(frame, schema=schema, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, parquet, compression="zstd")
    safe = pa.Table.from_pandas(as_text(frame), schema=schema, preserve_index=False)
    empty = 'nullif("{0}", \'\') AS "{0}"'
    shown = ", ".join((empty if kind == pa.string() else '"{0}"').format(name) for name, kind in kinds.items())
    connection = connect()
    try:
        connection.register("dynamics", safe)
        connection.execute(f"COPY (SELECT {shown} FROM dynamics) TO '{quoted(text)}' (FORMAT csv, HEADER)")
    finally:
        connection.close()
    return [text, parquet]


def read(folder: Path) -> pd.DataFrame | None:
    """The table of ``folder``/dynamics.parquet; None where there is none."""
    import pandas as pd

    path = folder / NAMES[1]
    return pd.read_parquet(path).astype({"grade": "Int64"}) if path.is_file() else None


def _with_absent(current: pd.DataFrame, missing: pd.DataFrame) -> pd.DataFrame:
    """Rows that are compared, and one for each indicator without a value, with its reason."""
    import pandas as pd

    now = current.loc[current["teacher"] == "", [*_KEYS, *_PARTS]]
    if now["school_id"].nunique() <= 2:
        now = now[now["school_id"] != ""]
    blank: dict[str, Any] = dict.fromkeys(_DIMS, "") | {"grade": pd.NA} | dict.fromkeys(_PARTS, float("nan"))
    none = missing[["school_id", "indicator", "reason"]].assign(**blank).astype({"grade": "Int64"})
    return pd.concat([now.assign(reason=""), none[[*now.columns, "reason"]]], ignore_index=True)


def _against(
    now: pd.DataFrame, before: pd.DataFrame | None, unlike: dict[str, str], period: Period, other: Period
) -> pd.DataFrame:
    """``now`` with the parts of the same groups in ``other`` and, where they are not compared, the reason.

    ``unlike``: indicators that are not, each with the code of the reason.
    """
    import numpy as np
    import pandas as pd

    rows, group, formed = _then(now, period, other)
    if before is None:
        found = rows.assign(**{f"before_{name}": float("nan") for name in _PARTS})
    else:
        earlier = before.loc[before["teacher"] == "", [*_KEYS, *_PARTS]]
        found = rows.merge(
            earlier.rename(columns={name: f"before_{name}" for name in _PARTS}),
            on=_KEYS,
            how="left",
        )
    known = found["before_numerator"].notna().to_numpy()
    given = now["reason"].to_numpy(dtype=object)
    another = now["indicator"].map({name: unlike.get(name, "") for name in now["indicator"].unique()}).to_numpy(object)
    reason = np.where(formed, NEW_GROUP.code, np.where(known, "", NO_BEFORE.code)).astype(object)
    # Why nothing is comparable comes before what is not there, but a period that is not stored is told as such.
    reason = np.where((another != "") & (known | (another == DEFINITION.code)), another, reason)
    reason = np.where(given != "", given, reason)
    result = now.drop(columns="reason").assign(
        before_period=other.id,
        before_group=group,
        before_numerator=found["before_numerator"].to_numpy(),
        before_denominator=found["before_denominator"].to_numpy(),
        reason=reason,
    )
    return result.astype({"before_group": "str", "reason": "str"}) if len(result) else pd.DataFrame(result)


def _then(now: pd.DataFrame, period: Period, other: Period) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Keys of the rows as ``other`` has them; what the group was called there; whether it did not exist."""
    import numpy as np

    keys = now[_KEYS].copy()
    classes = {name: compared_class(name, period, other) for name in now["class"].unique() if name}
    grades = {int(grade): compared_grade(int(grade), period, other) for grade in now["grade"].dropna().unique()}
    no_class = now["class"].isin([name for name, then in classes.items() if then is None])
    no_grade = now["grade"].isin([grade for grade, then in grades.items() if then is None])
    formed = (no_class | no_grade).to_numpy(dtype=bool)
    keys["class"] = now["class"].map({"": "", **{name: then or "" for name, then in classes.items()}}).astype("str")
    keys["grade"] = now["grade"].map(grades).astype("Int64")
    keys.loc[formed, "indicator"] = ""  # finds nothing
    moved = (keys["class"] != now["class"]) | (keys["grade"].fillna(0) != now["grade"].fillna(0))
    called = keys["class"].where(keys["class"] != "", keys["grade"].astype("str"))
    return keys, np.where(moved & ~formed, called, ""), formed


def _judged(rows: pd.DataFrame, params: Params, catalogue: Catalogue) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    from soko.analysis.dynamics import judged, traits

    thresholds = params.conventions.thresholds
    codes, names = pd.factorize(rows["indicator"])
    mask = np.zeros(len(rows), dtype=np.int64)
    for at, name in enumerate(_DIMS):
        have = rows[name].notna() if name == "grade" else rows[name] != ""
        mask += have.to_numpy(dtype=np.int64) << at
    # Thousands of rows, some hundred kinds of them.
    kinds, kind = np.unique((codes << len(_DIMS)) + mask, return_inverse=True)
    told = []
    for code in kinds.tolist():
        told.append((names[code >> len(_DIMS)], [name for at, name in enumerate(_DIMS) if code >> at & 1]))
    of = traits(catalogue, thresholds, told).take(kind)
    parts = [rows[name].to_numpy() for name in ("numerator", "denominator", "before_numerator", "before_denominator")]
    found = judged(parts, of, thresholds, rows["reason"].to_numpy(dtype=object))
    return rows.assign(
        value=found.value, before_value=found.before, delta=found.delta, delta_people=found.people, low=found.low,
        high=found.high, p=found.p, rule=found.rule, verdict=found.verdict, reason=found.reason,
    )  # fmt: skip

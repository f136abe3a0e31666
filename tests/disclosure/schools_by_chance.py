"""Schools of chance as tidy tables of indicators: classes of two pupils and of twenty, terms and their half-year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pandas as pd
from hypothesis import strategies as st

from soko.indicators.model import COLUMNS

KINDS = ("excellent", "good", "three", "failing", "not_attested")
LEVEL = {1: "НОО", 2: "НОО", 5: "ООО", 6: "ООО", 10: "СОО"}
_SHARES = {
    "outcomes.quality": {"excellent", "good"},
    "outcomes.success": {"excellent", "good", "three"},
    **{f"outcomes.{kind}": {kind} for kind in KINDS},
}
#: Indicators here whose parts count children.
HEADS = {*_SHARES, "contingent.assessed", "contests.entries"}


@st.composite
def schools(draw: st.DrawFn) -> dict[str, pd.DataFrame]:
    """Full tables by period: q3, q4 and h2, in which entries in contests of both terms are together."""
    grades = draw(st.lists(st.sampled_from(sorted(LEVEL)), min_size=1, max_size=3, unique=True))
    size = st.one_of(st.integers(1, 6), st.integers(10, 26))
    classes = {}
    for grade in grades:
        for letter in "АБВ"[: draw(st.integers(1, 2))]:
            classes[f"{grade}{letter}"] = grade, draw(size)
    weights = st.sampled_from(["excellent", "good", "good", "three", "three", "three", "failing", "not_attested"])
    terms = {}
    for term in ("q3", "q4"):
        pupils = {name: [draw(weights) for _ in range(number)] for name, (_, number) in classes.items()}
        entries = {name: draw(st.integers(0, 6)) for name in classes}
        terms[term] = pupils, entries
    both = {name: terms["q3"][1][name] + terms["q4"][1][name] for name in classes}
    terms["h2"] = terms["q4"][0], both
    return {f"2025-2026/{term}": tidy(f"2025-2026/{term}", classes, *found) for term, found in terms.items()}


def tidy(
    period: str, classes: dict[str, tuple[int, int]], pupils: dict[str, list[str]], entries: dict[str, int]
) -> pd.DataFrame:
    """The tidy table of a school: classes with grade and size, their pupils by kind, their entries in contests."""
    rows = []
    places: list[tuple[dict[str, object], Callable[[str, int], bool]]] = [({}, lambda _n, _g: True)]
    places += [
        ({"level": v}, lambda _n, g, v=v: LEVEL[g] == v) for v in sorted({LEVEL[g] for g, _ in classes.values()})
    ]
    places += [({"grade": v}, lambda _n, g, v=v: g == v) for v in sorted({g for g, _ in classes.values()})]
    places += [({"class": v}, lambda n, _g, v=v: n == v) for v in sorted(classes)]
    for dims, inside in places:
        among = [name for name, (grade, _) in classes.items() if inside(name, grade)]
        kinds = Counter(kind for name in among for kind in pupils[name])
        base = sum(kinds.values())
        for indicator, counted in _SHARES.items():
            rows.append(_row(period, indicator, dims, sum(kinds[kind] for kind in counted), base))
        rows.append(_row(period, "contingent.assessed", dims, base, None))
        if number := sum(entries[name] for name in among):
            rows.append(_row(period, "contests.entries", dims, number, None))
    return typed(pd.DataFrame(rows, columns=COLUMNS))


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with the types of the tidy table; texts that are missing are empty."""
    texts = [name for name in COLUMNS[:-3] if name != "grade"]
    frame = frame.assign(**{name: frame[name].astype(object).fillna("") for name in texts})
    return frame.astype({**dict.fromkeys(texts, "str"), "grade": "Int64", **dict.fromkeys(COLUMNS[-3:], "float64")})


def _row(period: str, indicator: str, dims: dict[str, object], part: int, base: int | None) -> dict[str, object]:
    value = float(part) if base is None else part / base * 100
    empty = {name: pd.NA if name == "grade" else "" for name in COLUMNS[:-3]}
    found = {**empty, **dims, "school_id": "s1", "period": period, "indicator": indicator}
    return {**found, "numerator": part, "denominator": base, "value": value}

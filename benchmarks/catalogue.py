"""`make bench-catalogue`: the whole catalogue on up to twenty million marks of many schools in one table.

Compared, like with like, on the indicators over marks by all their dimensions (by_hand.py says which): soko's engine,
the same table by hand-written SQL for DuckDB, the groups alone without the tidy table, and plain pandas. Each way is a
process of its own, so that its peak memory is its own; values have to agree before a time is believed. Ratios are of
processor time: on a machine that others use too the clock says little. Writes the key «catalogue» of
benchmarks/results.json.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent))

import by_hand
import schools
from results import record, surroundings

if TYPE_CHECKING:
    import pandas as pd

    from soko.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
PERIOD = "2025-2026/year"
WHOLE, MARKS, BY_HAND = "soko, whole catalogue", "soko, over marks", "DuckDB by hand"
GROUPS, PANDAS = "DuckDB by hand, groups alone", "pandas"


def main() -> None:
    """Make every size, measure every way, compare, print and record."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--marks", type=int, nargs="+", default=[50_000, 1_000_000, 20_000_000])
    arguments.add_argument("--runs", type=int, default=3, help="of the sizes up to a million marks; one of the others")
    arguments.add_argument("--pandas-most", type=int, default=1_000_000, help="no pandas beyond: it needs the memory")
    arguments.add_argument("--way", choices=list(WAYS), help=argparse.SUPPRESS)
    arguments.add_argument("--workspace", type=Path, help=argparse.SUPPRESS)
    arguments.add_argument("--keep", type=Path, help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.way:
        print(json.dumps(one(options.way, options.workspace, options.keep)))
        return
    sizes = {}
    for number in options.marks:
        with tempfile.TemporaryDirectory() as scratch:
            workspace = Path(scratch) / "school"
            rows = make(workspace, number)
            ways = [way for way in WAYS if way != PANDAS or number <= options.pandas_most]
            runs, compare = options.runs if number <= 1_000_000 else 1, number <= options.pandas_most
            sizes[str(number)] = {"rows": rows, "runs": runs, **measured(workspace, ways, runs, compare)}
        show(number, sizes[str(number)])
    record(catalogue={**surroundings(), "period": PERIOD, "marks": sizes})


def make(root: Path, marks: int) -> dict[str, int]:
    """A workspace with the repository's settings and the clean tables of so many marks."""
    from soko.periods import Period
    from soko.tables import load_tables
    from soko.workspace import Workspace

    for name in ("params", "validation"):
        shutil.copytree(ROOT / name, root / name)
    workspace = Workspace.open(root)
    return schools.make(workspace.clean(Period.parse(PERIOD)), marks, load_tables(workspace))


def measured(workspace: Path, ways: list[str], runs: int, compare: bool) -> dict[str, Any]:
    """Medians of every way, and its ratios to the hand-written table and to its groups alone."""
    found: dict[str, Any] = {}
    for way in ways:
        keep = workspace / f"{len(found)}.parquet" if compare and way in (MARKS, BY_HAND, PANDAS) else None
        taken = [_process(way, workspace, keep if not run else None) for run in range(runs)]
        found[way] = {name: round(statistics.median(facts[name] for facts in taken), 2) for name in taken[0]}
    if compare:
        frames = [workspace / f"{number}.parquet" for number, way in enumerate(ways) if way in (MARKS, BY_HAND, PANDAS)]
        for other in frames[1:]:
            difference = differences(frames[0], other)
            assert difference <= 1e-9, f"{other}: the figures differ by {difference}"
    for way in (MARKS, PANDAS):
        if way in found:
            for name, other in (("to_hand", BY_HAND), ("to_groups", GROUPS)):
                found[way][name] = round(found[way]["cpu_seconds"] / found[other]["cpu_seconds"], 2)
    return found


def _process(way: str, workspace: Path, keep: Path | None) -> dict[str, float]:
    command = [sys.executable, __file__, "--way", way, "--workspace", str(workspace)]
    done = subprocess.run([*command, *(["--keep", str(keep)] if keep else [])], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def one(way: str, root: Path, keep: Path | None) -> dict[str, float]:
    """Seconds and processor seconds of a way after its imports, and the peak memory of the process."""
    import duckdb  # noqa: F401
    import pandas  # noqa: F401

    from soko.indicators import engine, tidy  # noqa: F401
    from soko.workspace import Workspace

    workspace = Workspace.open(root)
    start, own = time.perf_counter(), time.process_time()
    frame = WAYS[way](workspace)
    seconds, own = time.perf_counter() - start, time.process_time() - own
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if keep:
        frame.to_parquet(keep)
    return {"seconds": seconds, "cpu_seconds": own, "memory_mb": memory, "rows": len(frame)}


def whole(workspace: Workspace) -> pd.DataFrame:
    """Every indicator that a school year asks for."""
    from soko.indicators import compute
    from soko.periods import Period

    return compute(workspace, Period.parse(PERIOD))


def over_marks(workspace: Workspace) -> pd.DataFrame:
    """The engine with the indicators that are compared, and no others."""
    from soko.indicators import compute, load_catalogue
    from soko.periods import Period

    catalogue = load_catalogue(workspace, bind=False)
    chosen = {name: item for name, item in catalogue.indicators.items() if item.population in by_hand.POPULATIONS}
    return compute(workspace, Period.parse(PERIOD), replace(catalogue, indicators=chosen))


def with_duckdb(workspace: Workspace, *, tidy: bool = True) -> pd.DataFrame:
    """The hand-written SQL, with half of the memory as the engine."""
    folder, settings = _given(workspace)
    return by_hand.with_duckdb(folder, settings, workspace.root / ".spill", "50%", tidy=tidy)


def with_pandas(workspace: Workspace) -> pd.DataFrame:
    """The hand-written pandas."""
    return by_hand.with_pandas(*_given(workspace))


def _given(workspace: Workspace) -> tuple[Path, Any]:
    from soko.indicators.settings import read_settings
    from soko.periods import Period

    period = Period.parse(PERIOD)
    return workspace.clean(period), read_settings(workspace, period)


def differences(one: Path, other: Path) -> float:
    """The largest difference of a figure of two stored tables; infinite when their rows are not the same."""
    import pandas as pd

    keys, figures = ["school_id", "indicator", *by_hand.DIMENSIONS], ["numerator", "denominator", "value"]
    frames = []
    for path in (one, other):
        frame = pd.read_parquet(path)[[*keys, *figures]]
        frame["grade"] = frame["grade"].fillna(0).astype("int64")
        frames.append(frame.sort_values(keys, ignore_index=True))
    if len(frames[0]) != len(frames[1]) or any((frames[0][name] != frames[1][name]).any() for name in keys):
        return float("inf")
    left, right = (frame[figures].fillna(-1.0) for frame in frames)
    return float((left - right).abs().max().max())


def show(number: int, facts: dict[str, Any]) -> None:
    """For people."""
    print(f"{number} marks, {facts['rows']['schools']} schools")
    for way in WAYS:
        if way in facts:
            found = facts[way]
            ratio = (
                f"{found['to_hand']:>8.2f} x by hand, {found['to_groups']:.2f} x its groups"
                if "to_hand" in found
                else ""
            )
            print(
                f"  {way:30}{found['seconds']:>9.2f} s{found['cpu_seconds']:>9.2f} s of processor"
                f"{found['memory_mb']:>8.0f} MB{found['rows']:>12.0f} rows{ratio}"
            )


WAYS: dict[str, Callable[[Workspace], pd.DataFrame]] = {
    WHOLE: whole,
    MARKS: over_marks,
    BY_HAND: with_duckdb,
    GROUPS: lambda workspace: with_duckdb(workspace, tidy=False),
    PANDAS: with_pandas,
}


if __name__ == "__main__":
    main()

"""`make bench-checking`: every rule of the table of marks over up to a million marks, and what each rule costs.

Compared with bare Great Expectations: the same expectations on the same frames, asked whole instead of value by value
(soko.validation.verdicts). Nothing is remembered from one run to the next. Writes the key «checking» of
benchmarks/results.json.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from reading import LETTERS, SUBJECTS
from results import record, surroundings

ROOT = Path(__file__).resolve().parents[1]
PERIOD = "2025-2026/q2"
CLASS = 25


class Stopwatch:
    """Stands where the verdicts stand and measures how long the judging alone takes."""

    def __init__(self, judge: Any) -> None:
        self.judge_with, self.seconds = judge, 0.0

    def judge(self, table: str, frame: Any, checks: list[Any]) -> list[Any]:
        """Judge as ``judge_with`` does."""
        start = time.perf_counter()
        outcomes: list[Any] = self.judge_with(table, frame, checks)
        self.seconds += time.perf_counter() - start
        return outcomes


def main() -> None:
    """Measure every size, print and record."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--marks", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    options = arguments.parse_args()
    from soko.validation import gx
    from soko.workspace import Workspace

    gx.warm()
    found = {}
    with tempfile.TemporaryDirectory() as scratch:
        for name in ("params", "validation"):
            shutil.copytree(ROOT / name, Path(scratch) / name)
        workspace = Workspace.open(scratch)
        for number in options.marks:
            found[str(number)] = size(workspace, number)
    record(checking={**surroundings(), "marks": found})


def size(workspace: Any, number: int) -> dict[str, Any]:
    """One size: the rules together, their judging the two ways, each rule by itself."""
    from soko.params import Params
    from soko.periods import Period
    from soko.tables import load_tables
    from soko.validation import gx
    from soko.validation.bench import set_up
    from soko.validation.rules import run_rules
    from soko.validation.verdicts import Verdicts

    data, tables = intake(number), load_tables(workspace)
    rules = tables["marks"].rules
    start = time.perf_counter()
    facts: dict[str, Any] = {}
    with set_up(data, Params(workspace), Period.parse(PERIOD), tables) as bench:
        facts["tables_set_up"] = time.perf_counter() - start
        bench.tables = {name: table.model_copy(update={"rules": []}) for name, table in tables.items()}

        def run(chosen: list[Any], judge: Any) -> tuple[float, float]:
            bench.tables["marks"] = tables["marks"].model_copy(update={"rules": chosen})
            watch, start = Stopwatch(judge), time.perf_counter()
            run_rules(bench, data, workspace, watch)  # type: ignore[arg-type]
            return time.perf_counter() - start, watch.seconds

        facts["all_rules"], facts["judged_by_value"] = run(rules, Verdicts(None).judge)
        facts["all_rules_bare"], facts["judged_bare"] = run(rules, gx.run)
        facts["rules"] = {rule.id: round(run([rule], Verdicts(None).judge)[0], 3) for rule in rules}
    facts = {name: round(value, 3) if isinstance(value, float) else value for name, value in facts.items()}
    facts["times_faster"] = round(facts["judged_bare"] / facts["judged_by_value"], 1)
    facts["memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    show(number, facts)
    return facts


def show(number: int, facts: dict[str, Any]) -> None:
    """For people."""
    dear = sorted(facts["rules"].items(), key=lambda item: -item[1])[:6]
    print(
        f"{number:>9} marks: tables {facts['tables_set_up']:.2f} s, all {len(facts['rules'])} rules "
        f"{facts['all_rules']:.2f} s (bare Great Expectations {facts['all_rules_bare']:.2f} s); judging alone "
        f"{facts['judged_by_value']:.2f} s against {facts['judged_bare']:.2f} s, {facts['times_faster']:.1f} x; "
        f"{facts['memory_mb']} MB\n{'':11}dearest: " + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in dear)
    )


def intake(number: int) -> Any:
    """Marks as intake would have read them, fifteen a pupil, with the list of their pupils."""
    import pandas as pd

    from soko.intake.model import CHANGE_COLUMNS, PEOPLE_COLUMNS, TOTAL_COLUMNS, Intake, RawTable

    dice = random.Random(1)
    pupils = -(-number // len(SUBJECTS))
    places = [divmod(i, CLASS) for i in range(pupils)]
    classes = [f"{7 + own % 3}{LETTERS[own // 3 % 28]}{own // 84 or ''}" for own, _ in places]
    codes = [f"p_{i:012x}" for i in range(pupils)]
    people = pd.DataFrame({"school_id": "s", "pupil_id": codes, "class": classes, "sex": "м"}, dtype=object)
    whose = [i // len(SUBJECTS) for i in range(number)]
    marks = pd.DataFrame(
        {
            "school_id": "s",
            "pupil_id": [codes[i] for i in whose],
            "class": [classes[i] for i in whose],
            "subject": [SUBJECTS[i % len(SUBJECTS)] for i in range(number)],
            "mark": dice.choices(("5", "4", "3", "2", "н/а", "осв"), (30, 40, 24, 2, 1, 1), k=number),
        },
        dtype=object,
    )
    tables = {}
    for name, frame in (("pupils", people), ("marks", marks)):
        frame["_file"], frame["_sheet"], frame["_row"], frame["_col"] = f"{name}.csv", "CSV", range(len(frame)), ""
        tables[name] = RawTable(frame)
    frames = [pd.DataFrame(columns=columns) for columns in (CHANGE_COLUMNS, TOTAL_COLUMNS, PEOPLE_COLUMNS)]
    return Intake(tables, [], frames[0], frames[1], [], frames[2])


if __name__ == "__main__":
    main()

"""`make bench`: soko against the stock way, on the same notebooks in the same run; prints medians and ratios.

The stock way is the papermill command line per notebook, then `jupyter nbconvert --to html`, then a PDF through a
browser (`--to webpdf` where playwright is installed, else Chromium's own print of the same HTML, else left out).
Writes benchmarks/results.json. No figure here is a test: machines differ. What each line means: docs/performance.md.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from measure import Times, measure, measure_warm
from results import record, surroundings
from ways import CHECKING, PERIOD, Soko, Stock

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Measure, print the table, write the results."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--notes", type=int, default=60, help="how many notes in the long run")
    arguments.add_argument(
        "--stock-notes", type=int, default=6, help="of which so many are timed the stock way, then scaled"
    )
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        workspace = Path(scratch) / "school"
        for name in ("params", "validation", "notebooks", "data/incoming"):
            shutil.copytree(ROOT / name, workspace / name)
        rows = bench(Soko(workspace), Stock(workspace, Path(scratch) / "stock"), options)
    show(rows)
    write(rows, options.runs)


class Rows(dict[str, tuple[Times, str]]):
    """Name -> times and the name of the line that it is compared with; says what it gets as it gets it."""

    def __setitem__(self, name: str, row: tuple[Times, str]) -> None:
        super().__setitem__(name, row)
        print(f"{name}: {row[0].median:.2f} s", file=sys.stderr, flush=True)


def bench(soko: Soko, stock: Stock, options: argparse.Namespace) -> dict[str, tuple[Times, str]]:
    """All measurements."""
    runs, many = options.runs, options.notes
    rows = Rows()
    cold = measure(soko.report, runs, soko.forget, memory=True)
    documents = soko.documents()
    stock_all = f"stock, {len(CHECKING) + sum(map(len, documents.values()))} notebooks, html + {stock.pdf}"
    rows["report, cold"] = cold, stock_all
    rows["report --force, comparisons known"] = measure(soko.force, runs), stock_all
    rows["report, nothing changed"] = measure(soko.report, max(runs, 5)), stock_all
    rows["report, one mark changed"] = measure(soko.report, runs, soko.change_a_mark), "report, cold"
    rows["report, wording changed"] = measure(soko.report, runs, soko.change_the_wording), "report, cold"
    rows["soko --help"] = measure(soko.help, max(runs, 7)), ""
    rows["soko status"] = measure(soko.status, max(runs, 5)), ""
    rows["note, warm: cells alone"] = measure_warm(soko.cells_alone, runs), ""
    rows["note, warm: HTML + PDF"] = measure_warm(soko.warm_note, runs), "note, warm: cells alone"
    rows[f"{many} notes"] = measure(lambda: soko.many_notes(many), 1, memory=True), f"{many} notes, stock loop"
    rows[stock_all] = measure(lambda: stock.everything(documents), 1), ""
    one = measure(stock.one_note, options.stock_notes, memory=True)
    rows["one note, stock"] = one, ""
    rows[f"{many} notes, stock loop"] = one.scaled(many), ""
    two = measure(stock.two_notes, max(options.stock_notes // 2, 1))
    rows[f"{many} notes, stock, two at a time"] = two.scaled(many / 2), ""
    soko.close()
    return rows


def show(rows: dict[str, tuple[Times, str]]) -> None:
    """The table for people."""
    print(f"{'what':52}{'median, s':>10}{'min':>8}{'max':>8}{'memory, MB':>12}  compared")
    for name, (times, other) in rows.items():
        ratio = f"{rows[other][0].median / times.median:.1f} x faster than {other}" if other else ""
        memory = f"{times.memory:.0f}" if times.memory else ""
        print(f"{name:52}{times.median:>10.2f}{times.least:>8.2f}{times.most:>8.2f}{memory:>12}  {ratio}")


def write(rows: dict[str, tuple[Times, str]], runs: int) -> None:
    """benchmarks/results.json: figures with what they were measured on."""
    record(
        **surroundings(), runs=runs, period=PERIOD, seconds={name: times.facts() for name, (times, _) in rows.items()}
    )


if __name__ == "__main__":
    main()

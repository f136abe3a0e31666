"""`make bench`: whole processes, soko against the stock way, on the same notebooks in the same run.

The stock way is the papermill command line per notebook, then `jupyter nbconvert --to html`, then a PDF through a
browser (`--to webpdf` where playwright is installed, else Chromium's own print of the same HTML, else left out).
Prints medians and ratios, writes benchmarks/results.json. No figure here is a test: machines differ.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PERIOD = "2025-2026/q4"
NOTEBOOKS = ["01_validate", "02_indicators", "notes/academic_results", "annexes/pupils"]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


def main() -> None:
    """Measure, print the table, write the results."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=3)
    runs = arguments.parse_args().runs
    with tempfile.TemporaryDirectory() as scratch:
        workspace = Path(scratch) / "school"
        for name in ("params", "validation", "notebooks", "data/incoming"):
            shutil.copytree(ROOT / name, workspace / name)
        cold = measure(lambda: soko(workspace, "report", PERIOD), runs, lambda: forget(workspace))
        same = measure(lambda: soko(workspace, "report", PERIOD), runs)
        help_ = measure(lambda: soko(workspace, "--help"), max(runs, 5))
        stock = measure(lambda: stock_way(workspace, Path(scratch) / "stock"), runs, lambda: forget(workspace))
    rows = {
        "report, cold: 4 notebooks, HTML + PDF + DOCX": cold,
        "report, nothing changed": same,
        "soko --help": help_,
        f"stock: papermill + nbconvert html + {pdf_route()}": stock,
    }
    print(f"{'what':62}{'median, s':>10}{'of stock':>10}")
    for name, seconds in rows.items():
        print(f"{name:62}{seconds:>10.2f}{seconds / stock:>10.1%}")
    write({name: round(seconds, 3) for name, seconds in rows.items()}, runs)


def measure(work: Callable[[], None], runs: int, before: Callable[[], None] = lambda: None) -> float:
    """Median wall time of ``work`` in seconds; ``before`` is not timed."""
    times = []
    for _ in range(runs):
        before()
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def forget(workspace: Path) -> None:
    """Remove everything computed, as on a machine that has just been set up."""
    for name in ("outputs", "data/clean", "data/history", "data/private"):
        shutil.rmtree(workspace / name, ignore_errors=True)


def soko(workspace: Path, *arguments: str) -> None:
    """One call of the CLI as a process."""
    call([str(BIN / "soko"), *arguments], workspace)


def stock_way(workspace: Path, out: Path) -> None:
    """The same notebooks, one command after another."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    for name in NOTEBOOKS:
        target = out / f"{Path(name).name}.ipynb"
        more = ["-p", "out", str(out / "results")] if name[0].isdigit() else []
        values = ["-p", "workspace", str(workspace), "-p", "period", PERIOD, *more]
        source = workspace / "notebooks" / f"{name}.ipynb"
        call([str(BIN / "papermill"), str(source), str(target), "--no-progress-bar", *values], workspace)
        convert = [str(BIN / "jupyter"), "nbconvert", "--no-input", str(target), "--to"]
        call([*convert, "html"], workspace)
        if importlib.util.find_spec("playwright"):
            call([*convert, "webpdf"], workspace)
        elif CHROMIUM:
            page = target.with_suffix(".html")
            call([CHROMIUM, *QUIET, f"--print-to-pdf={page.with_suffix('.pdf')}", page.as_uri()], workspace)


def pdf_route() -> str:
    """How the stock way makes its PDF on this machine."""
    if importlib.util.find_spec("playwright"):
        return "webpdf"
    return "print by Chromium" if CHROMIUM else "no PDF (no browser here)"


def call(command: list[str], workspace: Path) -> None:
    """Run a process quietly; stop with its output when it fails."""
    environment = {**os.environ, "SOKO_WORKSPACE": str(workspace)}
    done = subprocess.run(command, cwd=workspace, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")


def write(medians: dict[str, float], runs: int) -> None:
    """benchmarks/results.json: figures with what they were measured on."""
    sys.path.insert(0, str(ROOT / "src"))
    from soko import __version__
    from soko.run.hashing import versions

    machine = {"system": platform.system(), "machine": platform.machine(), "cores": os.cpu_count()}
    facts = {"soko": __version__, "runs": runs, "machine": machine, "versions": versions(), "median_seconds": medians}
    (ROOT / "benchmarks" / "results.json").write_text(
        json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()

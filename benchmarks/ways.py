"""The two ways to make the same documents: soko, and papermill with nbconvert from the command line."""

from __future__ import annotations

import importlib.util
import json
import random
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from measure import call

BIN = Path(sys.executable).parent
PERIOD = "2025-2026/q4"
NOTE = "notes/academic_results"
CHECKING = ["01_validate", "02_indicators", "annexes/pupils"]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


class Soko:
    """Our way; whole processes but for the warm notes, whose servers are warm only while a process lives."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        self.random = random.Random(1)

    def forget(self) -> None:
        """Remove everything computed, as on a machine that has just been set up."""
        for name in ("outputs", "data/clean", "data/history", "data/private"):
            shutil.rmtree(self.workspace / name, ignore_errors=True)

    def report(self) -> None:
        """``soko report``."""
        self._soko("report", PERIOD)

    def force(self) -> None:
        """``soko report --force``."""
        self._soko("report", PERIOD, "--force")

    def help(self) -> None:
        """``soko --help``."""
        self._soko("--help")

    def status(self) -> None:
        """``soko status``."""
        self._soko("status")

    def documents(self) -> dict[str, list[str]]:
        """The notes of the period, with the class or area of each document (empty: the school), as last published."""
        from soko.periods import Period
        from soko.run import sweeps
        from soko.workspace import Workspace

        place, period = Workspace(self.workspace), Period.parse(PERIOD)
        asked = sweeps.select(place, period, None)
        found: dict[str, list[str]] = {}
        for item in sweeps.documents(place, asked, place.outputs(period) / "indicators.parquet"):
            found.setdefault(item.note, []).append(item.of)
        return found

    def change_a_mark(self) -> None:
        """Another mark in one cell of one gradebook."""
        import openpyxl

        book = next(iter(sorted((self.workspace / "data" / "incoming" / PERIOD).rglob("*8А*.xlsx"))))
        loaded = openpyxl.load_workbook(book)
        cells = [cell for row in loaded.worksheets[0].iter_rows(min_row=10) for cell in row[2:] if cell.value in (3, 4)]
        cell = self.random.choice(cells)
        cell.value = 7 - cell.value
        loaded.save(book)

    def change_the_wording(self) -> None:
        """A comment in the file of sentences."""
        path = self.workspace / "params" / "narrative" / "academic_results.yaml"
        path.write_text(f"{path.read_text(encoding='utf-8')}\n# {self.random.random()}\n", encoding="utf-8")

    def warm_note(self, target: str = "warm") -> None:
        """One note, HTML and PDF, with the servers up and everything else known."""
        self._jobs([target])

    def many_notes(self, number: int) -> None:
        """The note ``number`` times into as many files, on all cores."""
        self._jobs([f"note{i}" for i in range(number)])

    def cells_alone(self) -> float:
        """Seconds that the note's own cells take, summed (papermill's record of each cell)."""
        import papermill

        source, target = self.workspace / "notebooks" / f"{NOTE}.ipynb", self.workspace / "outputs" / "cells.ipynb"
        values = {"workspace": str(self.workspace), "period": PERIOD}
        papermill.execute_notebook(str(source), str(target), values, engine_name="soko", progress_bar=False)
        cells = json.loads(target.read_text(encoding="utf-8"))["cells"]
        target.unlink()
        return sum(cell["metadata"].get("papermill", {}).get("duration") or 0 for cell in cells)

    def close(self) -> None:
        """End the servers."""
        from soko.run import forks

        forks.close()

    def _jobs(self, names: list[str]) -> None:
        from soko.periods import Period
        from soko.run import forks, jobs, pieces
        from soko.workspace import Workspace

        forks.start("notes")
        folder = self.workspace / "outputs" / "bench"
        values = {"workspace": str(self.workspace), "period": PERIOD}
        work = [
            jobs.Job(
                name,
                "notebook",
                {
                    "name": NOTE,
                    "target": str(folder / f"{name}.ipynb"),
                    "parameters": values,
                    "formats": ["html", "pdf"],
                },
                prepare=pieces.prepared(Workspace(self.workspace), Period.parse(PERIOD)),
            )
            for name in names
        ]
        jobs.run(work, pieces.silent)
        shutil.rmtree(folder)

    def _soko(self, *arguments: str) -> None:
        call([str(BIN / "soko"), *arguments], self.workspace)


class Stock:
    """One command after another, a stock kernel each."""

    def __init__(self, workspace: Path, out: Path) -> None:
        self.workspace, self.out = workspace, out
        webpdf = importlib.util.find_spec("playwright") is not None
        self.pdf = "webpdf" if webpdf else "print by Chromium" if CHROMIUM else "no PDF (no browser here)"

    def everything(self, documents: dict[str, list[str]]) -> float:
        """Seconds of all notebooks of the report, one after another.

        Of a note about each class one document is timed and counted as often as there are classes.
        """
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir()
        seconds = 0.0
        for name in CHECKING:
            more = ["-p", "out", str(self.out / "results")] if name[0].isdigit() else []
            seconds += self._timed(name, more)
        for note, about in documents.items():
            seconds += self._timed(f"notes/{note}", ["-p", "of", about[0]] if about[0] else []) * len(about)
        return seconds

    def _timed(self, name: str, more: list[str]) -> float:
        start = time.perf_counter()
        self._one(name, Path(name).name, more)
        return time.perf_counter() - start

    def one_note(self, name: str = "one") -> None:
        """The note, everything that it reads being there."""
        self.out.mkdir(exist_ok=True)
        self._one(NOTE, name, [])

    def two_notes(self) -> None:
        """Two notes side by side."""
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(self.one_note, ("first", "second")))

    def _one(self, name: str, target: str, more: list[str]) -> None:
        source, made = self.workspace / "notebooks" / f"{name}.ipynb", self.out / f"{target}.ipynb"
        values = ["-p", "workspace", str(self.workspace), "-p", "period", PERIOD, *more]
        call([str(BIN / "papermill"), str(source), str(made), "--no-progress-bar", *values], self.workspace)
        convert = [str(BIN / "jupyter"), "nbconvert", "--no-input", str(made), "--to"]
        call([*convert, "html"], self.workspace)
        if self.pdf == "webpdf":
            call([*convert, "webpdf"], self.workspace)
        elif CHROMIUM:
            page = made.with_suffix(".html")
            call([CHROMIUM, *QUIET, f"--print-to-pdf={page.with_suffix('.pdf')}", page.as_uri()], self.workspace)

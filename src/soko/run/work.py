"""Pieces of a run as plain functions of strings, so that a forked process can be asked to do one.

Each works in a process of its own where forking is possible, and in the caller's elsewhere (see ``soko.run.jobs``).
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from soko.errors import SokoError, UsageError
from soko.periods import Period
from soko.workspace import Workspace

FORMATS = ("html", "pdf", "docx")


def refresh(workspace: str, period: str) -> None:
    """Bring the history of a compared period up to date."""
    from soko.run import steps

    steps.refresh(Workspace.open(workspace), Period.parse(period))


def check_alone(workspace: str, period: str) -> None:
    """Check the files of a part of a year."""
    from soko.run import steps

    steps.check_alone(Workspace.open(workspace), Period.parse(period))


def combine(workspace: str, period: str, out: str) -> None:
    """Put the clean tables of a year of parts together; ``out``/findings.csv."""
    from soko.run import years

    years.combine(Workspace.open(workspace), Period.parse(period), Path(out))


def read(workspace: str, period: str) -> None:
    """Read the files of a period for the check that follows, which finds what was read (``soko.intake.remembered``).

    What is wrong with them, the check will say.
    """
    from soko.intake import read_period

    with suppress(SokoError):
        read_period(Workspace.open(workspace), Period.parse(period))


def notebook(
    name: str, target: str, parameters: dict[str, str], formats: list[str] | None = None, profile: str = ""
) -> None:
    """Execute a notebook of the workspace (or the package) into ``target``; render it when ``formats`` are given."""
    from soko import resources
    from soko.run.notebooks import execute

    place = Workspace.open(parameters["workspace"])
    source = resources.notebook(name, place.notebooks)
    if source is None:
        raise UsageError(f"нет тетради {name}.ipynb", where=str(place.notebooks))
    executed = execute(source, Path(target), parameters, cwd=place.root, profile=profile)
    if formats:
        from soko import publish

        publish.render(executed, Path(target).with_suffix(""), formats)


def changes(workspace: str, period: str, stage: str) -> None:
    """Compare the values in ``stage`` with the published ones: ``stage``/changes.csv."""
    from soko.run import changes as compared

    compared.record(Workspace.open(workspace), Period.parse(period), Path(stage))


def fingerprints(workspace: str, period: str, stage: str, documents: list[list[str]], target: str) -> None:
    """Hashes of what each of ``documents`` (note, class or subject) can read, in their order: JSON in ``target``."""
    import json
    from dataclasses import replace

    from soko.notes import focus
    from soko.notes.data import read
    from soko.notes.fingerprint import fingerprint

    data = read(Workspace.open(workspace), Period.parse(period), Path(stage))
    found = [fingerprint(focus.on(replace(data, note=note), of)) for note, of in documents]
    Path(target).write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


def order(workspace: str, period: str, stage: str, note: str, of: str, name: str) -> None:
    """Draft the order that follows from a note, and its extract: ``stage``/orders/``name``.docx."""
    from soko.notes import focus
    from soko.notes.data import read
    from soko.orders.content import order_of
    from soko.orders.drafts import draft

    place = Workspace.open(workspace)
    data = focus.on(read(place, Period.parse(period), Path(stage), note), of)
    draft(place, order_of(data), Path(stage) / "orders", name)


def released(workspace: str, period: str, stage: str) -> None:
    """``stage``/public/indicators.parquet: what of the period's figures may be published, the others hidden."""
    from soko.disclosure.release import prepare

    prepare(Workspace.open(workspace), Period.parse(period), Path(stage))


def self_assessment_files(workspace: str, period: str, audience: str, out: str, target: str) -> None:
    """What stands beside the report ``target``: the table of order 1324, remarks, what next year is held against."""
    from soko.self_assessment import files, open_self_assessment

    report = open_self_assessment(workspace, period, audience, out)
    if audience == "internal":
        files.leave(report, Path(target), Path(target).parent)
    else:
        files.tables_and_workbook(report, Path(target).parent)


def indicators_workbook(workspace: str, period: str, stage: str) -> None:
    """``stage``/indicators.xlsx from ``stage``/indicators.parquet."""
    from soko.indicators import workbook

    workbook.write(Workspace.open(workspace), Period.parse(period), Path(stage))


def technical_view(out: str, made_by: str) -> None:
    """Great Expectations' pages of a check that has left its checks.json in ``out``; those that would be the same stay.

    ``made_by`` names the code and the libraries.
    """
    from soko.validation import docs

    docs.render(Path(out), made_by)


def render(target: str, formats: list[str] | None = None, reference: str = "") -> None:
    """HTML, PDF and DOCX beside the executed notebook; ``reference`` is the Word file whose look the last one gets."""
    from soko import publish

    path = Path(target)
    publish.render(path, path.with_suffix(""), tuple(formats or FORMATS), Path(reference) if reference else None)

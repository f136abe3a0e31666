"""Winners of contests by name: only those whose consent to publication was given by the day of the document.

Names stand in data/private and leave it here alone. A row without a consent, or with one given after the document's
day, has no name, and neither has a pupil whom the register of people does not know. A consent may end or be withdrawn
(``consent_until``, its last day): what is published later has no name, and what was published is no longer allowed.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date
from itertools import groupby
from pathlib import Path

from soko import clean, russian
from soko.datapackage.csvfile import cell
from soko.errors import UsageError
from soko.params import Params
from soko.periods import Period
from soko.publish.blocks import Block, Head, Prose, Row, Table
from soko.reports.settings import Winners
from soko.tables import load_tables
from soko.workspace import Workspace

#: A team has the consent of each of its members in a row of its own.
_PLACES = {"победитель": 0, "призёр": 1, "лауреат": 2}


@dataclass(frozen=True)
class Winner:
    """A pupil who may be named: surname and first name, what he won, at which level."""

    name: str
    event: str
    subject: str
    level: str
    result: str


def named(
    workspace: Workspace, period: Period, on: date, settings: Winners, published: date | None = None
) -> tuple[list[Winner], bool]:
    """Winners who may be named on the day ``on``, the highest level first; whether there are others beside them.

    ``published`` is the day on which the document leaves the school: a consent that has ended by then names nobody.
    Nothing without a table of contests or a register of people.
    """
    table = clean.read(workspace.clean(period), load_tables(workspace)["contests"])
    if table is None:
        return [], False
    people = _names(workspace, period)
    found: list[Winner] = []
    others = False
    for row in table.to_pylist():
        if row["event_level"] not in settings.levels or row["result"] not in settings.results:
            continue
        name, until = people.get(row["pupil_id"] or "", ""), row.get("consent_until")
        if not name or not consents(row["consent_on"], on, until) or ended(until, published):
            others = True
            continue
        subject = row["subject"] or ""
        found.append(Winner(name, row["event"] or "", subject, row["event_level"], row["result"]))
    order = {level: at for at, level in enumerate(settings.levels)}
    found = sorted(
        set(found),
        key=lambda item: (-order[item.level], _PLACES.get(item.result, 9), item.event, item.subject, item.name),
    )
    return found[: settings.limit], others or len(found) > settings.limit


def consents(given: date | None, on: date, until: date | None = None) -> bool:
    """Whether a consent is valid on the day: a date that is not later, and no end before the day."""
    return given is not None and given <= on and not ended(until, on)


def ended(until: date | None, on: date | None) -> bool:
    """Whether a consent whose last day is ``until`` is over on a day (None: no end, no day)."""
    return until is not None and on is not None and until < on


def still(workspace: Workspace, folder: Path, on: date | None) -> list[Winner]:
    """Of those named in ``folder``/winners.csv (outputs/<period>/public) who may be named on a day, as is known now.

    Where a consent has an end and no day is given, nobody. Of a period whose table is gone, as it was released.
    """
    found = released(folder)[0]
    try:
        period = Period.parse(folder.parent.relative_to(workspace.root / "outputs").as_posix())
    except UsageError:  # what a run that was stopped has left: nobody reads it
        return []
    table = clean.read(workspace.clean(period), load_tables(workspace)["contests"]) if found else None
    if table is None:
        return found
    people, held = _names(workspace, period), set[tuple[str, str]]()
    for row in table.to_pylist():
        until = row.get("consent_until")
        if row["consent_on"] is not None and (until is None or (on is not None and not ended(until, on))):
            held.add((people.get(row["pupil_id"] or "", ""), row["event"] or ""))
    return [item for item in found if (item.name, item.event) in held]


def release(
    workspace: Workspace, period: Period, settings: Winners, folder: Path, published: date | None = None
) -> Path:
    """Write who may be named into ``folder``/winners.csv: the public report has no other way to a name.

    ``published``: the day of publication, today when not given.
    """
    found, others = named(workspace, period, day(workspace, period), settings, published or date.today())
    path = folder / NAME
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([field.name for field in fields(Winner)])
        writer.writerows([cell(value) for value in astuple(item)] for item in found)
        if others:  # that there are more is no secret, how many is
            writer.writerow([_OTHERS, *[""] * (len(fields(Winner)) - 1)])
    return path


def released(folder: Path) -> tuple[list[Winner], bool]:
    """Who is named in ``folder``/winners.csv, and whether there are others; nobody where there is no such file."""
    path = folder / NAME
    if not path.is_file():
        return [], False
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [Winner(**row) for row in rows if row["name"] != _OTHERS], any(row["name"] == _OTHERS for row in rows)


def blocks(found: Sequence[Winner], others: bool) -> list[Block]:
    """The table of those who may be named, and what is true of the others; nothing where nobody won anything."""
    if not found:
        return [Prose(markdown=_NOBODY)] if others else []
    rows: list[Row] = []
    for level, of_level in groupby(found, key=lambda item: item.level):
        rows.append(Row(cells=[russian.upper_first(f"{level} уровень")], kind="section"))
        won: dict[str, dict[str, list[str]]] = {}
        for item in of_level:
            subject = f"{russian.lower_first(item.subject)} – " if item.subject else ""
            won.setdefault(item.name, {}).setdefault(item.event, []).append(f"{subject}{item.result}")
        rows += [
            Row(cells=[name, "; ".join(f"{event}: {', '.join(places)}" for event, places in events.items())])
            for name, events in won.items()
        ]
    notes = ["Названы те, кто (или чьи родители) дал согласие на публикацию."]
    if others:
        notes.append("Имена остальных победителей и призёров не публикуются.")
    columns = [Head(title="Ученик", width=1.4), Head(title="Мероприятие и результат", width=3.6)]
    return [Table(caption="Победители и призёры", columns=columns, rows=rows, notes=notes, label="winners")]


NAME = "winners.csv"
_OTHERS = "другие"
_NOBODY = "Имена победителей и призёров не публикуются: согласия на это нет."


def day(workspace: Workspace, period: Period) -> date:
    """The day of a period's documents: when they were approved, else its end."""
    params = Params(workspace)
    return params.period(period).approved_on or params.dates(period).end


def _names(workspace: Workspace, period: Period) -> dict[str, str]:
    """Pseudonym → surname and first name of the period's pupils."""
    path: Path = workspace.private_period(period) / "people.parquet"
    if not path.is_file():
        return {}
    import pyarrow.parquet as pq

    frame = pq.read_table(path, columns=["kind", "pseudonym", "full_name"]).to_pylist()
    return {row["pseudonym"]: " ".join((row["full_name"] or "").split()[:2]) for row in frame if row["kind"] == "pupil"}

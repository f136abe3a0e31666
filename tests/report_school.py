"""A school year of an invented school for tests of the reports: stored figures, clean contests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from note_school import workspace

from soko import clean
from soko.indicators import history, load_catalogue
from soko.notes import gallery
from soko.periods import Period
from soko.tables import load_tables
from soko.workspace import Workspace

YEAR = Period.parse("2025-2026/year")
LAST = date(2026, 5, 26)

#: Indicator, dimensions, part, base – as ``soko.notes.gallery.frame`` takes them.
Figure = tuple[str, dict[str, str], float, float | None]
NOW: list[Figure] = [
    ("movement.at_end", {}, 485, None),
    ("movement.arrived", {}, 6, None),
    ("movement.left", {}, 9, None),
    ("contingent.classes", {}, 22, None),
    ("contingent.class_size", {}, 485, 22),
    ("outcomes.quality", {}, 206, 438),
    ("outcomes.quality", {"level": "НОО"}, 93, 143),
    ("outcomes.quality", {"level": "ООО"}, 82, 231),
    ("outcomes.quality", {"level": "СОО"}, 31, 64),
    ("outcomes.success", {}, 428, 438),
    ("outcomes.failing", {}, 10, 438),
    ("outcomes.certificate_11", {}, 32, 32),
    ("external.gia11_russian", {}, 2144, 32),
    ("external.prizes_by_level", {"item": "муниципальный"}, 18, 485),
    ("external.prizes_by_level", {"item": "региональный"}, 4, 485),
    ("parents.participation", {}, 186, 407),
    ("teachers.pedagogues", {}, 39, None),
    ("teachers.category", {}, 25, 39),
]
BEFORE: list[Figure] = [
    ("movement.at_end", {}, 480, None),
    ("outcomes.quality", {}, 120, 430),
    ("outcomes.success", {}, 428, 430),
    ("external.gia11_russian", {}, 2160, 32),
]


def school(folder: Path, now: Sequence[Figure] = NOW, before: Sequence[Figure] = BEFORE) -> Workspace:
    """A workspace whose history holds the figures of two school years."""
    place = workspace(folder)
    remember(place, now, before)
    return place


def remember(place: Workspace, now: Sequence[Figure] = NOW, before: Sequence[Figure] = BEFORE) -> None:
    """Store the figures of both years, as those of the clean tables that are there."""
    catalogue = load_catalogue(place, bind=False)
    for period, rows in ((YEAR, now), (YEAR.previous(), before)):
        if rows:
            history.update(place, period, gallery.frame(list(rows), period), catalogue)


def won(pupil: str, consent: date | None, **more: Any) -> dict[str, Any]:
    """A row of contests: a winner of the municipal stage in physics."""
    own = {"event": "Олимпиада", "subject": "Физика", "event_level": "муниципальный", "result": "победитель"}
    return {"school_id": "sosh4", "pupil_id": pupil, "class": "9А", **own, "consent_on": consent, **more}


def contests(place: Workspace, *rows: dict[str, Any]) -> None:
    """Hand in the rows as the clean table of contests, with the names of p1, p2, … in data/private."""
    names = {"p1": "Иванов Пётр Сергеевич", "p2": "Смирнова Анна Олеговна", "p3": "Кузнецов Олег"}
    table = load_tables(place)["contests"]
    clean.write({"contests": clean.typed(pd.DataFrame(rows), table)}, place.clean(YEAR))
    people = [
        {"kind": "pupil", "pseudonym": code, "full_name": name, "birth_date": "2010-01-01", "class": "9А"}
        for code, name in names.items()
    ]
    people.append({"kind": "staff", "pseudonym": "t1", "full_name": "Учителева Ольга Ильинична"})
    folder = place.private_period(YEAR)
    folder.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(people).to_parquet(folder / "people.parquet", index=False)
    remember(place)


def text_of(blocks: Sequence[Any]) -> str:
    """All that blocks say in words: prose, cells, captions, what is said of a figure."""
    said = []
    for block in blocks:
        said += [getattr(block, name, "") for name in ("markdown", "caption", "alt", "source", "title", "mark")]
        said += [cell for row in getattr(block, "rows", []) for cell in row.cells]
        said += getattr(block, "notes", [])
    return "\n".join(filter(None, said)).replace("\xa0", " ")

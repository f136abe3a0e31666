"""data/releases: everything that has left the school, so that a new document cannot tell what an earlier one hid.

``<period>/<NNN>/cells.parquet`` has what a reader saw: the masked table. Of a hidden count it keeps no value, only an
HMAC with the workspace's key, by which the workspace itself notices that the count behind has been corrected since.
``release.json`` beside it says by which thresholds, from what, whither, when, and who confirmed it; ``audit.html`` the
same for the head teacher.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from soko.disclosure import audit_page, register_page
from soko.disclosure.settings import Thresholds
from soko.errors import DataError, FailureError, UsageError
from soko.hashes import sha256_file
from soko.hints import publishing
from soko.params import Params
from soko.periods import Period
from soko.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

CELLS, RECORD = "cells.parquet", "release.json"
#: What ``release.prepare`` leaves: the public table, and for the school alone the audit and the signed cells.
PUBLIC, TABLE, FOLDER, AUDIT = "public", "indicators.parquet", "disclosure", "audit.json"
#: What two releases have in common that are one: the audit of the second speaks of the first.
_SAME = ("table", "published", "to", "confirmed_by", "thresholds")
#: Whole numbers that may stand behind a hidden count; a sum that is larger or no whole number is not recalled.
_LARGEST = 2000


@dataclass(frozen=True)
class Entry:
    """A release that has left the school: its period and number, its folder, and what its record says."""

    period: Period
    number: int
    folder: Path
    record: dict[str, Any]

    @property
    def name(self) -> str:
        """«2025-2026/q3, выпуск 2»."""
        return f"{self.period.id}, выпуск {self.number}"

    @property
    def limits(self) -> Thresholds:
        """The thresholds by which it was hidden."""
        return Thresholds(**self.record["thresholds"]["value"])

    @property
    def table(self) -> str:
        """SHA-256 of the masked table: the state of the data that the release shows."""
        return str(self.record["table"])

    def cells(self) -> pd.DataFrame:
        """What a reader saw: the public columns, with ``part_hash`` and ``base_hash`` of hidden counts."""
        import pandas as pd

        path = self.folder / CELLS
        if not path.is_file() or sha256_file(path) != self.record["cells"]:
            raise DataError(
                "таблица выпуска в реестре публикаций испорчена или пропала",
                where=str(path),
                todo="верните её из резервной копии: без неё нельзя проверить, что новый выпуск не раскроет скрытое",
            )
        return pd.read_parquet(path)


def earlier(workspace: Workspace) -> list[Entry]:
    """All releases of the workspace, by period and number. DataError when a record cannot be read."""
    found = [_read(path) for path in sorted(workspace.releases.rglob(RECORD))]
    return sorted(found, key=lambda entry: (entry.period, entry.number))


def latest(workspace: Workspace, period: Period) -> Entry | None:
    """The period's last release; None before the first. What is older than this one must not replace it."""
    return max((one for one in earlier(workspace) if one.period == period), key=lambda one: one.number, default=None)


def record(
    workspace: Workspace,
    period: Period,
    out: Path,
    *,
    to: str,
    published: Mapping[str, str],
    confirmed_by: str,
    on: date | None = None,
) -> Entry:
    """Note that what ``release.prepare`` has left below ``out`` has left the school, ``on`` that day.

    ``published`` is SHA-256 by file, ``to`` where they were put. What the last release of the period says already, file
    for file, is not noted twice. UsageError without the name of who confirmed it, FailureError when the files below
    ``out`` are not those of one preparation.
    """
    if not confirmed_by.strip():
        raise UsageError("не указано, кто подтвердил публикацию", todo="назовите должность и имя ответственного")
    content = {
        **_prepared(workspace, period, out),
        "published": dict(sorted(published.items())),
        "to": to,
        "confirmed_by": confirmed_by.strip(),
    }
    last = latest(workspace, period)
    if last and all(last.record.get(name) == content[name] for name in _SAME):
        return last
    number = last.number + 1 if last else 1
    target = workspace.releases / period.id / f"{number:03d}"
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        shutil.copyfile(out / FOLDER / CELLS, fresh / CELLS)
        content = {**content, "number": number, "on": on.isoformat() if on else ""}
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        (fresh / RECORD).write_text(text, encoding="utf-8")
        school = Params(workspace).school.name_full
        audit_page.write(fresh / audit_page.NAME, content, school)
        fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    register_page.write(workspace, earlier(workspace), school)
    return _read(target / RECORD)


class Cell(NamedTuple):
    """A row of ``cells.parquet``: its counts, NaN where hidden; the sign of why; signatures of what is hidden."""

    numerator: float
    denominator: float
    hidden: str
    part_hash: str
    base_hash: str


def rows(cells: pd.DataFrame) -> Iterator[Cell]:
    """The rows of a release, in their order."""
    for row in zip(*(cells[name].tolist() for name in Cell._fields), strict=True):
        yield Cell(*row)


def sign(secret: bytes, key: tuple[str, ...], value: float) -> str:
    """What the register keeps of a hidden count: without the workspace's key it says nothing."""
    text = "\x1f".join((*key, repr(float(value))))
    return hmac.new(secret, text.encode("utf-8"), hashlib.sha256).hexdigest()[:24]


def recall(secret: bytes, key: tuple[str, ...], signature: str) -> float | None:
    """The count behind a signature, found by trying; None for what is no whole number of a school."""
    return next((float(n) for n in range(_LARGEST + 1) if sign(secret, key, n) == signature), None)


def behind(shown: float, signature: str, secret: bytes, key: tuple[str, ...], now: float = float("nan")) -> float:
    """The count of a cell: what is ``shown`` where nothing is signed; else ``now`` if that was signed, else recalled.

    NaN for a sum that nobody can recall.
    """
    if not signature:
        return shown
    if now == now and sign(secret, key, now) == signature:
        return now
    found = recall(secret, key, signature)
    return float("nan") if found is None else found


def _prepared(workspace: Workspace, period: Period, out: Path) -> dict[str, Any]:
    """The audit below ``out``, once it agrees with the tables beside it."""
    try:
        found: dict[str, Any] = json.loads((out / FOLDER / AUDIT).read_text(encoding="utf-8"))
        told = found["period"], found["table"], found["cells"]
        if told == (period.id, sha256_file(out / PUBLIC / TABLE), sha256_file(out / FOLDER / CELLS)):
            return found
    except (OSError, ValueError, KeyError):
        pass
    raise FailureError(
        f"публичные документы за период {period.id} сделаны не из тех чисел, что заносятся в журнал выпусков",
        where=workspace.relative(out / FOLDER),
        todo=f"выпустите их заново: {publishing(period)} --force, затем повторите команду",
    )


def _read(path: Path) -> Entry:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return Entry(Period.parse(record["period"]), int(record["number"]), path.parent, record)
    except (ValueError, KeyError, TypeError):
        raise DataError(
            "запись реестра публикаций не читается",
            where=str(path),
            todo="верните её из резервной копии: без неё нельзя проверить, что новый выпуск не раскроет скрытое",
        ) from None

"""Indicator values of earlier periods, each with a key that says what they were computed from.

data/history/<period>.parquet is the tidy table, data/history/<period>.json its key: hashes of the clean tables, of
each indicator's definition and of the conventions that the period was counted with. A value is compared with a new
one only while its definition still holds; a change of definition must not look like a change in the school.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from soko.errors import DataError
from soko.indicators import calendar
from soko.indicators.catalogue import Catalogue, load_catalogue
from soko.indicators.output import read, write_parquet
from soko.indicators.settings import read_settings
from soko.periods import Period, stored as stored_periods
from soko.retention.marks import kept
from soko.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class State:
    """What is known of a stored period.

    ``changed``: indicators whose definition or convention is another one now. ``stale``: the clean tables of the
    period are there and differ from those that the values were computed from – unless personal data were removed from
    them (``soko.retention``): then the values stay.
    """

    known: bool
    changed: tuple[str, ...] = ()
    stale: bool = False

    @property
    def current(self) -> bool:
        """Values may be used as they are."""
        return self.known and not self.changed and not self.stale


class Stored(NamedTuple):
    """The tidy table of a period, and the indicators in it that may not be used: they mean something else now."""

    path: Path
    changed: tuple[str, ...]


def update(workspace: Workspace, period: Period, frame: pd.DataFrame, catalogue: Catalogue) -> Path:
    """Store the period's values with their key; return the path of the Parquet file. The key is written last."""
    path = _path(workspace, period, ".parquet")
    path.parent.mkdir(parents=True, exist_ok=True)
    key = {
        "period": period.id,
        "clean": _clean_hashes(workspace, period),
        "definitions": definitions(workspace, period, catalogue),
    }
    sidecar = _path(workspace, period, ".json")
    sidecar.unlink(missing_ok=True)  # values without a key are unknown values, never trusted ones
    _replace(path, lambda target: write_parquet(frame, target))
    text = json.dumps(key, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    _replace(sidecar, lambda target: target.write_text(text, encoding="utf-8"))
    return path


def state(workspace: Workspace, period: Period, catalogue: Catalogue | None = None) -> State:
    """Whether the period is stored, and what of it no longer holds."""
    key = _key(workspace, period)
    if key is None or not _path(workspace, period, ".parquet").is_file():
        return State(known=False)
    now = definitions(workspace, period, catalogue or load_catalogue(workspace, bind=False))
    changed = tuple(sorted(name for name, value in key["definitions"].items() if now.get(name) != value))
    clean = _clean_hashes(workspace, period)
    stale = bool(clean) and clean != key["clean"] and not kept(workspace, period)
    return State(known=True, changed=changed, stale=stale)


def load(workspace: Workspace, period: Period, catalogue: Catalogue | None = None) -> pd.DataFrame | None:
    """Stored values that may be compared with today's, or None when there are none.

    Indicators whose definition has changed since are left out (``state`` names them), and the whole period is None
    while its clean tables are newer than its values: ``refresh`` computes it again.
    """
    return load_with_state(workspace, period, catalogue)[0]


def load_with_state(
    workspace: Workspace, period: Period, catalogue: Catalogue | None = None
) -> tuple[pd.DataFrame | None, State]:
    """What ``load`` gives, and the state that says why something is not in it."""
    found = state(workspace, period, catalogue)
    if not found.known or found.stale:
        return None, found
    frame = read(_path(workspace, period, ".parquet"))
    frame = frame[~frame["indicator"].isin(found.changed)].reset_index(drop=True)
    return None if frame.empty else frame, found


def stored(
    workspace: Workspace, period: Period, catalogue: Catalogue | None = None, found: State | None = None
) -> Stored | None:
    """Where the values that ``load`` gives stand, for who reads them in another way; None when there are none.

    ``found`` is the period's ``state``, from who has asked for it already.
    """
    found = found or state(workspace, period, catalogue)
    return Stored(_path(workspace, period, ".parquet"), found.changed) if found.known and not found.stale else None


values = load


def refresh(workspace: Workspace, period: Period, catalogue: Catalogue | None = None) -> pd.DataFrame | None:
    """``load``, after computing the period anew when its values do not hold and its clean tables are still there."""
    from soko.indicators.engine import compute

    catalogue = catalogue or load_catalogue(workspace, bind=False)
    found = state(workspace, period, catalogue)
    if not found.current and not kept(workspace, period) and (workspace.clean(period) / "pupils.parquet").is_file():
        frame = compute(workspace, period, catalogue)
        update(workspace, period, frame, catalogue)
        return frame
    return load(workspace, period, catalogue)


def periods(workspace: Workspace) -> list[Period]:
    """Periods that history knows, in order."""
    return stored_periods(workspace.history)


def definitions(workspace: Workspace, period: Period, catalogue: Catalogue) -> dict[str, str]:
    """Hash of each indicator's SQL and of the settings that this SQL names, as they are for the period now.

    In a calendar year the rule by which data are taken belongs to it.
    Movement must not be forgotten because a school changed the place of «н/а».
    """
    record = read_settings(workspace, period).record()
    result = {}
    takes: dict[str, str] = {}
    if calendar.is_combined(workspace, period):
        takes = {name: rule.take for name, rule in calendar.rules(workspace, period, catalogue).items()}
    for item in catalogue.for_period(period):
        sql = catalogue.definition(item.id)
        used = {name: value for name, value in record.items() if name in _words(sql)}
        text = sql + json.dumps(used, ensure_ascii=False, sort_keys=True) + takes.get(item.id, "")
        result[item.id] = hashlib.sha256(text.encode()).hexdigest()
    return result


@lru_cache(maxsize=2048)
def _words(sql: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", sql))


def _clean_hashes(workspace: Workspace, period: Period) -> dict[str, str]:
    root = workspace.clean(period)
    paths = sorted(root.rglob("*.parquet"))
    return {
        path.relative_to(root).with_suffix("").as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
    }


def _key(workspace: Workspace, period: Period) -> dict[str, Any] | None:
    path = _path(workspace, period, ".json")
    if not path.is_file():
        return None
    try:
        key = json.loads(path.read_text(encoding="utf-8"))
        return {"clean": dict(key["clean"]), "definitions": dict(key["definitions"])}
    except (ValueError, KeyError, TypeError):
        raise DataError(
            "ключ сохранённых показателей не читается",
            where=workspace.relative(path),
            todo="удалите файл: показатели периода вычислятся заново, если его данные на месте",
        ) from None


def _path(workspace: Workspace, period: Period, suffix: str) -> Path:
    return workspace.history / f"{period.id}{suffix}"


def _replace(path: Path, write: Any) -> None:
    """Write beside and move into place: an interrupted run leaves the old file or none, never half of one."""
    beside = path.with_name(f".{path.name}.new")
    try:
        write(beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)

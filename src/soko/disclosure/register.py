"""data/releases: everything that has left the school, so that a new document cannot tell what an earlier one hid.

``<period>/<NNN>/cells.parquet`` has what a reader saw: the masked table. Of a hidden count it keeps no value, only an
HMAC with the workspace's key, by which the workspace itself notices that the count behind has been corrected since.
``release.json`` beside it says by which thresholds, from what, whither, and who confirmed it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soko.disclosure.settings import Thresholds
from soko.errors import DataError, UsageError
from soko.intake.private import private_key
from soko.periods import Period
from soko.run.hashing import sha256_file
from soko.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

    from soko.disclosure.release import Release

CELLS, RECORD = "cells.parquet", "release.json"
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
    workspace: Workspace, release: Release, *, to: str, published: Mapping[str, str], confirmed_by: str
) -> Entry:
    """Note that ``release`` has left the school: ``published`` is SHA-256 by file, ``to`` where they were put.

    What the last release of the period says already, file for file, is not noted twice. UsageError without the name of
    who confirmed it.
    """
    if not confirmed_by.strip():
        raise UsageError("не указано, кто подтвердил публикацию", todo="назовите должность и имя ответственного")
    content = {
        **release.audit,
        "published": dict(sorted(published.items())),
        "to": to,
        "confirmed_by": confirmed_by.strip(),
    }
    last = latest(workspace, release.period)
    if last and all(last.record.get(name) == content[name] for name in _SAME):
        return last
    number = last.number + 1 if last else 1
    target = workspace.releases / release.period.id / f"{number:03d}"
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        _write_cells(workspace, release, fresh / CELLS)
        content = {**content, "number": number, "cells": sha256_file(fresh / CELLS)}
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        (fresh / RECORD).write_text(text, encoding="utf-8")
        fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return _read(target / RECORD)


def sign(secret: bytes, key: tuple[str, ...], value: float) -> str:
    """What the register keeps of a hidden count: without the workspace's key it says nothing."""
    text = "\x1f".join((*key, repr(float(value))))
    return hmac.new(secret, text.encode("utf-8"), hashlib.sha256).hexdigest()[:24]


def recall(secret: bytes, key: tuple[str, ...], signature: str) -> float | None:
    """The count behind a signature, found by trying; None for what is no whole number of a school."""
    return next((float(n) for n in range(_LARGEST + 1) if sign(secret, key, n) == signature), None)


def _write_cells(workspace: Workspace, release: Release, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    secret, frame = private_key(workspace), release.frame
    hashes: dict[str, list[str]] = {"part_hash": [], "base_hash": []}
    seen = zip(frame["numerator"], frame["denominator"], release.keys(), release.behind, strict=True)
    for part, base, key, (true_part, true_base) in seen:
        hashes["part_hash"].append("" if part == part else sign(secret, (*key, "part"), true_part))
        hidden_base = base != base and true_base == true_base
        hashes["base_hash"].append(sign(secret, (*key, "base"), true_base) if hidden_base else "")
    table = pa.Table.from_pandas(frame.assign(**hashes), preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, path, compression="zstd")


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

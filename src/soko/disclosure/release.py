"""One masked table for all public documents of a period: out/public/indicators.parquet and .csv.

What was hidden and why stands in out/disclosure/audit.json, which is for the school alone: who knows for whose sake a
figure is hidden knows more than the figure's sign says. Beside it is what the register keeps once it is published.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from soko.disclosure import audit, audit_page, register, standing, words
from soko.disclosure.completed import completed
from soko.disclosure.masked import Masked, mask
from soko.disclosure.released import judged, releasable, unseen
from soko.disclosure.settings import NAME, read
from soko.errors import DataError
from soko.hashes import sha256_file, sha256_json
from soko.indicators import output
from soko.indicators.model import COLUMNS
from soko.intake.private import private_key
from soko.params import Params
from soko.periods import Period
from soko.workspace import Workspace

if TYPE_CHECKING:
    from soko.disclosure.register import Entry
    from soko.disclosure.settings import Disclosure
    from soko.indicators.catalogue import Catalogue

FOLDER, TABLE, CSV = register.PUBLIC, register.TABLE, "indicators.csv"
AUDIT = Path(register.FOLDER) / register.AUDIT
PUBLIC_COLUMNS = [*COLUMNS, "hidden"]


@dataclass(frozen=True)
class Release:
    """What may leave the school for a period.

    ``frame``: the tidy columns and ``hidden`` (few, under, protected; empty: shown). ``folder``: where its files are.
    ``audit``: what was hidden and why.
    """

    period: Period
    folder: Path
    frame: pd.DataFrame
    audit: dict[str, Any]
    masked: Masked = field(repr=False)


def prepare(workspace: Workspace, period: Period, out: Path) -> Release:
    """Mask the period's figures with those of the periods that public documents compare with; write them below ``out``.

    Everything that has been published before (``soko.disclosure.register``) is protected with them. The same data, the
    same settings and the same register give the same bytes. DataError when there are no figures, or when something
    hidden could be worked out whatever else is hidden: it names what, and writes nothing.
    """
    from soko.indicators import load_catalogue

    params, catalogue = Params(workspace), load_catalogue(workspace, bind=False)
    settings = read(workspace)
    limits = settings.in_force(params.dates(period).end)
    everything = completed(figures(workspace, period, params, catalogue), settings)
    rows = releasable(everything, settings, params.school)
    entries = _related(register.earlier(workspace), rows)

    def now(other: Period) -> pd.DataFrame | None:
        frame = _stored(workspace, other, catalogue)
        if frame is None:
            return None
        frame = completed(frame, settings)
        rated = frame.assign(rated=judged(frame, settings, params.school))
        never = [rated[name].fillna("") != "" for name in settings.never_by]
        return rated[~pd.concat(never, axis=1).any(axis=1)] if never else rated

    secret = private_key(workspace)
    known = standing.beside(rows, entries, now, secret)
    known = pd.concat([known, unseen(everything, rows, settings)], ignore_index=True)
    masked = mask(known, catalogue, params, settings, limits.value)
    told = words.amounts(masked.book, catalogue, params.school)
    answered = {" ".join(item.what.split()) for item in settings.already_told} if entries else set()
    if exposed := sorted(at for at in masked.protected.exposed if " ".join(told[at].split()) not in answered):
        raise _exposed([told[at] for at in exposed], entries)
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    _write(masked.frame, folder)
    inputs = _inputs(workspace, settings, rows["period"].unique())
    named = partial(words.row, catalogue=catalogue, school=params.school)
    found = audit.content(period, limits, masked, told, named, inputs, [entry.name for entry in entries])
    if masked.protected.exposed:
        found["already_told"] = sorted(told[at] for at in masked.protected.exposed)
    (out / register.FOLDER).mkdir(parents=True, exist_ok=True)
    cells = out / register.FOLDER / register.CELLS
    _parquet(_signed(masked.frame, masked.behind, secret), cells)
    found |= {"table": sha256_file(folder / TABLE), "csv": sha256_file(folder / CSV), "cells": sha256_file(cells)}
    (out / AUDIT).write_text(json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    audit_page.write((out / AUDIT).with_name(audit_page.NAME), found, params.school.name_full)
    return Release(period, folder, masked.frame, found, masked)


def compared(params: Params, period: Period) -> list[Period]:
    """The period, and the earlier ones whose figures its documents print: previous, year ago, the one before."""
    settings = params.period(period)
    found = [period]
    if settings.compare_previous:
        found += [period.previous(), period.previous().previous()]
    if settings.compare_year_ago:
        found.append(period.year_ago())
    return sorted(set(found))


def figures(workspace: Workspace, period: Period, params: Params, catalogue: Catalogue) -> pd.DataFrame:
    """Rows of the tidy table of ``compared`` periods, as notes have them. DataError when the period itself has none."""
    found = []
    for one in compared(params, period):
        frame = _stored(workspace, one, catalogue, needed=one == period)
        if frame is not None:
            found.append(frame)
        elif one == period:
            raise DataError(
                f"за период {period.id} нет рассчитанных показателей",
                where=workspace.relative(workspace.clean(period)),
                todo=f"сначала выполните soko indicators {period.id}",
            )
    return pd.concat(found, ignore_index=True)


def _stored(workspace: Workspace, period: Period, catalogue: Catalogue, *, needed: bool = False) -> pd.DataFrame | None:
    from soko.indicators import compute, history

    frame = history.load(workspace, period, catalogue)
    if frame is None and needed and workspace.clean(period).is_dir():
        return compute(workspace, period)
    return frame


def _related(entries: list[Entry], rows: pd.DataFrame) -> list[Entry]:
    """Earlier releases that speak of the same school years: what can be added to or subtracted from these figures."""
    years = {year for period in rows["period"].unique() for year in _years(Period.parse(period))}
    return [
        entry
        for entry in entries
        if years & {year for one in entry.record["periods"] for year in _years(Period.parse(one))}
    ]


def _years(period: Period) -> set[int]:
    return {period.year - 1, period.year} if period.kind == "calendar" else {period.year}


def _inputs(workspace: Workspace, settings: Disclosure, periods: Any) -> dict[str, str]:
    """Hashes of what the table was made from: figures by period, and the settings of disclosure."""
    found = {f"params/{NAME}": sha256_json(settings.model_dump(mode="json"))}
    for period in sorted(periods):
        path = workspace.history / f"{period}.parquet"
        if path.is_file():
            found[workspace.relative(path)] = sha256_file(path)
    return found


def _exposed(found: list[str], entries: list[Entry]) -> DataError:
    listed = [f"– {one}" for one in found[:10]] + ([f"– и ещё {len(found) - 10}"] if len(found) > 10 else [])
    together = f" вместе с выпущенным раньше ({'; '.join(entry.name for entry in entries)})" if entries else ""
    todo = "уберите из released этот показатель или разрез, из которого он вычисляется, и повторите выпуск"
    if entries:
        todo += (
            "; опубликованное раньше скрыть уже нельзя: если и без нового выпуска строка вычисляется, снимите прежние "
            "документы с сайта и впишите её в already_told (what, by, date, reason)"
        )
    return DataError(
        f"выпуск раскрыл бы скрытое: по его числам{together} можно вычислить\n" + "\n".join(listed),
        where=f"params/{NAME}, released",
        todo=todo,
    )


def _write(frame: pd.DataFrame, folder: Path) -> None:
    """indicators.parquet for notes; indicators.csv for readers, as spreadsheet programs set to Russian open it."""
    _parquet(frame[PUBLIC_COLUMNS], folder / TABLE)
    text = output.as_text(frame[PUBLIC_COLUMNS])
    text.to_csv(folder / CSV, index=False, sep=";", decimal=",", encoding="utf-8-sig", lineterminator="\n")


def _parquet(frame: pd.DataFrame, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, path, compression="zstd")


def _signed(frame: pd.DataFrame, rows: pd.DataFrame, secret: bytes) -> pd.DataFrame:
    """What the register will keep: ``frame`` with a signature in place of each hidden count of ``rows``."""
    hashes: dict[str, list[str]] = {"part_hash": [], "base_hash": []}
    shown = zip(frame["numerator"], frame["denominator"], strict=True)
    behind = zip(rows["numerator"].astype(float), rows["denominator"].astype(float), strict=True)
    for (part, base), key, (true_part, true_base) in zip(shown, standing.keys(frame), behind, strict=True):
        hashes["part_hash"].append("" if part == part else register.sign(secret, (*key, "part"), true_part))
        hidden = base != base and true_base == true_base
        hashes["base_hash"].append(register.sign(secret, (*key, "base"), true_base) if hidden else "")
    return frame.assign(**hashes)

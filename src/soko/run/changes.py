"""«Что изменилось»: the values of a run against those published before, each difference with what it comes from.

A publication remembers in its manifest what its values rest on (``Basis``). A later run compares its own basis, so
that a changed figure is told apart: other data, a correction, another definition, a setting, or only our code.
outputs/<period>/changes.csv is about the last run that changed a value; a run that changes none leaves it as it is,
so that the same inputs give the same files.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soko.errors import DataError
from soko.params import Params
from soko.periods import Period
from soko.run import hashing, manifest
from soko.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

    from soko.indicators.catalogue import Catalogue

NAME = "changes.csv"
DATA, CORRECTION, DEFINITION, SETTINGS, CODE = "данные", "исправление", "определение", "настройки", "код"
UNKNOWN = "не установлено"
#: Sums in another order differ in the last digits; that is no change.
_TOLERANCE = 1e-12
#: Settings that no clean table depends on; those of the catalogue are in the definitions.
NOT_DATA = {"narrative", "periods", "indicators"}


@dataclass(frozen=True)
class Basis:
    """What the values of a publication rest on, as hashes.

    ``clean``: by table; ``definitions``: by indicator, with the conventions that its SQL names; ``corrections``: by
    table, the lines of validation/corrections.csv; ``incoming``, ``settings``, ``code``: each as a whole.
    """

    clean: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, str] = field(default_factory=dict)
    corrections: dict[str, str] = field(default_factory=dict)
    incoming: str = ""
    settings: str = ""
    code: str = ""


def basis(workspace: Workspace, period: Period, folder: Path) -> Basis:
    """The basis of the values that have just been computed; ``folder`` is that of the run's results."""
    try:
        key = json.loads((workspace.history / f"{period.id}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):  # computed elsewhere: a change will be «не установлено»
        key = {}
    root, environment = workspace.root, manifest.environment(workspace)
    files = [path for below in Params(workspace).folders(period) for path in hashing.files_below(below)]
    settings = [*hashing.files_below(workspace.params), *hashing.files_below(root / "validation")]
    settings = [path for path in settings if not NOT_DATA.intersection(path.relative_to(root).parts)]
    return Basis(
        clean=dict(key.get("clean", {})),
        definitions=dict(key.get("definitions", {})),
        corrections=_corrections(folder / "validation" / "corrections.csv"),
        incoming=hashing.sha256_json(hashing.hash_files(files, root)),
        settings=hashing.sha256_json(hashing.hash_files(settings, root)),
        code=hashing.sha256_json([environment[name] for name in ("code_sha256", "lock_sha256", "versions")]),
    )


def remembered(published: dict[str, Any]) -> Basis | None:
    """The basis in a manifest; None in one that was written before there was any."""
    found = published.get("basis")
    return Basis(**found) if found else None


def record(workspace: Workspace, period: Period, stage: Path) -> int:
    """Write ``stage``/changes.csv; return the number of changes. Nothing is written when there are none."""
    from soko.indicators import load_catalogue, read

    try:
        before = read(workspace.outputs(period) / "indicators.parquet")
    except DataError:  # published by a version whose table had other columns: there is nothing to compare with
        return 0
    after = read(stage / "indicators.parquet")
    found = differences(before, after)
    if len(found):
        catalogue = load_catalogue(workspace, bind=False)
        because = _because(workspace, period, stage, catalogue)
        write(attributed(found, catalogue, because), stage / NAME)
    return len(found)


def _because(workspace: Workspace, period: Period, stage: Path, catalogue: Catalogue) -> Callable[[str], list[str]]:
    """The causes of an indicator's changes since the last publication, as a function of the indicator."""
    from soko.run import changes_older

    published = manifest.read(workspace, period) or {}
    before = remembered(published)
    if before is not None:
        after = basis(workspace, period, stage)
        return lambda name: causes(before, after, name, _tables(catalogue, name))
    now = {"inputs": manifest.inputs(workspace, period), "environment": manifest.environment(workspace)}
    own = tuple(f"{workspace.relative(folder)}/" for folder in Params(workspace).folders(period))
    return lambda name: changes_older.causes(published, now, own, catalogue, name)


def differences(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Rows of two tidy tables whose value differs, appeared or went, with ``was``, ``became`` and ``delta``.

    In a workspace of one school the rows «of all schools» repeat the school's and are left out.
    """
    import numpy as np

    from soko.indicators.model import DIMENSIONS

    keys = ["school_id", "indicator", *DIMENSIONS]
    was, became = (frame[[*keys, "value"]].rename(columns={"value": name})
                   for frame, name in ((before, "was"), (after, "became")))  # fmt: skip
    both = was.merge(became, on=keys, how="outer", validate="one_to_one")
    if both["school_id"].nunique() <= 2:
        both = both[both["school_id"] != ""]
    same = np.isclose(both["was"], both["became"], rtol=_TOLERANCE, atol=_TOLERANCE, equal_nan=True)
    changed = both[~same].sort_values(keys, kind="stable").reset_index(drop=True)
    return changed.assign(delta=changed["became"] - changed["was"])


def attributed(found: pd.DataFrame, catalogue: Catalogue, why: Callable[[str], list[str]]) -> pd.DataFrame:
    """``found`` with the indicator's name and unit, and ``because``: the causes that ``why`` gives, joined."""
    names = found["indicator"].unique()
    because = {name: ", ".join(why(name)) for name in names}
    labels = {name: catalogue[name].label if name in catalogue else "" for name in names}
    units = {name: catalogue[name].unit_title if name in catalogue else "" for name in names}
    result = found.assign(because=found["indicator"].map(because))
    result.insert(2, "name", found["indicator"].map(labels))
    result.insert(3, "unit", found["indicator"].map(units))
    return result


def causes(before: Basis | None, after: Basis, indicator: str, tables: set[str] | None = None) -> list[str]:
    """Why values of the indicator differ. ``tables`` are those that it is computed from; None: any.

    Several can be true at once and are then all named: nobody can tell their shares apart. Code is blamed only when
    nothing else has changed.
    """
    if before is None:
        return [UNKNOWN]
    found = []
    if before.definitions.get(indicator) != after.definitions.get(indicator):
        found.append(DEFINITION)
    touched = _changed(before.clean, after.clean)
    if tables is not None:
        touched &= tables
    if touched:
        if touched & _changed(before.corrections, after.corrections):
            found.append(CORRECTION)
        if before.incoming != after.incoming:
            found.append(DATA)
        if not {CORRECTION, DATA} & set(found) and before.settings != after.settings:
            found.append(SETTINGS)
    if not found and before.code != after.code:
        found.append(CODE)
    return found or [UNKNOWN]


def write(frame: pd.DataFrame, path: Path) -> None:
    """Write changes.csv; the same frame gives the same bytes."""
    from soko.indicators.output import as_text

    as_text(frame).to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def _tables(catalogue: Catalogue, indicator: str) -> set[str] | None:
    from soko.indicators.statement import tables_under

    if indicator not in catalogue:
        return None
    return set(tables_under(catalogue, catalogue[indicator]))


def _changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    names = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    return {name.rpartition("/")[2] for name in names}  # a calendar year keeps the tables of its parts in folders


def _corrections(path: Path) -> dict[str, str]:
    """Hash of the applied corrections of each table; of the values themselves nothing is kept."""
    if not path.is_file():
        return {}
    lines: dict[str, list[dict[str, str]]] = {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            lines.setdefault(row.get("table", ""), []).append(row)
    return {table: hashing.sha256_json(rows) for table, rows in sorted(lines.items())}


def to_json(found: Basis) -> dict[str, Any]:
    """What the manifest keeps."""
    return asdict(found)

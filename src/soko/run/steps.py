"""The steps that notebooks call: check the period's data, compute its indicators.

Each does for the periods compared with what it does for the period itself, so that a note never compares a fresh
figure with a stale one. Great Expectations is imported once for all of them (4 s a time).
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from soko.errors import DataError
from soko.params import Params
from soko.periods import Period
from soko.retention import guard
from soko.retention.marks import is_stored, kept, mark
from soko.run import keys, manifest
from soko.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

    from soko.indicators.combine import Parts
    from soko.validation import Validation


def resolve(workspace: str = "", period: str = "") -> tuple[Workspace, Period]:
    """Turn notebook parameters into objects; empty means the nearest workspace and its current period."""
    place = Workspace.open(workspace or None)
    return place, Period.parse(period or Params(place).school.current_period)


def check(workspace: str = "", period: str = "", out: str = "") -> Validation:
    """Refresh the periods that this one is compared with, then validate it.

    In this order, because some rules compare with the previous period's clean tables: the other way round a first
    run would find less than a second one. ``out`` is the folder for findings.csv and the technical view (default:
    outputs/<period>/validation).
    """
    from soko.validation import validate

    place, when = resolve(workspace, period)
    if not out:  # a run has asked before
        guard.refuse(place, when)
    params = Params(place)
    for other in reversed(manifest.comparisons(params, when)):
        # The rules compare files with files; that a compared year is put together, a run sees to itself.
        if out and params.parts(other):
            check_alone(place, other)
        else:
            refresh(place, other)
    key = keys.check_key(place, when)
    # A run that gives ``out`` makes the technical view itself, beside other work.
    folder = Path(out) if out else place.outputs(when) / "validation"
    result = validate(place, when, folder, docs=not out)
    if not result.is_critical:
        remember_check(place, when, folder, key)
        if not out and params.parts(when):
            combine(place, when)
    return result


def refresh(workspace: Workspace, period: Period) -> bool:
    """Bring data/history of a compared period up to date; False when its data cannot be used.

    Its own findings are not this note's business: it is validated without being published, and with critical
    findings it is simply not compared with, and what was known of it before is forgotten.
    """
    from soko.indicators import compute, history, load_catalogue

    if is_fresh(workspace, period):
        return True
    key = keys.history_key(workspace, period)
    if kept(workspace, period):  # what was computed of all the data there were is not computed of what is left
        return False
    if Params(workspace).parts(period):
        try:
            combine(workspace, period)
        except DataError:
            forget(workspace, period)
            return False
    elif not check_alone(workspace, period):
        return False
    history.update(workspace, period, compute(workspace, period), load_catalogue(workspace))
    keys.keep_history(workspace, period, key)
    return True


def check_alone(workspace: Workspace, period: Period) -> bool:
    """Check the period's own files without publishing; False, and nothing kept, when they cannot be used.

    What was checked before, by whatever command, is not checked again while nothing of it has changed.
    """
    from soko.validation import validate

    if is_checked(workspace, period):
        return True
    if kept(workspace, period):
        return False
    if Params(workspace).parts(period):
        shutil.rmtree(Params(workspace).checked(period), ignore_errors=True)
        keys.of_check(workspace, period).unlink(missing_ok=True)
    else:
        forget(workspace, period)
    key = keys.check_key(workspace, period)
    with tempfile.TemporaryDirectory(prefix="soko-") as scratch:
        try:
            result = validate(workspace, period, Path(scratch) / "validation", docs=False, returned=False)
        except DataError:
            return False
        if result.is_critical:
            return False
        remember_check(workspace, period, Path(scratch) / "validation", key)
    return True


def remember_check(workspace: Workspace, period: Period, folder: Path, key: str) -> None:
    """Keep the findings of a check without critical ones, and what it was made from (``keys.check_key``)."""
    keep_findings(workspace, period, folder)
    keys.keep_check(workspace, period, key)


def is_checked(workspace: Workspace, period: Period) -> bool:
    """Whether the clean tables of the period's own files are there and were made from what is there now."""
    if not Params(workspace).checked(period).is_dir():
        return False
    if kept(workspace, period):
        return True
    return keys.holds_check(workspace, period)


def combine(workspace: Workspace, year: Period) -> Parts:
    """Check the parts of a year and put its clean tables together; DataError names the parts at fault."""
    from soko.indicators import combine as combined

    parts = Params(workspace).parts(year)
    for part in parts:
        check_alone(workspace, part)
    usable(workspace, year)
    return combined.build(workspace, year, parts)


def usable(workspace: Workspace, year: Period) -> None:
    """DataError when a part of the year, checked just now, has critical findings or has changed since."""
    bad = [part for part in Params(workspace).parts(year) if not is_checked(workspace, part)]
    if purged := [part.id for part in bad if mark(workspace, part).purged]:
        raise DataError(
            f"{year.title()} не сводится: персональные данные периодов, из которых он складывается, удалены "
            f"({', '.join(purged)})",
            todo="пользуйтесь выпущенными документами этих периодов и этого года",
        )
    if changed := [part.id for part in bad if keys.of_check(workspace, part).is_file()]:
        raise DataError(
            f"{year.title()} не сводится: файлы или настройки периодов, из которых он складывается, изменились, "
            f"пока их проверяли ({', '.join(changed)})",
            todo="дождитесь, пока файлы сохранят, и повторите команду",
        )
    if bad:
        listed = ", ".join(part.id for part in bad)
        raise DataError(
            f"{year.title()} не сводится: в данных периодов, из которых он складывается, есть критические замечания "
            f"({listed})",
            todo=f"выполните {'; '.join(f'soko validate {part.id}' for part in bad)}, исправьте названное и повторите "
            "команду",
        )


def keep_findings(workspace: Workspace, period: Period, folder: Path) -> None:
    """Keep a check's findings beside the period's history: a year shows those of its parts."""
    target = findings_of(workspace, period)
    target.parent.mkdir(parents=True, exist_ok=True)
    if (folder / "findings.csv").is_file():
        shutil.copyfile(folder / "findings.csv", target)


def findings_of(workspace: Workspace, period: Period) -> Path:
    """Where the findings of the last check of the period's own files are kept. No personal data are in them."""
    return workspace.history / f"{period.id}.findings.csv"


def is_fresh(workspace: Workspace, period: Period) -> bool:
    """Whether the period's history was made from what its files, settings, rules and our code are now.

    Figures that are kept without the data that they were computed from are as fresh as they can be.
    """
    if kept(workspace, period):
        return is_stored(workspace, period)
    return keys.holds_history(workspace, period)


def forget(workspace: Workspace, period: Period) -> None:
    """Drop the clean tables and the history of a period whose data have changed."""
    shutil.rmtree(workspace.clean(period), ignore_errors=True)
    for path in workspace.history.glob(f"{period.id}.*"):
        path.unlink()


def unlearn(workspace: Workspace, period: Period) -> None:
    """Forget what was read of the period's files and what its rules answered: a forced run asks everything again."""
    from soko.intake.remembered import FOLDER
    from soko.validation.kept import path_of

    shutil.rmtree(workspace.private_period(period) / FOLDER, ignore_errors=True)
    path_of(workspace, period).unlink(missing_ok=True)


def compute_indicators(workspace: str = "", period: str = "", out: str = "") -> pd.DataFrame:
    """Compute the period's indicators from data/clean, write them to ``out`` and to data/history; return them.

    Beside them: what changed since the periods compared (dynamics.csv, .parquet), what has no value (absent.csv).
    """
    from soko import indicators
    from soko.indicators import absent, dynamics, history

    place, when = resolve(workspace, period)
    if not place.clean(when).is_dir():
        raise DataError(
            f"проверенных данных за период {when.id} нет",
            where=place.relative(place.clean(when)),
            todo=f"сначала выполните soko validate {when.id}",
        )
    key = keys.history_key(place, when)
    catalogue, folder = indicators.load_catalogue(place), Path(out) if out else place.outputs(when)
    frame = _year_of_parts(place, when, folder) if Params(place).parts(when) else indicators.compute(place, when)
    indicators.write(frame, folder)
    absent.write(absent.table(place, when, frame, catalogue), folder, absent.by_group(frame, catalogue, when))
    dynamics.write(dynamics.compute(place, when, frame, catalogue), folder)
    history.update(place, when, frame, catalogue)
    keys.keep_history(place, when, key)
    return frame


def _year_of_parts(workspace: Workspace, year: Period, folder: Path) -> pd.DataFrame:
    """The indicators of a year of parts; what each of them took goes into ``folder``/sources.csv."""
    from soko.indicators import calendar, combine as combined, load_catalogue, taken

    catalogue = load_catalogue(workspace)
    frame, found = calendar.compute(workspace, year, catalogue)
    folder.mkdir(parents=True, exist_ok=True)
    taken.write(taken.frame(combined.opened(workspace, year), catalogue, found), folder)
    return frame

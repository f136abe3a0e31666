"""Make a new workspace: an empty one for a school, or the demo school with its files.

The settings that every school shares (tables and rules, indicators, wording, subjects, layouts) are copied from the
program's own params/ and validation/; what only a school can know starts from neutral templates.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from soko.calendars import typical_calendar
from soko.errors import UsageError
from soko.periods import Period
from soko.resources import root

_TEMPLATES = Path(__file__).with_name("templates")
# What describes the demo school and must not look like the settings of another one.
_OWN = (
    "school.yaml", "conventions.yaml", "calendar", "periods", "reports/self_assessment", "reports/public_report",
)  # fmt: skip


def init(target: Path, today: date | None = None) -> list[Path]:
    """Create an empty workspace for a school in ``target`` and return the files written.

    The current period becomes the last quarter finished before ``today`` by the usual calendar. A calendar is not
    written: until the school writes its own, usual dates hold for any school year. Raises UsageError when ``target``
    already has settings.
    """
    target = Path(target)
    _refuse_settled(target)
    source, written = root(), []
    for path in _files(source / "params"):
        inner = path.relative_to(source / "params")
        own = inner.parts[0] in _OWN or "/".join(inner.parts[:2]) in _OWN
        if not own or inner.as_posix() == "periods/default.yaml":
            written.append(_copy(path, target / "params" / inner))
    for path in _files(source / "validation"):
        written.append(_copy(path, target / "validation" / path.relative_to(source / "validation")))
    period = last_finished_quarter(today or date.today())
    school = (_TEMPLATES / "school.yaml").read_text(encoding="utf-8").replace("{{current_period}}", period.id)
    written.append(_write(target / "params" / "school.yaml", school))
    written.append(_copy(_TEMPLATES / "conventions.yaml", target / "params" / "conventions.yaml"))
    report = target / "params" / "reports" / "self_assessment" / "school.yaml"
    written.append(_copy(_TEMPLATES / "self_assessment.yaml", report))
    written.append(_copy(_TEMPLATES / "corrections.yaml", target / "data" / "corrections.yaml"))
    written.append(_copy(_TEMPLATES / "incoming.txt", target / "data" / "incoming" / "ПРОЧТИ.txt"))
    if not (target / ".gitignore").exists():
        written.append(_copy(_TEMPLATES / "gitignore.txt", target / ".gitignore"))
    return written


def demo(target: Path, seed: int) -> list[Path]:
    """Create the demo school's workspace in ``target``: its settings and the files of two school years.

    Same seed, same files. A workspace that is the demo school already gets its files anew; any other is refused.
    """
    from soko.demo import generate

    target, source, written = Path(target), root(), []
    if not _is_demo(target):
        _refuse_settled(target)
        for folder in ("params", "validation"):
            for path in _files(source / folder):
                written.append(_copy(path, target / folder / path.relative_to(source / folder)))
    generate(target, seed)
    return written + _files(target / "data" / "incoming")


def last_finished_quarter(today: date) -> Period:
    """The last quarter that ended before ``today`` by the usual calendar."""
    period = Period(today.year, "quarter", 4)
    while True:
        span = typical_calendar(period.year).span(period)
        if span and span.end < today:
            return period
        period = period.previous()


def _is_demo(target: Path) -> bool:
    mine = target / "params" / "school.yaml"
    return mine.is_file() and mine.read_bytes() == (root() / "params" / "school.yaml").read_bytes()


def _refuse_settled(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} – файл, а нужна папка", todo="укажите другое имя папки")
    params = target / "params"
    if params.is_dir() and any(params.iterdir()):
        raise UsageError(
            f"в папке {target} уже есть настройки (params)",
            todo="укажите новую папку; если начать заново нужно именно здесь, сначала перенесите params в другое место",
        )
    incoming = target / "data" / "incoming"
    if incoming.is_dir() and any(path.is_dir() for path in incoming.iterdir()):
        # Somebody's files next to an invented school, or under rules that they were not collected for.
        raise UsageError(
            f"в папке {target} нет настроек, но уже есть данные (data/incoming)",
            todo="укажите новую папку, а данные перенесите в неё после создания",
        )


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith((".", "~$")))


def _copy(source: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return target


def _write(target: Path, text: str) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return target

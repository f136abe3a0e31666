"""What the command line says: progress while it works, one short account at the end, errors without traceback."""

from __future__ import annotations

import csv
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from soko import resources
from soko.errors import FailureError, SokoError
from soko.hints import publishing
from soko.periods import Period
from soko.run import denied, manifest, sweeps
from soko.run.progress import Steps, shown
from soko.russian import count, lower_first
from soko.workspace import Workspace

out = Console(highlight=False, soft_wrap=True)
err = Console(highlight=False, soft_wrap=True, stderr=True)

_SHOWN = 10
_SEVERAL = 3  # more documents of one note are one line
_WIDEST = 400
_SEVERITY = {"critical": "критическое", "warning": "предупреждение", "info": "к сведению"}


def progress(workspace: Workspace) -> AbstractContextManager[Steps]:
    """The ``step`` that a run wraps around its work, and what is left of it."""
    return shown(err, workspace)


@contextmanager
def said() -> Iterator[list[str]]:
    """Remember what is printed meanwhile, as text."""
    words: list[str] = []
    out.record = True
    try:
        yield words
    finally:
        words.append(out.export_text())
        out.record = False


def public(workspace: Workspace, made: list[Path], left_out: dict[str, str]) -> None:
    """After the public edition: its documents, and why other notes have none."""
    out.print("Публичные экземпляры:")
    for path in made:
        out.print(f"  {shown_path(path.with_suffix('.pdf'))}")
    for note, why in left_out.items():
        title = resources.title(f"notes/{note}", workspace.notebooks)
        out.print(f"  нет у справки «{title}»: {why}")


def published(workspace: Workspace, period: Period, outcome: Any) -> None:
    """After ``soko report``."""
    if outcome.kept:
        out.print(escape(outcome.kept))
    elif outcome.unchanged:
        out.print(f"Изменений нет: справки за период {period.id} актуальны.")
    else:
        out.print(f"Справки за период {period.id} выпущены.")
    _findings(outcome.findings)
    _changes(outcome.changes)
    out.print(f"Открыть: {shown_path(outcome.folder / 'index.html')}")
    swept = (manifest.read(workspace, period) or {}).get("swept", {})
    several = Counter(swept[name]["note"] for name in outcome.notes if name in swept)
    for name in outcome.notes:
        if several[swept.get(name, {}).get("note")] <= _SEVERAL:
            out.print(f"  справка: {shown_path(outcome.folder / 'notes' / f'{name}.pdf')}")
    for note, number in several.items():
        if number > _SEVERAL:
            title = resources.title(f"notes/{note}", workspace.notebooks)
            place = shown_path(outcome.folder / "notes" / f"{note}_….pdf")
            out.print(f"  {count(number, 'справка')} «{title}»: {place}")
    for name in outcome.reports:
        title = lower_first(resources.title(f"reports/{name}", workspace.notebooks))
        out.print(f"  {title}: {shown_path(outcome.folder / 'reports' / f'{name}.pdf')}")
    if drafts := list((outcome.folder / "orders").glob("*.docx")):
        out.print(
            f"  проекты приказов и выписок ({count(len(drafts), 'файл')}): {shown_path(outcome.folder / 'orders')}"
        )
    for path in outcome.annexes:
        if path.suffix == ".pdf":
            out.print(f"  приложение с фамилиями, для служебного пользования: {shown_path(path)}")
    _returned(workspace, period)


def reasons(workspace: Workspace, period: Period, outcome: Any) -> None:
    """Why each step ran or did not."""
    titles = {
        "validation": "проверка данных",
        "technical": "технический вид",
        "indicators": "показатели",
        "notes": "справка",
        "annexes": "приложение",
        "orders": "проект приказа",
        "reports": "доклад",
    }
    swept = (manifest.read(workspace, period) or {}).get("swept", {})
    out.print("Шаги:")
    for step, reason in outcome.reasons.items():
        kind, _, name = step.partition("/")
        title = titles.get(kind, kind)
        if name:
            own = kind in ("notes", "orders")
            known = sweeps.title(workspace, name, swept) if own else resources.title(step, workspace.notebooks)
            title += f" «{known}»"
        out.print(f"  {title} – {escape(reason)}")


def validated(workspace: Workspace, period: Period, outcome: Any) -> None:
    """After ``soko validate``."""
    out.print(f"Данные за период {period.id} проверены, критических замечаний нет.")
    _findings(outcome.findings)
    if (outcome.folder / "validation" / "protocol.html").is_file():
        out.print(f"Протокол: {shown_path(outcome.folder / 'validation' / 'protocol.html')}")
    else:  # a calendar year has the findings of its parts
        out.print(f"Замечания: {shown_path(outcome.folder / 'validation' / 'findings.csv')}")
    _returned(workspace, period)


def computed(_workspace: Workspace, period: Period, outcome: Any) -> None:
    """After ``soko indicators``."""
    out.print(f"Показатели за период {period.id} рассчитаны.")
    _findings(outcome.findings)
    _changes(outcome.changes)
    out.print(f"Таблица: {shown_path(outcome.folder / 'indicators.csv')}")
    out.print(f"Книга Excel: {shown_path(outcome.folder / 'indicators.xlsx')}")
    if (outcome.folder / "sources.csv").is_file():
        out.print(f"Какие данные взяты: {shown_path(outcome.folder / 'sources.csv')}")


def verified(period: Period, difference: Any) -> None:
    """After ``soko verify``."""
    if not difference:
        out.print(f"Период {period.id}: исходные файлы и результаты совпадают с манифестом.")
        return
    out.print(f"Период {period.id}: есть отличия от манифеста.")
    for line in difference.changed:
        out.print(f"  {escape(line)}")
    out.print(f"Что сделать: если отличия ожидаемы, выпустите документы заново: {publishing(period)}")


def status(workspace: Workspace, rows: list[Any]) -> None:
    """The table of ``soko status``."""
    if not rows:
        out.print("В data/incoming пока нет файлов. Положите их в папку периода, например data/incoming/2025-2026/q1.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Период", "Файлов", "Проверка", "Справки", "Состояние"):
        table.add_column(title)
    for row in rows:
        table.add_row(row.period, str(row.files), row.checked, noted(row.notes, workspace.notebooks) or "–", row.state)
    out.print(table)


def noted(names: list[str], own: Path) -> str:
    """The notes of a period; of one that is written for each class or area how many there are: «class_teacher (22)»."""
    known = resources.notebooks("notes", own)
    notes = [
        max((note for note in known if f"{name}_".startswith(f"{note}_")), key=len, default=name) for name in names
    ]
    number = Counter(notes)
    many = set(notes) - set(names)  # a note without a class or area has the name of its notebook
    return ", ".join(f"{note} ({number[note]})" if note in many else note for note in number)


def failed(error: SokoError) -> int:
    """Print an error of ours; return its exit code."""
    err.print(f"Ошибка: {escape(str(error))}")
    folder = getattr(error, "folder", None)
    if folder is not None:
        _critical(folder)
    return error.exit_code


def crashed(error: Exception) -> int:
    """Print a failure that nobody foresaw: one line for the analyst, the traceback only for developers."""
    if os.environ.get("SOKO_DEBUG"):
        err.print_exception()
    if (of_system := denied.said(error)) is not None:
        return failed(of_system)
    err.print(
        f"Сбой программы: {type(error).__name__}. Прежние результаты не изменены.\n"
        "Что сделать: повторите команду с переменной среды SOKO_DEBUG=1 и передайте вывод разработчику"
    )
    return FailureError.exit_code


def _critical(folder: Path) -> None:
    with (folder / "findings.csv").open(encoding="utf-8-sig", newline="") as stream:
        found = [row for row in csv.DictReader(stream) if row["severity"] == "critical"]
    for row in found[:_SHOWN]:
        # «CSV» is the name that a text file's only sheet gets from us: the user has never seen it.
        sheet = f"лист «{row['sheet']}»" if row["sheet"] not in ("", "CSV") else ""
        place = ", ".join(part for part in (_short(row["file"]), sheet, row["cell"]) if part)
        err.print("  " + escape(_short(f"{place}: {row['message_ru']}" if place else row["message_ru"], _WIDEST)))
    if len(found) > _SHOWN:
        err.print(f"  … и ещё {count(len(found) - _SHOWN, 'критическое замечание')}")
    err.print(f"Протокол: {shown_path(folder / 'protocol.html')}")


def _short(line: str, most: int = 80) -> str:
    """One line without control characters, the middle left out of what is too long."""
    clean = " ".join("".join(letter if letter.isprintable() else " " for letter in line).split())
    return clean if len(clean) <= most else f"{clean[: most * 2 // 3]}…{clean[-most // 3 :]}"


def _findings(counts: dict[str, int]) -> None:
    # Not in the order of ``counts``: those of a manifest come sorted by name.
    parts = [f"{word}: {counts[name]}" for name, word in _SEVERITY.items() if counts.get(name)]
    total = sum(counts.values())
    if total:
        out.print(f"Замечания к данным – {total} ({'; '.join(parts)}).")
    else:
        out.print("Замечаний к данным нет.")


def _changes(told: Any) -> None:
    if told is None:
        return
    out.print(escape(f"{told.line}; больше всего:" if told.largest else f"{told.line}."))
    for line in told.largest:
        out.print(f"  {escape(line)}")


def _returned(workspace: Workspace, period: Period) -> None:
    folder = workspace.private_period(period) / "returned"
    books = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
    if books:
        out.print(f"  книги с отмеченными ячейками ({count(len(books), 'файл')}): {shown_path(folder)}")


def shown_path(path: Path) -> str:
    """The path as seen from where the command was called, ready to print."""
    try:
        shown = path.relative_to(Path.cwd())
    except ValueError:
        shown = path
    return escape(str(shown))


def is_interactive() -> bool:
    """Whether a person sits at the terminal."""
    return sys.stdin.isatty() and out.is_terminal

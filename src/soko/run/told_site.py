"""What the command line says of the public site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape

from soko.periods import Period
from soko.run.console import out, shown_path
from soko.russian import count, listing
from soko.site import release as releases
from soko.workspace import Workspace

if TYPE_CHECKING:
    from soko.site.publish import Outcome

_SHOWN = 20


def published(workspace: Workspace, period: Period, outcome: Outcome) -> None:
    """After ``soko publish``."""
    number = outcome.release.number
    if outcome.unchanged:
        out.print(f"Изменений нет: на сайте уже эти документы за период {period.id} (выпуск № {number}).")
    else:
        out.print(
            f"Документы за период {period.id} на сайте: {count(len(outcome.documents), 'документ')}, выпуск № {number}."
        )
        out.print(f"Подтверждает: {escape(outcome.confirmed_by.removesuffix('.'))}.")
    _hidden(workspace, period)
    periods = sorted(outcome.release.periods)
    out.print(f"Всего на сайте: {count(len(periods), 'период')} ({listing(periods)}).")
    out.print(f"Открыть: {shown_path(outcome.folder / 'index.html')}")


def _hidden(workspace: Workspace, period: Period) -> None:
    """How many figures the release hides, and the page that says why."""
    from soko.disclosure import audit_page, register

    entry = register.latest(workspace, period)
    figures = entry.record.get("figures") if entry else None
    if entry and figures:
        shown = figures["hidden"] + figures["shown"]
        out.print(f"Скрыто по порогам: {count(figures['hidden'], 'число')} из {shown}; что и почему:")
        out.print(f"  {shown_path(entry.folder / audit_page.NAME)}")


def status(workspace: Workspace) -> None:
    """The line of ``soko status`` about the site; nothing where nothing was published."""
    found = releases.on_site(workspace)
    if found:
        out.print(f"На сайте: {listing(sorted(found))}.")


def checked(folder: Path, lines: list[str]) -> None:
    """After ``soko publish --check``."""
    if not lines:
        out.print(f"Сайт в папке {shown_path(folder)} совпадает с описью.")
        return
    out.print(f"Сайт в папке {shown_path(folder)} отличается от описи.")
    for line in lines[:_SHOWN]:
        out.print(f"  {escape(line)}")
    if len(lines) > _SHOWN:
        out.print(f"  … и ещё {count(len(lines) - _SHOWN, 'отличие')}")
    out.print("Что сделать: верните файлы из копии или опубликуйте период заново в новую папку.")

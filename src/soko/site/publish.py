"""``soko publish``: the public documents of a period become part of a site, or nothing changes at all."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from soko.disclosure import coincidences
from soko.errors import DataError, FailureError, UsageError
from soko.params import Params
from soko.periods import Period
from soko.run.pieces import Step, silent
from soko.run.staging import recover, staging, swap
from soko.russian import count, listing
from soko.site import front, gather, pages, release as releases, search, settings, sheets, target
from soko.site.release import Published, Release
from soko.site.rooms import Filed, Rooms
from soko.workspace import Workspace

_SHOWN = 10


@dataclass
class Outcome:
    """What publishing left: the folder, its release, the documents of the period; whether nothing had to be done."""

    folder: Path
    release: Release
    confirmed_by: str
    documents: list[str] = field(default_factory=list)
    unchanged: bool = False


def publish(
    workspace: Workspace,
    period: Period,
    to: Path,
    *,
    confirmed_by: str = "",
    coincidence: Sequence[str] = (),
    step: Step = silent,
    rooms: Rooms | None = None,
) -> Outcome:
    """Put the public documents of ``period`` beside those that the site in ``to`` has; its release rises by one.

    ``confirmed_by`` («должность ФИО») is who answers for the release; the director when empty. ``coincidence``: codes
    of numbers that he takes for no hidden figures. Nothing in ``to`` changes unless all of it is there and was scanned.
    UsageError: the folder is not ours to replace (``target``), a code that nothing has. DataError: no public documents,
    something stops the reports, something personal was found.
    """
    rooms, params, to = rooms or Rooms(), Params(workspace), to.expanduser().resolve()
    confirmed_by, codes = answering(params, confirmed_by), coincidences.told(workspace, coincidence)
    target.acceptable(workspace, to, params.school.id)
    rooms.refuse(workspace, period)
    rooms.make(workspace, period, step)
    documents = _documents(workspace, period)
    with staging(to, busy="в эту папку уже публикуют") as stage:
        # asked again: making took its time, and what a killed run left undone is put right only now
        before = target.acceptable(workspace, to, params.school.id)
        with step("Страницы сайта"):
            entry = Published(documents=_names(documents), approved_on=rooms.approved(workspace, period))
            made = _build(workspace, (period, entry, documents), stage, before, to)
        if made.same(before) and before is not None:
            _nobodys(codes)
            return Outcome(to, before, confirmed_by, _names(documents), unchanged=True)
        with step("Поиск персональных данных"):
            _scanned(workspace, stage, rooms, codes, confirmed_by)
        # Before the swap: a release that is registered and did not come about makes later ones more careful than they
        # need be; one that came about and is not registered would let them tell what it hides.
        with step("Журнал выпусков"):
            releases.remember(workspace, made, releases.digest(stage))
            files = {name: of.sha256 for name, of in made.files.items() if name.startswith(f"{period.id}/")}
            rooms.register(workspace, period, Filed(workspace.relative(to), files, confirmed_by))
        _swapped(stage, to)
    return Outcome(to, made, confirmed_by, _names(documents))


def answering(params: Params, confirmed_by: str) -> str:
    """Who answers for a release: the one named, or the director."""
    return confirmed_by.strip() or f"{params.school.director.post} {params.school.director.name}"


def _documents(workspace: Workspace, period: Period) -> gather.Found:
    """The public documents of the period, in order. DataError when there are none, or when one may not leave."""
    folder = workspace.outputs(period) / "public"
    params = Params(workspace).period(period)
    notes = [item if isinstance(item, str) else item.note for item in params.notes]
    site = settings.read(workspace)
    found = gather.found(folder, workspace.relative(folder), [*site.first, *notes], site.data)
    if not found.documents:
        raise DataError(
            f"за период {period.id} нет публичных документов",
            where=workspace.relative(folder),
            todo=f"выпустите их: soko report {period.id}",
        )
    return found


def _build(
    workspace: Workspace,
    this: tuple[Period, Published, gather.Found],
    stage: Path,
    before: Release | None,
    to: Path,
) -> Release:
    """Write the whole site into ``stage``: earlier periods as they are, ``this`` anew, pages and index over all."""
    params, site = Params(workspace), settings.read(workspace)
    period, entry, documents = this
    periods = (before.periods if before else {}) | {period.id: entry}
    for name in periods:
        if name != period.id:
            shutil.copytree(to / name, stage / name, copy_function=shutil.copyfile, ignore=_junk)
    (stage / period.id).mkdir(parents=True)
    for path in documents.files:
        shutil.copyfile(path, stage / period.id / path.name)
    _as_workbook(workspace, period, stage / period.id)
    shelves = []
    for name, of in periods.items():
        when = Period.parse(name)
        found = gather.found(stage / name, name, of.documents)
        shelves.append(front.Shelf(when, params.dates(when).end, of.approved_on, found))
    pages.write_all(stage, params.school, shelves)
    index = search.index(front.sources(shelves))
    (stage / "index.html").write_text(front.html(params.school, site, shelves, index), encoding="utf-8", newline="\n")
    made = releases.of(stage, periods, params.school.id, before, releases.digest(to))
    releases.write(stage, made)
    _keep_junk(to, stage)
    return made


def _as_workbook(workspace: Workspace, period: Period, folder: Path) -> None:
    """The public table of indicators as a workbook too, where no better one came with the documents."""
    table = folder / sheets.TABLE
    book = table.with_suffix(".xlsx")
    if table.is_file() and not book.exists():
        from soko.disclosure.settings import read
        from soko.indicators import load_catalogue
        from soko.indicators.reasons import public

        params = Params(workspace)
        school, end = params.school.name_short, params.dates(period).end
        limits = read(workspace).in_force(end).value
        catalogue = load_catalogue(workspace, bind=False)
        book.write_bytes(sheets.book(table, catalogue, period, school, end, public(limits.group, limits.cell)))


def _scanned(workspace: Workspace, stage: Path, rooms: Rooms, codes: list[str], confirmed_by: str) -> None:
    """Look through the site; what ``codes`` name is kept as confirmed, when it was found."""
    found = rooms.leaks(workspace, stage)
    if codes:
        has = coincidences.found(found)
        _nobodys([one for one in codes if one not in has])
        coincidences.confirm(workspace, codes, confirmed_by, date.today())
        found = rooms.leaks(workspace, stage)
    if found:
        raise DataError(
            "в файлах для сайта найдены сведения о людях, публикация отменена: " + _told(found),
            where="сайт не изменён",
            todo="уберите названное из комментариев и настроек и повторите команду" + _coincidence(found),
        )


def _nobodys(codes: list[str]) -> None:
    """Refuse codes that nothing of the site has: a wrong one would be kept as a decision about nothing."""
    if codes:
        raise UsageError(
            f"в файлах для сайта нет совпадений с такими кодами: {listing(codes)}",
            where="сайт не изменён",
            todo="возьмите код из последнего сообщения soko publish; если текст или число изменились, код уже другой",
        )


def _coincidence(found: list[str]) -> str:
    """What to do when a number of a document is no hidden figure but prints as one beside the same words."""
    codes = coincidences.found(found)
    if not codes:
        return ""
    shown = " ".join(f"--coincidence {one}" for one in codes[:_SHOWN])
    return (
        f"; если посмотрели и там не скрытое число, а другое, совпавшее с ним, повторите её с {shown} – "
        "это решение останется в журнале выпусков с именем подтверждающего"
    )


def _swapped(stage: Path, to: Path) -> None:
    try:
        swap(stage, to)
    except OSError as error:
        with suppress(OSError):
            recover(to)
        raise FailureError(
            f"папку сайта не удалось заменить ({error.strerror or type(error).__name__}); в ней прежний выпуск",
            where=str(to),
            todo="закройте программы, в которых открыты её файлы; публикуйте не в корень диска или сетевой папки, "
            "а в папку внутри него",
        ) from error


def _junk(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.lower() in releases.JUNK]


def _keep_junk(old: Path, stage: Path) -> None:
    """What systems put into folders by themselves is not ours to delete."""
    for path in old.rglob("*") if old.is_dir() else ():
        place = stage / path.relative_to(old)
        if path.name.lower() in releases.JUNK and path.is_file() and place.parent.is_dir():
            shutil.copyfile(path, place)


def _names(found: gather.Found) -> list[str]:
    return [item.name for item in found.documents]


def _told(lines: list[str]) -> str:
    shown = "; ".join(lines[:_SHOWN])
    rest = len(lines) - _SHOWN
    return shown + (f"; и ещё {count(rest, 'замечание')}" if rest > 0 else "")

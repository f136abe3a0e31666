"""Whether a folder may be replaced by a new release: all in it is ours, unchanged, made by this workspace."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath

from soko.errors import UsageError
from soko.run import hashing
from soko.russian import count, listing
from soko.site import release as releases
from soko.site.release import Release
from soko.workspace import Workspace

_SHOWN = 5
_PERIODS = re.compile(r"\d{4}(-\d{4})?")


def acceptable(workspace: Workspace, folder: Path, school: str) -> Release | None:
    """The release that ``folder`` holds, None of a new or empty folder. UsageError: nothing is published there."""
    _outside(workspace, folder)
    if folder.exists() and not folder.is_dir():
        raise UsageError("это файл, а не папка", where=str(folder), todo="укажите папку сайта: --to ПАПКА")
    _writable(folder)
    found = releases.read(folder)
    if found is None:
        foreign = _foreign(folder, set())
        if foreign:
            raise UsageError(
                f"папка не пуста, и в ней не сайт СОКО: {_listed(foreign)}",
                where=str(folder),
                todo="укажите новую папку; чужие файлы программа не удаляет",
            )
        return None
    if found.format > releases.FORMAT:
        raise UsageError("выпуск в папке сделан более новой версией СОКО", where=str(folder), todo="обновите программу")
    if found.school != school:
        raise UsageError(
            f"в папке сайт другой школы ({found.school})", where=str(folder), todo="укажите папку сайта своей школы"
        )
    _made_here(workspace, folder, found)
    _untouched(folder, found)
    return found


def differences(folder: Path, release: Release) -> tuple[list[str], list[str], list[str]]:
    """Files that are gone, that have changed, and that are not of the release."""
    gone, changed = [], []
    for name, entry in sorted(release.files.items()):
        path = folder / name
        if not path.is_file():
            gone.append(name)
        elif path.stat().st_size != entry.bytes or hashing.sha256_file(path) != entry.sha256:
            changed.append(name)
    return gone, changed, _foreign(folder, set(release.files))


def check(folder: Path) -> list[str]:
    """What of a site differs from its release.json, a line each. UsageError where there is none."""
    found = releases.read(folder)
    if found is None:
        raise UsageError(
            "в этой папке нет сайта СОКО" if folder.is_dir() else "такой папки нет",
            where=str(folder),
            todo="укажите папку, в которую публиковали: soko publish --check ПАПКА",
        )
    gone, changed, foreign = differences(folder, found)
    return [
        *(f"файла больше нет: {name}" for name in gone),
        *(f"файл изменён после публикации: {name}" for name in changed),
        *(f"лишний файл: {name}" for name in foreign),
    ]


def _outside(workspace: Workspace, folder: Path) -> None:
    """A site stands outside the workspace, or in a folder of its own in outputs."""
    place, root = folder.resolve(), workspace.root.resolve()
    if place == root or place in root.parents:
        raise UsageError("сайт нельзя положить поверх рабочей папки", where=str(folder), todo="укажите другую папку")
    if not place.is_relative_to(root):
        return
    parts = place.relative_to(root).parts
    if parts[0] != "outputs" or len(parts) < 2 or _PERIODS.fullmatch(parts[1]):
        raise UsageError(
            "внутри рабочей папки сайт может лежать только отдельно от результатов периодов",
            where=workspace.relative(folder),
            todo="укажите, например, --to outputs/site или папку вне рабочей",
        )


def _writable(folder: Path) -> None:
    """The site is built beside the folder and takes its place, so what is above it is written to."""
    above = next(parent for parent in folder.parents if parent.exists())
    if not above.is_dir():
        raise UsageError("на пути к папке сайта стоит файл", where=str(above), todo="укажите папку сайта: --to ПАПКА")
    if not os.access(above, os.W_OK | os.X_OK):
        raise UsageError(
            "в эту папку нельзя записывать, а сайт готовится в ней",
            where=str(above),
            todo="укажите --to ПАПКА там, где есть право записи",
        )
    if folder.is_mount():
        raise UsageError(
            "это корень диска или сетевой папки: его нельзя заменить новым выпуском целиком",
            where=str(folder),
            todo="укажите папку внутри него, например --to ПАПКА/site",
        )


def _made_here(workspace: Workspace, folder: Path, found: Release) -> None:
    """A release that the workspace has not made is newer than all that it knows, or of another workspace.

    What is hidden is hidden with regard to everything that was published before; a workspace that does not know what
    was published cannot promise it.
    """
    digest = releases.digest(folder)
    made = releases.known(workspace).releases
    if digest in {item.sha256 for item in made}:
        return
    last = max((item.number for item in made), default=0)
    told = f"последний известный ей – № {last}" if last else "она на сайт ещё ничего не публиковала"
    raise UsageError(
        f"в папке выпуск № {found.number}, которого эта рабочая папка не делала ({told})",
        where=str(folder),
        todo="публикуйте из той рабочей папки, где он сделан, или верните data/releases из её копии: без журнала "
        "прежних выпусков нельзя проверить, что скрытые числа не вычислить",
    )


def _untouched(folder: Path, found: Release) -> None:
    gone, changed, foreign = differences(folder, found)
    if foreign:
        raise UsageError(
            f"в папке сайта есть файлы, которых программа не делала: {_listed(foreign)}",
            where=str(folder),
            todo="перенесите их в другое место; чужие файлы программа не удаляет",
        )
    if gone or changed:
        raise UsageError(
            f"в папке сайта изменены или удалены файлы прежнего выпуска: {_listed([*changed, *gone])}",
            where=str(folder),
            todo="верните их из копии или опубликуйте в новую папку",
        )


def _foreign(folder: Path, ours: set[str]) -> list[str]:
    """Files that are not ours, and folders without a file of ours («name/»)."""
    if not folder.is_dir():
        return []
    known = {parent.as_posix() for name in ours for parent in PurePosixPath(name).parents}
    files = [name for path in releases.files_of(folder) if (name := path.relative_to(folder).as_posix()) not in ours]
    folders = [path for path in folder.rglob("*") if path.is_dir() and path.relative_to(folder).as_posix() not in known]
    return sorted([*files, *(f"{path.relative_to(folder).as_posix()}/" for path in folders)])


def _listed(names: list[str]) -> str:
    return f"{count(len(names), 'файл')} ({listing(names, _SHOWN)})"

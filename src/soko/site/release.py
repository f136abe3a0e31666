"""release.json, what a site consists of: its number, its periods, the SHA-256 of each file. Public, without names.

A release names the digest of the one before it in the same folder, so that a workspace can tell whether it made what
lies there. The workspace keeps the digests of the releases that it made in data/releases/site.json.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from pydantic import Field, ValidationError

from soko import __version__
from soko.errors import UsageError
from soko.run import hashing
from soko.workspace import Workspace
from soko.yamlio import Strict

NAME = "release.json"
#: Rises when what an older soko would misread changes.
FORMAT = 1
#: Files that systems leave in folders by themselves; they are neither ours nor anybody's.
JUNK = {"thumbs.db", "desktop.ini", ".ds_store"}


class Entry(Strict):
    """A file of the site."""

    sha256: str
    bytes: int


class Published(Strict):
    """A period of the site: its documents (names without suffix) in the order of the index, when they were approved."""

    documents: list[str]
    approved_on: date | None = None


class Release(Strict):
    """What lies in the folder. ``previous``: digest of the release that stood there before; empty of the first one."""

    format: int
    number: int
    previous: str
    school: str
    soko: str
    periods: dict[str, Published]
    files: dict[str, Entry]

    def same(self, other: Release | None) -> bool:
        """Whether the other one has the same content; numbers aside."""
        return other is not None and (self.periods, self.files, self.school) == (
            other.periods,
            other.files,
            other.school,
        )


class Made(Strict):
    """A release that this workspace made."""

    sha256: str
    number: int
    periods: list[str]


class Known(Strict):
    """data/releases/site.json."""

    releases: list[Made] = Field(default_factory=list)


def of(folder: Path, periods: dict[str, Published], school: str, before: Release | None, digest: str) -> Release:
    """The release of what ``folder`` holds; ``before`` with its ``digest`` is what it replaces."""
    files = {
        path.relative_to(folder).as_posix(): Entry(sha256=hashing.sha256_file(path), bytes=path.stat().st_size)
        for path in files_of(folder)
    }
    number = before.number + 1 if before else 1
    return Release(
        format=FORMAT, number=number, previous=digest, school=school, soko=__version__, periods=periods, files=files
    )


def files_of(folder: Path) -> list[Path]:
    """All files below the folder but its release.json and what systems leave there; sorted."""
    return sorted(
        path
        for path in folder.rglob("*")
        if not path.is_dir() and path.name.lower() not in JUNK and path != folder / NAME
    )


def write(folder: Path, release: Release) -> str:
    """Write ``folder``/release.json; return its digest."""
    text = json.dumps(release.model_dump(mode="json"), ensure_ascii=False, indent=1, sort_keys=True)
    path = folder / NAME
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    return hashing.sha256_file(path)


def read(folder: Path) -> Release | None:
    """The release of the folder, None where there is none. UsageError for one that cannot be read."""
    path = folder / NAME
    if not path.is_file():
        return None
    try:
        return Release.model_validate_json(path.read_text(encoding="utf-8"))
    except (ValidationError, ValueError, OSError) as error:
        if _format(path) > FORMAT:
            raise UsageError(
                "выпуск в папке сделан более новой версией СОКО",
                where=str(path),
                todo="обновите программу; папка не изменена",
            ) from None
        raise UsageError(
            "опись выпуска не читается: файл испорчен или это не сайт СОКО",
            where=str(path),
            todo="верните файл из копии или укажите новую папку",
        ) from error


def digest(folder: Path) -> str:
    """Digest of the folder's release.json; empty where there is none."""
    path = folder / NAME
    return hashing.sha256_file(path) if path.is_file() else ""


def known(workspace: Workspace) -> Known:
    """The releases that the workspace made."""
    path = _memory(workspace)
    if not path.is_file():
        return Known()
    try:
        return Known.model_validate_json(path.read_text(encoding="utf-8"))
    except (ValidationError, ValueError) as error:
        raise UsageError(
            "журнал выпусков сайта не читается",
            where=workspace.relative(path),
            todo="верните файл из копии рабочей папки",
        ) from error


def on_site(workspace: Workspace) -> dict[str, int]:
    """The periods that this workspace has put on a site, with the number of the last release that holds each."""
    return {period: item.number for item in known(workspace).releases for period in item.periods}


def remember(workspace: Workspace, release: Release, digest: str) -> None:
    """Note that the workspace made the release. Done before the folder is swapped: to know too much does no harm."""
    from soko.publish.whole import write as write_whole

    made = [item for item in known(workspace).releases if item.sha256 != digest]
    made.append(Made(sha256=digest, number=release.number, periods=sorted(release.periods)))
    text = json.dumps(Known(releases=made).model_dump(mode="json"), ensure_ascii=False, indent=1, sort_keys=True)
    path = _memory(workspace)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, (text + "\n").encode())


def _memory(workspace: Workspace) -> Path:
    return workspace.root / "data" / "releases" / "site.json"


def _format(path: Path) -> int:
    try:
        return int(json.loads(path.read_text(encoding="utf-8"))["format"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0

"""Whether files are still what they were: for what is kept in memory between two readings of the same files.

A stamp is cheaper than a hash and as good within one run: the time of the last change of a file's entry (ctime) is set
by the system with every write and cannot be put back. What is *published* rests on hashes (``soko.run.hashing``).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

Stamp = tuple[tuple[str, int, int, int, int], ...]


def stamp(places: Iterable[Path]) -> Stamp:
    """Name, size, inode and times of every file of ``places``: files, and folders with all that is below them.

    What is not there has no entry, so that a file that appears changes the stamp as one that is written does.
    """
    found: list[tuple[str, int, int, int, int]] = []
    for place in places:
        _add(str(place), found)
    return tuple(found)


def _add(path: str, found: list[tuple[str, int, int, int, int]]) -> None:
    try:
        with os.scandir(path) as entries:
            below = sorted((entry.path, entry.is_dir()) for entry in entries)
    except NotADirectoryError:
        _note(path, found)
        return
    except OSError:
        return
    for child, is_folder in below:
        if is_folder:
            _add(child, found)
        else:
            _note(child, found)


def _note(path: str, found: list[tuple[str, int, int, int, int]]) -> None:
    try:
        facts = os.stat(path)  # noqa: PTH116 - a Path per file would cost more than the question
    except OSError:
        return
    found.append((path, facts.st_size, facts.st_ino, facts.st_mtime_ns, facts.st_ctime_ns))

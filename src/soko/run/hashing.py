"""Content hashes: what a result was made from, so that a rerun without changes can be recognised."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

from soko.hashes import sha256_file, sha256_if_readable, sha256_json

PACKAGE = Path(__file__).resolve().parents[1]
_IGNORED_DIRS = {"__pycache__", ".ipynb_checkpoints"}


def of_plan(root: Path) -> set[Path]:
    """What the plan, the site or the terms of retention alone are made from.

    No data, no value and no note of a period depends on it.
    """
    names = ("plan.yaml", "days_off.yaml", "site.yaml", "retention.yaml")
    return {*(root / "params" / name for name in names), root / "notebooks" / "reports" / "plan.ipynb"}


def of_self_assessment(root: Path) -> set[Path]:
    """What the self-assessment report alone reads: its settings, texts and notebook."""
    folder = root / "params" / "reports"
    own = {folder / "self_assessment.yaml", root / "notebooks" / "reports" / "self_assessment.ipynb"}
    return own | set(files_below(folder / "self_assessment"))


def files_below(folder: Path) -> list[Path]:
    """All files below the folder, sorted; caches and lock files of office programs left out."""
    # pathlib's rglob takes four times as long as the system's own walk.
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in _IGNORED_DIRS]
        found += [Path(place, name) for name in names if not name.startswith(("~$", "."))]
    return sorted(path for path in found if path.is_file())


def hash_files(paths: Iterable[Path], root: Path) -> dict[str, str]:
    """Map from path relative to ``root`` (forward slashes) to SHA-256; empty for a file that cannot be opened.

    An unreadable file of the school is for intake to tell of, with what to do; it never gets as far as a manifest.
    """
    return {_name(path, root): sha256_if_readable(path) for path in paths}


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


@cache
def code_hash() -> str:
    """SHA-256 over soko's own code and templates."""
    sources = [path for path in files_below(PACKAGE) if path.suffix not in {".pyc", ".ttf"}]
    return sha256_json(hash_files(sources, PACKAGE))


@cache
def versions() -> dict[str, str]:
    """Versions that can change a result: Python and the libraries that compute or render."""
    libraries = ("duckdb", "great-expectations", "matplotlib", "nbconvert", "pandas", "papermill", "seaborn", "typst")
    return {"python": ".".join(map(str, sys.version_info[:3])), **versions_of(libraries)}


def versions_of(libraries: Iterable[str]) -> dict[str, str]:
    """Versions of those that are installed: an optional library is simply not part of a key."""
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in libraries:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def lock_hash(root: Path) -> str:
    """SHA-256 of the lock that the environment was installed from; empty where soko is used as a package."""
    for folder in (root, PACKAGE.parents[1]):
        lock = folder / "requirements.txt"
        if lock.is_file():
            return sha256_file(lock)
    return ""

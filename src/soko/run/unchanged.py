"""«Изменений нет» without looking twice: the answer of ``soko report`` is kept for as long as no file has changed.

A run without changes hashes a few hundred files and imports the libraries of settings and of the command line for
that. Its answer is kept beside a stamp of every file of the workspace and of the program (place, size, times, inode –
what git trusts, too); while the stamp holds, nothing is imported and nothing is read. Whatever changes, in whatever
period, the long way is taken: the stamp asks for more than the answer needs, never for less.

Only the standard library is imported for an answer: this runs before everything else.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
_FOLDERS = ("params", "validation", "notebooks", "data", "outputs")
_IGNORED = {"__pycache__", ".ipynb_checkpoints"}
_MARKER = Path("params") / "school.yaml"
_KEPT = Path("data") / "private" / "unchanged.json"
# A file that changes again within a tick of the file system's clock keeps its stamp: nothing younger is believed.
# Ticks are milliseconds, but two seconds where times are whole (FAT, some network drives).
_TICK, _COARSE_TICK = 0.1, 2.5


def answer(arguments: Sequence[str]) -> str | None:
    """What the same call said when nothing had changed, if nothing has changed since; None for every other call."""
    root = _root(arguments)
    if root is None:
        return None
    try:
        kept = json.loads((root / _KEPT).read_text(encoding="utf-8"))
        said = kept["said"].get(_call(arguments))
        return said if said is not None and kept["stamp"] == _stamp(root)[0] else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # there is none, or it is not ours: the long way


class Watch:
    """Taken before a run looks at the files, so that what is changed meanwhile is not believed."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._arguments = arguments
        self._root = _root(arguments)
        self._stamp = _stamp(self._root) if self._root is not None else ("", 0)

    def keep(self, said: str) -> None:
        """Remember that the call said this, unless a file is so young that it could change without a trace."""
        from soko.publish import whole

        stamp, newest = self._stamp
        if self._root is None or _stamp(self._root) != self._stamp:
            return
        tick = _COARSE_TICK if newest % 10_000_000 == 0 else _TICK
        if time.time() - newest / 1e9 < tick:
            return
        path = self._root / _KEPT
        before = self._before(path)
        text = json.dumps({"stamp": stamp, "said": {**before, _call(self._arguments): said}}, ensure_ascii=False)
        with suppress(OSError):  # a folder that cannot be written: the next run takes the long way again
            whole.write(path, text.encode("utf-8"))

    def _before(self, path: Path) -> dict[str, str]:
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            return dict(kept["said"]) if kept["stamp"] == self._stamp[0] else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}


def _root(arguments: Sequence[str]) -> Path | None:
    """The workspace of a plain ``soko report``; a call with other options than ``--why`` takes the long way."""
    if not arguments or arguments[0] != "report":
        return None
    if any(text.startswith("-") and text != "--why" for text in arguments[1:]):
        return None
    if chosen := os.environ.get("SOKO_WORKSPACE"):
        root = Path(chosen).expanduser().resolve()
        return root if (root / _MARKER).is_file() else None
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / _MARKER).is_file()), None)


def _call(arguments: Sequence[str]) -> str:
    """The call, with all that its answer's words depend on besides files."""
    own = sorted((name, value) for name, value in os.environ.items() if name.startswith("SOKO_"))
    return json.dumps([*arguments, str(Path.cwd()), own, sys.version, sys.executable, time.strftime("%Y-%m-%d")])


def _stamp(root: Path) -> tuple[str, int]:
    """Hash over the stamp of every file that an answer may rest on, and the time of the youngest, in ns."""
    found, newest = hashlib.sha256(), 0
    for top in (*(root / name for name in _FOLDERS), PACKAGE):
        for path, stat in _files(str(top)):
            newest = max(newest, stat.st_mtime_ns, stat.st_ctime_ns)
            found.update(f"{path}\0{_facts(stat)}\n".encode("utf-8", "surrogateescape"))
    others = [root / "requirements.txt", PACKAGE.parents[1] / "requirements.txt"]
    others += [Path(name) for name in sys.path if name.endswith("site-packages")]  # changes with what is installed
    for other in others:
        found.update(f"{other}\0{_facts(other.stat()) if other.exists() else None}\n".encode())
    return found.hexdigest(), newest


def _facts(stat: os.stat_result) -> tuple[int, ...]:
    return stat.st_mode, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, stat.st_dev


def _files(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    """Everything below the folder, in the order of names; folders by name alone, which tells what came and went."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name in _IGNORED or entry.path.endswith(str(_KEPT)):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path)
        else:
            yield entry.path, entry.stat(follow_symlinks=entry.is_file())

"""Where the files that every workspace starts from stand: notebooks, tables, catalogue, wording."""

from __future__ import annotations

import json
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def root() -> Path:
    """Folder with notebooks/, params/ and validation/: inside an installed package, or the checkout itself."""
    packed = _PACKAGE / "_workspace"
    return packed if packed.is_dir() else _PACKAGE.parents[1]


def notebook(name: str, own: Path) -> Path | None:
    """A notebook by its path below notebooks/ without suffix: the workspace's own, else the package's."""
    for folder in (own, root() / "notebooks"):
        path = folder / f"{name}.ipynb"
        if path.is_file():
            return path
    return None


def narrative(note: str, own: Path) -> Path:
    """The rules and settings of a note: the workspace's own (``own`` is its params), else the package's."""
    path = own / "narrative" / f"{note}.yaml"
    return path if path.is_file() else root() / "params" / "narrative" / f"{note}.yaml"


def reference(own: Path) -> Path | None:
    """The Word file whose look the school's documents have, where the school (``own`` is its params) has one."""
    path = own / "templates" / "reference.docx"
    return path if path.is_file() else None


def title(name: str, own: Path) -> str:
    """What an analyst calls a notebook: ``soko.title`` of its metadata, else its name."""
    path = notebook(name, own)
    try:
        metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"] if path else {}
        return str(metadata["soko"]["title"])
    except (OSError, ValueError, KeyError, TypeError):  # an unreadable notebook is told of when it is executed
        return name.rpartition("/")[2]


def notebooks(kind: str, own: Path) -> list[str]:
    """Names of the notebooks of a kind (``notes``, ``annexes``), the workspace's own included."""
    folders = (own / kind, root() / "notebooks" / kind)
    return sorted({path.stem for folder in folders if folder.is_dir() for path in folder.glob("*.ipynb")})

"""The style sheets of what is read on a screen, and where the templates lie. Imports nothing heavy."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def css() -> str:
    """The stylesheet of the page; JupyterLab fragments bring it along, scoped to ``.soko``."""
    return (TEMPLATES / "note.css").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def page_css() -> str:
    """The rules that belong to the page alone."""
    return (TEMPLATES / "page.css").read_text(encoding="utf-8")

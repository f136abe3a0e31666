"""The nearest valid name and the right command, for messages. Imports nothing: the command line needs it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from soko.periods import Period


def nearest(name: str, known: list[str]) -> str:
    """The one of ``known`` that ``name`` is a misspelling of, or nothing."""
    import difflib

    near = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
    return near[0] if near else ""


def did_you_mean(name: str, known: list[str]) -> str:
    """Return « Возможно, имелось в виду …» for the nearest of ``known``, or a list of what is valid."""
    import difflib

    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if near:
        return f"; возможно, имелось в виду «{near[0]}»"
    return f"; допустимы: {', '.join(known)}" if known and len(known) <= 12 else ""


def publishing(period: Period) -> str:
    """The command that makes the documents of a period anew: a calendar year's is the report of self-assessment."""
    return f"soko self-assessment {period.year}" if period.kind == "calendar" else f"soko report {period.id}"

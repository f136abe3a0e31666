"""The nearest valid name, for messages about a misspelt one. Imports nothing: the command line needs it at once."""

from __future__ import annotations


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

"""Causes of changes where the former publication has no basis: from the files that its manifest names.

A manifest without a basis still holds the hash of every file that was read, and the versions of code and libraries.
That tells causes apart, though not table by table: a changed file of the school is taken to concern every indicator.
"""

from __future__ import annotations

from typing import Any

from soko.indicators.catalogue import Catalogue
from soko.run.changes import CODE, CORRECTION, DATA, DEFINITION, NOT_DATA, SETTINGS, UNKNOWN

_ENVIRONMENT = ("code_sha256", "lock_sha256", "versions")


def causes(
    before: dict[str, Any], after: dict[str, Any], incoming: tuple[str, ...], catalogue: Catalogue, indicator: str
) -> list[str]:
    """Why values of the indicator differ, the most certain first, in the words of ``soko.run.changes``.

    ``before`` and ``after`` are manifests, or what of one there is: ``inputs`` and ``environment``. ``incoming`` are
    the period's own folders below the workspace, with a slash at the end; those of compared periods change nothing.
    """
    if not before.get("inputs"):
        return [UNKNOWN]
    changed = {
        name
        for name in before["inputs"].keys() | after["inputs"].keys()
        if before["inputs"].get(name) != after["inputs"].get(name)
    }
    found = []
    if changed & _files_of(catalogue, indicator):
        found.append(DEFINITION)
    if "data/corrections.yaml" in changed:
        found.append(CORRECTION)
    if any(name.startswith(incoming) for name in changed):
        found.append(DATA)
    if not {CORRECTION, DATA} & set(found) and any(_is_setting(name) for name in changed):
        found.append(SETTINGS)
    environments = [
        [manifest.get("environment", {}).get(name) for name in _ENVIRONMENT] for manifest in (before, after)
    ]
    if not found and environments[0] != environments[1]:
        found.append(CODE)
    return found or [UNKNOWN]


def _files_of(catalogue: Catalogue, indicator: str) -> set[str]:
    """Files in which the indicator and the views under it are written."""
    if indicator not in catalogue:
        return set()
    views = catalogue.views_under(catalogue[indicator].population)
    places = [catalogue.place("indicator", indicator), *(catalogue.place("view", view.name) for view in views)]
    return {place.split(", строка")[0] for place in places}


def _is_setting(name: str) -> bool:
    parts = name.split("/")
    return parts[0] in ("params", "validation") and not NOT_DATA.intersection(parts)

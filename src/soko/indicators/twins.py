"""What an indicator of params/indicators need not say itself: its file's defaults, and what its twin says.

A share that 4.6 and order 1324 both ask for must not be computed in two ways; written twice, it soon is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from soko.errors import ConfigError
from soko.hints import did_you_mean

_DEFAULTS = ("criterion", "population", "dimensions", "periodicity")
#: Belongs to the place where it is written, never to the twin.
_OWN = ("id", "replace", "same_as", "target")


def completed(files: Mapping[str, Any], line: Callable[[str, int], int] | None = None) -> dict[str, Any]:
    """The parsed files (shown path -> data, in the order of reading) with every indicator complete.

    ``line``: in which line of a file the ``same_as`` of its indicator number N stands, for messages.

    An own key wins over the file's default, and that over the twin's. The twin is the last definition of its id, so
    a school that replaces it in own.yaml changes both labels.
    """
    defaults = {
        path: {key: data[key] for key in _DEFAULTS if data.get(key) is not None}
        for path, data in files.items()
        if isinstance(data, dict)
    }
    known = {
        item["id"]: {**defaults[path], **item}
        for path, data in files.items()
        for item in _items(data)
        if isinstance(item.get("id"), str)
    }
    return {path: _complete(data, defaults.get(path, {}), known, path, line) for path, data in files.items()}


def _items(data: Any) -> list[dict[str, Any]]:
    items = data.get("indicators") if isinstance(data, dict) else None
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _complete(
    data: Any,
    defaults: dict[str, Any],
    known: Mapping[str, dict[str, Any]],
    path: str,
    line: Callable[[str, int], int] | None,
) -> Any:
    if not isinstance(data, dict) or not isinstance(data.get("indicators"), list):
        return data
    items = []
    for number, item in enumerate(data["indicators"]):
        where = f"{path}, строка {line(path, number)}" if line else path
        items.append({**_twin(item, known, where), **defaults, **item} if isinstance(item, dict) else item)
    return {**data, "indicators": items}


def _twin(item: dict[str, Any], known: Mapping[str, dict[str, Any]], where: str) -> dict[str, Any]:
    wanted = item.get("same_as")
    if not wanted:
        return {}
    whose = f"показатель {item.get('id')}, same_as"
    if wanted not in known:
        raise ConfigError(f"{whose}: нет показателя «{wanted}»{did_you_mean(str(wanted), list(known))}", where=where)
    if known[wanted].get("same_as"):
        todo = f"укажите {known[wanted]['same_as']}"
        raise ConfigError(f"{whose}: показатель «{wanted}» сам повторяет другой", where=where, todo=todo)
    return {key: value for key, value in known[wanted].items() if key not in _OWN}

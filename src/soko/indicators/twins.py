"""What an indicator of params/indicators need not say itself: its file's defaults, and what its twin says.

A share that 4.6 and order 1324 both ask for must not be computed in two ways; written twice, it soon is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from soko.errors import ConfigError
from soko.hints import did_you_mean

_DEFAULTS = ("criterion", "population", "dimensions", "periodicity")
#: Belongs to the place where it is written, never to the twin.
_OWN = ("id", "replace", "same_as", "target")


def completed(files: Mapping[str, Any]) -> dict[str, Any]:
    """The parsed files (shown path -> data, in the order of reading) with every indicator complete.

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
    return {path: _complete(data, defaults.get(path, {}), known, path) for path, data in files.items()}


def _items(data: Any) -> list[dict[str, Any]]:
    items = data.get("indicators") if isinstance(data, dict) else None
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _complete(data: Any, defaults: dict[str, Any], known: Mapping[str, dict[str, Any]], path: str) -> Any:
    if not isinstance(data, dict) or not isinstance(data.get("indicators"), list):
        return data
    items = [
        {**_twin(item, known, path), **defaults, **item} if isinstance(item, dict) else item
        for item in data["indicators"]
    ]
    return {**data, "indicators": items}


def _twin(item: dict[str, Any], known: Mapping[str, dict[str, Any]], path: str) -> dict[str, Any]:
    wanted = item.get("same_as")
    if not wanted:
        return {}
    where = f"{path}, показатель {item.get('id')}, same_as"
    if wanted not in known:
        raise ConfigError(f"нет показателя «{wanted}»{did_you_mean(str(wanted), list(known))}", where=where)
    if known[wanted].get("same_as"):
        raise ConfigError(
            f"показатель «{wanted}» сам повторяет другой", where=where, todo=f"укажите {known[wanted]['same_as']}"
        )
    return {key: value for key, value in known[wanted].items() if key not in _OWN}

"""What a release hides and why, for the school's own record: no value of anything hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from soko.dated import Dated
from soko.disclosure.amounts import Row
from soko.disclosure.masked import Masked
from soko.disclosure.settings import Thresholds
from soko.periods import Period

#: What is hidden so that something else does not follow; the rest of the reason says what.
FOLLOWS = "иначе вычисляется"
# Reasons with the thresholds: {group}, {cell}, {least} (the largest count that is not shown).
_WHY = {
    "few": "в группе меньше {group}",
    "under": "число от 1 до {least}",
    "teacher": "результат одного учителя",
    "rest": "остальных (кто в это число не вошёл) от 1 до {least}",
    "sign": "число от 1 до {least}, а знак «< {cell}» сузил бы его вместе с соседними",
    "earlier": "скрыто в прежнем выпуске",
    "base": "скрыта база показателя",
}


def content(
    period: Period,
    limits: Dated[Thresholds],
    masked: Masked,
    told: dict[int, str],
    named: Callable[[Row], dict[str, str]],
    inputs: dict[str, str],
    earlier: list[str],
) -> dict[str, Any]:
    """The audit as plain data: the thresholds and their ground, inputs, and each hidden figure with its reason.

    ``told``: the amounts in words; ``named``: a row in words, by part (``words.row``).
    """
    frame, protected = masked.frame, masked.protected
    hidden = [
        {
            "indicator": row.indicator,
            **named(row),
            "group": told[row.part],
            "code": code,
            "why": _why(row, code, masked, told, limits.value),
        }
        for row, code in zip(masked.released_rows, frame["hidden"], strict=True)
        if code
    ]
    return {
        "period": period.id,
        "periods": sorted(frame["period"].unique().tolist()),
        "thresholds": limits.model_dump(mode="json"),
        "inputs": inputs,
        "earlier": earlier,
        "rows": len(frame),
        "shown": int((frame["hidden"] == "").sum()),
        "figures": _figures(masked),
        "hidden_by_code": dict(sorted(Counter(item["code"] for item in hidden).items())),
        "hidden_by_indicator": _by_indicator(hidden),
        "added": len(protected.added),
        "hidden": hidden,
    }


def _figures(masked: Masked) -> dict[str, int]:
    """How many figures a reader finds and misses: rows once, though the only school stands for all schools too."""
    rows = list(zip(masked.released_rows, masked.frame["hidden"] != "", strict=True))
    several = len({row.place.school for row, _ in rows} - {""}) > 1
    seen = {(row.indicator, row.place.school if several else "", *row.place[1:], hidden) for row, hidden in rows}
    hidden = sum(one[-1] for one in seen)
    return {"shown": len(seen) - hidden, "hidden": hidden}


def _by_indicator(hidden: list[dict[str, str]]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {}
    for item in hidden:
        found.setdefault(item["indicator"], Counter())[item["code"]] += 1
    return {name: dict(sorted(codes.items())) for name, codes in sorted(found.items())}


def _why(row: Row, code: str, masked: Masked, told: dict[int, str], limits: Thresholds) -> str:
    protected, amounts = masked.protected, masked.problem.amounts

    def words(name: str) -> str:
        return _WHY[name].format(group=limits.group, cell=limits.cell, least=limits.cell - 1)

    if code in ("few", "under"):
        return words(code)
    if row.rated:
        return words("teacher")
    for at in (row.part, row.base):
        if at in protected.added:
            return f"{FOLLOWS}: {told[protected.added[at]]}"
    if row.part in protected.loosened:
        return words("sign")
    if row.rest >= 0 and amounts[row.rest].sensitive:
        return words("rest")
    return words("earlier" if amounts[row.part].frozen else "base")

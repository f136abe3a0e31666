"""What a release hides and why, for the school's own record: no value of anything hidden."""

from __future__ import annotations

from collections import Counter
from typing import Any

from soko.dated import Dated
from soko.disclosure.amounts import Row
from soko.disclosure.masked import Masked
from soko.disclosure.settings import Thresholds
from soko.periods import Period

_WHY = {
    "few": "группа меньше порога",
    "under": "число от 1 до порога ячейки",
    "teacher": "результат одного учителя",
    "rest": "остальных меньше порога ячейки",
    "sign": "число от 1 до порога ячейки; знак «меньше порога» сузил бы его",
    "earlier": "скрыто в прежнем выпуске",
    "base": "скрыта база показателя",
}


def content(
    period: Period,
    limits: Dated[Thresholds],
    masked: Masked,
    told: dict[int, str],
    inputs: dict[str, str],
    earlier: list[str],
) -> dict[str, Any]:
    """The audit as plain data: the thresholds and their ground, inputs, and each hidden figure with its reason."""
    frame, protected = masked.frame, masked.protected
    hidden = [
        {
            "indicator": row.indicator,
            "group": told[row.part],
            "code": code,
            "why": _why(row, code, masked, told),
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
        "hidden_by_code": dict(sorted(Counter(item["code"] for item in hidden).items())),
        "hidden_by_indicator": _by_indicator(hidden),
        "added": len(protected.added),
        "hidden": hidden,
    }


def _by_indicator(hidden: list[dict[str, str]]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {}
    for item in hidden:
        found.setdefault(item["indicator"], Counter())[item["code"]] += 1
    return {name: dict(sorted(codes.items())) for name, codes in sorted(found.items())}


def _why(row: Row, code: str, masked: Masked, told: dict[int, str]) -> str:
    protected, amounts = masked.protected, masked.problem.amounts
    if code in ("few", "under"):
        return _WHY[code]
    if row.rated:
        return _WHY["teacher"]
    for at in (row.part, row.base):
        if at in protected.added:
            return f"иначе вычисляется: {told[protected.added[at]]}"
    if row.part in protected.loosened:
        return _WHY["sign"]
    if row.rest >= 0 and amounts[row.rest].sensitive:
        return _WHY["rest"]
    return _WHY["earlier"] if amounts[row.part].frozen else _WHY["base"]

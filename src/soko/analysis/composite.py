"""One figure out of several indicators, and how much it depends on the weights that somebody chose.

A composite is an opinion about what matters, written as weights; so it is never given without its range: each weight
made smaller and larger, each indicator left out, all weights equal. A place of a group is given as the places that
it has under all of these. Values that are missing are left out and the other weights take over, which is said.

Scaling is linear between ``worst`` (0) and ``best`` (100), values of the regulation or of the school, not the least
and greatest of the groups: with those a group's score would change when another group does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

# Scores are computed to this precision before they are compared: a tie must not hang on the last binary digit.
_DIGITS = 9


@dataclass(frozen=True)
class Composite:
    """The weighted mean of the scores that are there, 0…100; None under the coverage asked for.

    ``coverage``: the part of all weights that they have; ``shares``: the weight of each after the others have dropped
    out, 0…1; ``missing``: ids without a score, in the order of the weights.
    """

    value: float | None
    coverage: float
    shares: dict[str, float]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Sensitivity:
    """What becomes of a composite under other weights.

    ``moved``: the least and greatest value with the weight of this one indicator changed by the step; ``without``: the
    value without it, None where it is the only one; ``equal``: with equal weights. ``low``–``high`` is the whole range.
    """

    moved: dict[str, tuple[float, float]]
    without: dict[str, float | None]
    equal: float
    low: float
    high: float


@dataclass(frozen=True)
class Places:
    """Places of a group, 1 being the best: ``first``–``last`` by the weights chosen, ``best``–``worst`` by any."""

    first: int
    last: int
    best: int
    worst: int


def score(value: float, worst: float, best: float) -> float:
    """Where ``value`` stands between ``worst`` (0) and ``best`` (100); beyond them it is 0 or 100.

    ``worst`` is greater than ``best`` where less is better. ValueError when they are equal.
    """
    if worst == best:
        raise ValueError(f"нет шкалы: худшее и лучшее значения равны ({worst})")
    return min(100.0, max(0.0, (value - worst) / (best - worst) * 100))


def composite(scores: Mapping[str, float], weights: Mapping[str, float], least_coverage: float = 0.0) -> Composite:
    """The composite of ``scores`` (id → 0…100) by ``weights`` (id → not negative, of any sum).

    ValueError for weights that are negative or all zero, and for a score that has no weight.
    """
    if any(weight < 0 for weight in weights.values()) or not any(weights.values()):
        raise ValueError("веса не могут быть отрицательными или все равны нулю")
    if strange := sorted(set(scores) - set(weights)):
        raise ValueError(f"нет веса: {', '.join(strange)}")
    known = {name: weight for name, weight in weights.items() if name in scores and weight}
    total = fsum(known.values())
    coverage = total / fsum(weights.values())
    missing = tuple(name for name in weights if name not in scores)
    shares = {name: weight / total for name, weight in known.items()}
    value = fsum(scores[name] * weight for name, weight in known.items()) / total if total else None
    if value is not None and coverage < least_coverage:
        value = None
    return Composite(None if value is None else round(value, _DIGITS), coverage, shares, missing)


def scenarios(weights: Mapping[str, float], step: float) -> dict[tuple[str, str], dict[str, float]]:
    """Other weights, by (what was done, to which indicator): «less», «more», «without» each, and all «equal»."""
    made: dict[tuple[str, str], dict[str, float]] = {("equal", ""): dict.fromkeys(weights, 1.0)}
    for name, weight in weights.items():
        made["less", name] = {**weights, name: weight * (1 - step)}
        made["more", name] = {**weights, name: weight * (1 + step)}
        if len(weights) > 1:
            made["without", name] = {**weights, name: 0.0}
    return made


def sensitivity(scores: Mapping[str, float], weights: Mapping[str, float], step: float) -> Sensitivity | None:
    """What the composite would be under ``scenarios`` of the weights of the indicators there; None without any."""
    own = {name: weight for name, weight in weights.items() if name in scores and weight}
    if not own:
        return None
    values = {key: _value(scores, changed) for key, changed in scenarios(own, step).items()}
    chosen = _value(scores, own)
    everything = [chosen, *values.values()]
    moved = {}
    for name in own:
        pair = (values["less", name], values["more", name])
        moved[name] = (min(*pair, chosen), max(*pair, chosen))
    return Sensitivity(
        moved,
        {name: values.get(("without", name)) for name in own},
        values["equal", ""],
        min(everything),
        max(everything),
    )


def places(groups: Mapping[str, Mapping[str, float]], weights: Mapping[str, float], step: float) -> dict[str, Places]:
    """Places of groups (name → scores of the same indicators), by the weights and by every scenario.

    ValueError when the groups do not have the same indicators: places of different things mean nothing.
    """
    if len({frozenset(scores) for scores in groups.values()}) > 1:
        raise ValueError("места считаются только по одним и тем же показателям")
    if not groups:
        return {}
    own = {name: weights[name] for name in weights if name in next(iter(groups.values()))}
    chosen = _places({name: _value(scores, own) for name, scores in groups.items()})
    others = [
        _places({name: _value(scores, changed) for name, scores in groups.items()})
        for changed in scenarios(own, step).values()
    ]
    return {
        name: Places(
            *span,
            min(other[name][0] for other in (chosen, *others)),
            max(other[name][1] for other in (chosen, *others)),
        )
        for name, span in chosen.items()
    }


def _value(scores: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The composite of scores that are known to be there."""
    found = composite({name: scores[name] for name in weights}, weights).value
    assert found is not None
    return found


def _places(values: Mapping[str, float]) -> dict[str, tuple[int, int]]:
    """First and last of the places that a group shares with its equals."""
    found = {}
    for name, value in values.items():
        higher = sum(other > value for other in values.values())
        found[name] = (higher + 1, higher + sum(other == value for other in values.values()))
    return found

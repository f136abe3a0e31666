"""The cluster of key indicators (4.7): the school's index, and those of its levels, parallels or classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

from soko.analysis.composite import Composite, Places, Sensitivity, composite, places, score, sensitivity
from soko.dated import Dated
from soko.indicators.key import Cluster, KeyIndicator, load_key
from soko.notes.data import NoteData, Parts
from soko.notes.groups import name_of


@dataclass(frozen=True)
class Part:
    """One indicator of the cluster: its figure, its points, or why it has none.

    ``why``: "absent" without a figure, "period" where such a period does not count it, "small" under the least base.
    """

    item: KeyIndicator
    parts: Parts | None
    value: float | None
    points: float | None
    why: str = ""


@dataclass(frozen=True)
class Index:
    """The index of the school with its parts and what becomes of it under other weights."""

    cluster: Dated[Cluster]
    parts: list[Part]
    total: Composite
    range: Sensitivity | None


@dataclass(frozen=True)
class GroupIndex:
    """The index of one group; without ``places`` it lacks one of the indicators that the others are compared by."""

    key: str
    name: str
    total: Composite
    range: Sensitivity | None
    places: Places | None
    lacking: tuple[str, ...]


@dataclass(frozen=True)
class GroupIndexes:
    """Groups by the same indicators; ``by`` are their ids, ``left_out`` those of the cluster that too few groups have.

    ``school`` is the index of the school by the very same indicators: what it is printed for is to be compared.
    ``coverage``: which part of all weights the indicators have.
    """

    by: tuple[str, ...]
    left_out: tuple[str, ...]
    coverage: float
    groups: list[GroupIndex]
    school: Composite | None


def index(data: NoteData, school: str = "") -> Index:
    """The index of the school. ConfigError for a wrong params/key_indicators.yaml."""
    cluster = load_key(data.workspace, data.catalogue, data.params.dates(data.period).end)
    parts = _parts(data, cluster.value, school, {})
    scores = {part.item.id: part.points for part in parts if part.points is not None}
    total = composite(scores, cluster.value.weights, cluster.value.least_coverage)
    moved = sensitivity(scores, cluster.value.weights, cluster.value.weight_step) if total.value is not None else None
    return Index(cluster, parts, total, moved)


def by_group(data: NoteData, dimension: str, school: str = "") -> GroupIndexes | None:
    """Indexes of the groups of a dimension; None when fewer than two have anything, or the weights are too few.

    Compared are groups by one and the same set of indicators: those that ``least_groups`` of them have.
    """
    cluster = load_key(data.workspace, data.catalogue, data.params.dates(data.period).end).value
    heaviest = max(cluster.indicators, key=lambda item: item.weight)
    usable = [item for item in cluster.indicators if not item.only_school]
    keys = data.current.keys(heaviest.id, dimension, school)
    if dimension == "level":
        order = [level.id for level in data.school.levels]
        keys.sort(key=lambda key: order.index(key) if key in order else len(order))
    scores: dict[str, dict[str, float]] = {}
    for key in keys:
        parts = _parts(data, cluster, school, {dimension: key})
        own = {part.item.id: part.points for part in parts if part.points is not None}
        if heaviest.id in own:  # a group without the chief figure (first grades have no marks) is not compared
            scores[key] = own
    if len(scores) < 2:
        return None
    by = tuple(
        item.id
        for item in usable
        if sum(item.id in own for own in scores.values()) >= cluster.least_groups * len(scores)
    )
    weights = {name: cluster.weights[name] for name in by}
    coverage = fsum(weights.values()) / fsum(cluster.weights.values())
    if len(by) < 2 or coverage < cluster.least_coverage:
        return None
    held = {key: {name: own[name] for name in by if name in own} for key, own in scores.items()}
    whole = {part.item.id: part.points for part in _parts(data, cluster, school, {}) if part.points is not None}
    same = {name: whole[name] for name in by if name in whole}
    return GroupIndexes(
        by,
        tuple(item.id for item in cluster.indicators if item.id not in by),
        coverage,
        _ranked(data, dimension, held, weights, cluster.weight_step),
        composite(same, weights) if len(same) == len(by) else None,
    )


def _ranked(
    data: NoteData, dimension: str, held: Mapping[str, Mapping[str, float]], weights: Mapping[str, float], step: float
) -> list[GroupIndex]:
    complete = {key: own for key, own in held.items() if len(own) == len(weights)}
    found = places(complete, weights, step)
    return [
        GroupIndex(
            key, name_of(data, dimension, key), composite(own, weights), sensitivity(own, weights, step),
            found.get(key), tuple(name for name in weights if name not in own),
        )
        for key, own in held.items()
    ]  # fmt: skip


def _parts(data: NoteData, cluster: Cluster, school: str, dims: dict[str, str]) -> list[Part]:
    small_group = cluster.least_base or data.conventions.thresholds.small_group
    made = []
    for item in cluster.indicators:
        indicator = data.catalogue[item.id]
        parts = data.current.get(item.id, school, **dims)
        value = parts.value(float(indicator.scale)) if parts is not None else None
        if parts is None or value is None:
            made.append(Part(item, parts, None, None, "absent" if indicator.counted_in(data.period) else "period"))
        elif parts.base is not None and indicator.unit != "flag" and parts.base < (item.least_base or small_group):
            made.append(Part(item, parts, value, None, "small"))
        else:
            made.append(Part(item, parts, value, score(value, item.worst, float(item.best))))
    return made

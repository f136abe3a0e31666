"""params/key_indicators.yaml: the cluster of key indicators (4.7), each choice dated and with its source."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from soko.dated import Dated, held
from soko.errors import ConfigError
from soko.hints import did_you_mean
from soko.indicators.catalogue import Catalogue
from soko.resources import root
from soko.workspace import Workspace
from soko.yamlio import Strict, load, load_raw

FILE = "key_indicators.yaml"


class KeyIndicator(Strict):
    """One indicator of the cluster.

    ``worst`` and ``best`` are the values, in its unit, that give 0 and 100 points; ``best: target`` is the school's
    target (params/conventions.yaml) or that of the definition. ``least_base`` replaces that of the cluster.
    ``only_school`` keeps what may not be told of a class (who is on a register, health) out of the index of groups.
    """

    id: str
    weight: float = Field(gt=0)
    worst: float
    best: float | Literal["target"]
    least_base: int | None = Field(default=None, ge=1)
    only_school: bool = False


class Cluster(Strict):
    """The key indicators with their weights.

    ``least_base``: a figure of fewer pupils does not enter, None takes thresholds.small_group. ``least_coverage``: the
    index is told only when the indicators that are there have this part of all weights. ``weight_step``: by what part
    each weight is changed to see how much the index hangs on it. ``least_groups``: classes are put side by side by
    indicators that at least this part of them has; a class that lacks one of those gets no place.
    """

    indicators: list[KeyIndicator] = Field(min_length=2)
    least_base: int | None = Field(default=None, ge=1)
    least_coverage: float = Field(default=0.5, gt=0, le=1)
    weight_step: float = Field(default=0.5, gt=0, lt=1)
    least_groups: float = Field(default=0.8, gt=0, le=1)

    @field_validator("indicators")
    @classmethod
    def _once(cls, items: list[KeyIndicator]) -> list[KeyIndicator]:
        ids = [item.id for item in items]
        for name in ids:
            if ids.count(name) > 1:
                raise ValueError(f"показатель «{name}» записан дважды")
        return items

    @property
    def weights(self) -> dict[str, float]:
        """Weight of each id, in the order of the file."""
        return {item.id: item.weight for item in self.indicators}


class KeyFile(Strict):
    """The whole file: the clusters by the day from which they hold."""

    clusters: list[Dated[Cluster]] = Field(min_length=1)
    public_reason: str = ""  # why the note has no public edition (Russian, without a full stop)

    @model_validator(mode="after")
    def _days_differ(self) -> KeyFile:
        days = [item.since for item in self.clusters]
        if len(days) != len(set(days)):
            raise ValueError("два состава кластера действуют с одного дня (since)")
        return self


def load_key(workspace: Workspace, catalogue: Catalogue, day: date) -> Dated[Cluster]:
    """The cluster in force on ``day`` with every ``best`` as a number; the program's where the school has no file.

    ConfigError with the line for an unknown indicator, one without a direction, a scale that contradicts the direction
    of the catalogue, a missing target, or when no cluster holds yet.
    """
    own = workspace.params / FILE
    path = own if own.is_file() else root() / "params" / FILE
    content = load(path, KeyFile)
    for number, dated in enumerate(content.clusters):
        for at, item in enumerate(dated.value.indicators):
            if problem := _problem(item, catalogue):
                raise _error(path, ("clusters", number, "value", "indicators", at), problem)
    found = held(content.clusters, day)
    if found is None:
        first = min(item.since for item in content.clusters)
        raise ConfigError(
            f"на {day:%d.%m.%Y} кластер ключевых показателей не задан: первый действует с {first:%d.%m.%Y}",
            where=str(path),
            todo="добавьте состав с более ранней датой since",
        )
    items = [item.model_copy(update={"best": _best(item, catalogue)}) for item in found.value.indicators]
    return found.model_copy(update={"value": found.value.model_copy(update={"indicators": items})})


def _problem(item: KeyIndicator, catalogue: Catalogue) -> str:
    """What is wrong with an entry; empty when nothing is."""
    if item.id not in catalogue:
        return f"нет показателя «{item.id}»{did_you_mean(item.id, list(catalogue.indicators))}"
    indicator, best = catalogue[item.id], _best(item, catalogue)
    if indicator.better == "none":
        return f"у показателя «{item.id}» нет направления (better: none): неизвестно, что считать лучшим"
    if best is None:
        return f"у показателя «{item.id}» нет цели; запишите best числом или цель в params/conventions.yaml"
    if item.worst == best or (item.worst < best) != (indicator.better == "up"):
        words = "больше – лучше" if indicator.better == "up" else "меньше – лучше"
        return f"«{item.id}»: worst {item.worst:g} и best {best:g} противоречат каталогу ({words})"
    return ""


def _best(item: KeyIndicator, catalogue: Catalogue) -> float | None:
    return catalogue.target(item.id) if item.best == "target" else float(item.best)


def _error(path: Path, at: tuple[object, ...], problem: str) -> ConfigError:
    _, lines = load_raw(path)
    return ConfigError(problem, where=f"{path}, строка {lines.get(at, 1)}", todo="исправьте файл и повторите команду")

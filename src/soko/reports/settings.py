"""params/reports/public_report.yaml and management_summary.yaml: what a report says besides its rules."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pydantic import Field

from soko.errors import ConfigError
from soko.hints import did_you_mean
from soko.resources import root
from soko.workspace import Workspace
from soko.yamlio import Strict, load


class Words(Strict):
    """What a report calls an indicator, and of whom its share is (``base``; empty keeps that of the catalogue)."""

    label: str
    base: str = ""


class Tile(Strict):
    """A figure of «Школа в цифрах»: the indicator of the whole school, and what it is in plain words."""

    indicator: str
    words: str


class Term(Strict):
    """An entry of the glossary. It is printed where the report has a figure of one of ``indicators``."""

    term: str
    says: str
    indicators: list[str] = Field(min_length=1)


class TextOf(Strict):
    """A text that people write. ``yearly``: it speaks of one year and is looked for in the folder of that year.

    ``numbers``: it may have numbers that the report does not hold (an address, telephones).
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    hint: str = ""
    yearly: bool = False
    numbers: bool = False


class Winners(Strict):
    """Who of the winners may be named at all: levels and results of contests; names beyond ``limit`` are a number."""

    levels: list[str]
    results: list[str]
    limit: int = Field(default=60, ge=1)


class PublicReportSettings(Strict):
    """params/reports/public_report.yaml.

    ``labels`` are what charts and lists of the report call indicators; ``plain`` those that need no explanation.
    """

    labels: dict[str, Words] = Field(default_factory=dict)
    tiles: list[Tile] = Field(min_length=2, max_length=12)
    glossary: list[Term]
    plain: list[str] = Field(default_factory=list)
    texts: list[TextOf]
    winners: Winners


class SummarySettings(Strict):
    """params/reports/management_summary.yaml.

    ``items`` are the most concerns and decisions, ``strengths`` the most strengths that the page gets, if it has room.
    ``asks`` are what the council is asked for, each a sentence; ``labels`` what the row of figures calls indicators.
    """

    items: int = Field(default=5, ge=1, le=5)
    strengths: int = Field(default=3, ge=1, le=5)
    tiles: int = Field(default=10, ge=2, le=10)
    labels: dict[str, str] = Field(default_factory=dict)
    asks: list[str] = Field(min_length=1, max_length=5)


def public_report(workspace: Workspace, known: Iterable[str], used: Iterable[str]) -> PublicReportSettings:
    """The settings of the public report; ConfigError where one of the indicators ``used`` is explained nowhere.

    ``known`` are the ids of the catalogue.
    """
    path = _path(workspace, "public_report")
    found = load(path, PublicReportSettings)
    told = {name for term in found.glossary for name in term.indicators} | set(found.plain)
    named = told | set(found.labels) | {tile.indicator for tile in found.tiles}
    every = set(known)
    for name in sorted(named - every):
        raise ConfigError(f"нет показателя «{name}»{did_you_mean(name, sorted(every))}", where=workspace.relative(path))
    if silent := sorted({*used, *(tile.indicator for tile in found.tiles)} - told):
        raise ConfigError(
            f"в публичном докладе не объяснён показатель «{silent[0]}»",
            where=workspace.relative(path),
            todo="добавьте его в glossary (термин и объяснение) или, если его название понятно каждому, в plain",
        )
    return found


def labels(workspace: Workspace) -> dict[str, list[str]]:
    """What the public report calls the indicators, on charts and on tiles; names are not checked."""
    chosen = load(_path(workspace, "public_report"), PublicReportSettings)
    found = {name: [words.label] for name, words in chosen.labels.items()}
    for tile in chosen.tiles:
        found.setdefault(tile.indicator, []).append(tile.words)
    return found


def summary(workspace: Workspace) -> SummarySettings:
    """The settings of the management summary."""
    return load(_path(workspace, "management_summary"), SummarySettings)


def _path(workspace: Workspace, report: str) -> Path:
    """The workspace's own file, else the package's: a workspace may be older than the report."""
    own = workspace.params / "reports" / f"{report}.yaml"
    return own if own.is_file() else root() / "params" / "reports" / f"{report}.yaml"

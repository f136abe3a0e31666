"""A school with public documents of three periods, and what the other rooms of publishing answer about them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from conftest import ROOT
from sample_note import blocks, notebook

from soko.errors import DataError
from soko.params import Params
from soko.periods import Period
from soko.publish import render
from soko.publish.blocks import Meta, Prose, Title
from soko.publish.publisher import FORMATS
from soko.site.publish import Outcome, publish
from soko.site.rooms import Filed, Rooms
from soko.workspace import Workspace

Q3, Q4, YEAR = "2025-2026/q3", "2025-2026/q4", "2025"
#: Name and title of each document, by period.
DOCUMENTS = {
    Q3: {"academic_results": "Итоги успеваемости за 3-ю четверть"},
    Q4: {
        "academic_results": "Итоги успеваемости за 4-ю четверть",
        "conditions": "Условия обучения: библиотека, кабинеты и спортивный зал",
    },
    YEAR: {"self_assessment": "Отчёт о результатах самообследования за 2025 год"},
}
TABLE = (
    "school_id;period;indicator;level;grade;class;subject;sex;teacher;item;numerator;denominator;value;hidden\n"
    ";{0};outcomes.quality;;;;;;;;173,0;374,0;46,2566844919786;\n"
    ";{0};outcomes.quality;ООО;;;;;;;81,0;231,0;35,06493506493507;\n"
    ";{0};outcomes.failing;;;;;;;;;374,0;;under\n"
    "sosh4;{0};outcomes.quality;;;;;;;;173,0;374,0;46,2566844919786;\n"
    "sosh4;{0};outcomes.quality;;;7А;;;;;9,0;25,0;36,0;\n"
)
TEXTS = {
    "academic_results": "## Результаты по предметам\n\nУспеваемость по алгебре не изменилась. Пишут диктанты.",
    "conditions": "## Библиотека\n\nВ школьной библиотеке новые учебники. Справок о пожарной безопасности нет.",
    "self_assessment": "## Система управления организацией\n\nШколой управляет директор.",
}


def documents(folder: Path, formats: tuple[str, ...] = FORMATS) -> Path:
    """Public documents of all periods below ``folder``, rendered as the product renders them."""
    for period, listed in DOCUMENTS.items():
        place = folder / period
        for name, title in listed.items():
            render(notebook(_blocks(title, TEXTS[name])), place / name, formats)
        (place / "indicators.csv").write_text(TABLE.format(period), encoding="utf-8-sig")
        (place / "indicators.parquet").write_bytes(b"PAR1")
        (place / "winners.csv").write_text("name\nОбразцова А.\n", encoding="utf-8")
    return folder


@cache
def _sample() -> list[Any]:
    return blocks()


def _blocks(title: str, text: str) -> list[Any]:
    # of the sample what differs in kind: a table, boxes, a drawing, signatures
    made = [item for item in _sample() if not isinstance(item, Meta | Title)][1:12]
    head = Title(school="Школа", title=title)
    return [Meta(title=title, date="2026-06-05", author="Составитель", audience="public"), head,
            Prose(markdown=text), *made]  # fmt: skip


@dataclass
class Desk:
    """A workspace and the rooms around publishing; ``said`` is what they were told, in order."""

    place: Workspace
    documents: Path
    blocking: str = ""
    leaks: list[str] = field(default_factory=list)
    said: list[tuple[str, ...]] = field(default_factory=list)
    change: Callable[[Path], None] = lambda _: None
    heed: Callable[[], list[str]] | None = None

    def rooms(self) -> Rooms:
        return Rooms(self._refuse, self._make, self._approved, self._leaks, self._register)

    def publish(self, period: str, to: Path, **kw: Any) -> Outcome:
        return publish(self.place, Period.parse(period), to, rooms=self.rooms(), **kw)

    def _make(self, place: Workspace, period: Period, _step: Any) -> None:
        source, public = self.documents / period.id, place.outputs(period) / "public"
        shutil.rmtree(public, ignore_errors=True)
        if source.is_dir():
            shutil.copytree(source, public)
        else:
            public.mkdir(parents=True)
        self.change(public)

    def _leaks(self, _place: Workspace, folder: Path) -> list[str]:
        self.said.append(("leaks", *sorted(path.name for path in folder.iterdir())))
        return self.leaks if self.heed is None else self.heed()

    def _register(self, _place: Workspace, period: Period, filed: Filed) -> None:
        self.said.append(("register", period.id, filed.confirmed_by, *sorted(filed.published)))

    def _refuse(self, _place: Workspace, _period: Period) -> None:
        if self.blocking:
            raise DataError(self.blocking, todo="исправьте")

    def _approved(self, place: Workspace, period: Period) -> date | None:
        return Params(place).period(period).approved_on


def desk(root: Path, made: Path) -> Desk:
    """A school with the demo's settings."""
    shutil.copytree(ROOT / "params", root / "params")
    shutil.copytree(ROOT / "validation", root / "validation")
    return Desk(Workspace(root), made)


def afresh(used: Desk) -> Desk:
    """The school as it was before its first release; its settings, which take their time to read, are kept."""
    for name in ("data", "outputs"):
        shutil.rmtree(used.place.root / name, ignore_errors=True)
    return Desk(used.place, used.documents)


def every_file(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

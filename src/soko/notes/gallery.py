"""The gallery of charts: ``python -m soko.notes.gallery docs/gallery.md`` draws each kind from an invented school.

What is drawn and when to take it is gallery.yaml; the page and its pictures say nothing else, so that a kind which
changes its look changes here, too.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import Field

from soko import russian
from soko.analysis.narrative_sections import Show
from soko.indicators.model import COLUMNS
from soko.notes.data import Figures, NoteData
from soko.notes.shown import parts
from soko.params import Params
from soko.periods import Period
from soko.publish.blocks import Figure
from soko.workspace import Workspace
from soko.yamlio import Strict

if TYPE_CHECKING:
    import pandas as pd

    from soko.indicators.catalogue import Catalogue

SOURCE = Path(__file__).with_name("gallery.yaml")
PERIOD = Period.parse("2025-2026/q4")
_HEAD = """# Галерея рисунков

Страницу делает `python -m soko.notes.gallery docs/gallery.md` (её вызывает `make docs`) по файлу
`src/soko/notes/gallery.yaml`; школа и числа вымышлены. Запись под рисунком – то, что пишут в `show` раздела справки в
`params/narrative`. Цвета – палитра Окабе и Ито: различимы при любом цветовом зрении, а в серой печати – по светлоте и
штриховке. Нет объёмных рисунков и круговых диаграмм. Малые группы (`small_group` в `params/conventions.yaml`) на
рисунках не судят: их пропускают, штрихуют или рисуют серым.
"""
_SUBJECTS = {"Алгебра": 44, "Биология": 66, "История": 61, "Литература": 70, "Русский язык": 52, "Физика": 47}
_CLASSES = {"5А": 27, "5Б": 25, "6А": 24, "6Б": 26, "7А": 23, "7Б": 8, "8А": 25, "8Б": 22}
_BETTER = {"5А": 14, "7А": -24, "8Б": -3, "6Б": 5}

#: Indicator, dimensions, part and base of a figure.
_Row = tuple[str, dict[str, str], float, float | None]


class Entry(Strict):
    """A kind of chart: when to take it, and how it is written."""

    use: str
    show: Show = Field()


def entries() -> list[tuple[Entry, str]]:
    """The entries of gallery.yaml, each with ``show`` as it is written there."""
    raw = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return [
        (
            Entry.model_validate(item),
            yaml.safe_dump(item["show"], allow_unicode=True, sort_keys=False, width=110, default_flow_style=None),
        )
        for item in raw
    ]


def write(page: Path, root: Path | None = None) -> None:
    """The page, and its pictures in ``images/gallery`` beside it, with the settings of the workspace at ``root``."""
    folder = page.parent / "images" / "gallery"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    text = [_HEAD]
    with tempfile.TemporaryDirectory() as place:
        data = invented(_copy(Workspace.open(root), Path(place)))
        for number, (entry, written) in enumerate(entries(), start=1):
            [block] = parts(data, "", entry.show, entry.show.indicators)
            assert isinstance(block, Figure), entry.show.kind
            name = f"{number:02d}-{entry.show.kind.replace('_', '-')}.svg"
            (folder / name).write_text(block.svg + "\n", encoding="utf-8")
            text.append(
                f"## {block.caption}\n\n{entry.use}\n\n![{block.alt}](images/gallery/{name})\n\n"
                f"Что читает программа экранного доступа: {block.alt}\n\n{block.source}\n\n```yaml\n{written}```\n"
            )
    page.write_text("\n".join(text).replace(russian.NBSP, " "), encoding="utf-8")


def _copy(workspace: Workspace, place: Path) -> Workspace:
    """Settings alone, in a place where the history of the invented school may lie."""
    for name in ("params", "validation"):
        shutil.copytree(workspace.root / name, place / name)
    return Workspace.open(place)


def invented(workspace: Workspace) -> NoteData:
    """The invented school's figures of this period and the one before, and its history."""
    from soko.indicators import load_catalogue

    catalogue = load_catalogue(workspace, bind=False)
    _remember(workspace, catalogue)
    now, before = frame(_figures(0), PERIOD), frame(_figures(1), PERIOD.previous())
    return NoteData(
        workspace=workspace, period=PERIOD, params=Params(workspace), catalogue=catalogue,
        current=Figures(now), previous=Figures(before), year_ago=None,
    )  # fmt: skip


def _figures(ago: int) -> list[_Row]:
    """Rows of the tidy table: the figure of each class and subject, and all that is summed of them."""
    rows: list[_Row] = []
    for place, (name, size) in enumerate(_CLASSES.items()):
        good = 0
        for order, (subject, level) in enumerate(_SUBJECTS.items()):
            share = level + _BETTER.get(name, 0) + (place * 7 + order * 11) % 9 - 4 + (order * 5 % 7 - 3) * ago
            part = round(size * share / 100)
            good += part
            own = {"class": name, "grade": name[0], "subject": subject}
            rows += [("subjects.quality", own, part, size), *_marks(own, part, size, order)]
        rows.append(("outcomes.quality", {"class": name, "grade": name[0]}, round(good / len(_SUBJECTS)), size))
    return [*_summed(rows), *_scores()]


def _marks(own: dict[str, str], good: int, size: int, order: int) -> list[_Row]:
    fives, twos = round(good * 0.35), (size - good) // 6 if order < 2 else 0
    counts = {"n5": fives, "n4": good - fives, "n3": size - good - twos, "n2": twos}
    return [(f"subjects.{name}", own, number, None) for name, number in counts.items()]


def _summed(
    rows: list[_Row],
) -> list[_Row]:
    """By class and subject, by each of them and by parallel, and all together: sums of parts."""
    sets = ((), ("class",), ("grade",), ("subject",), ("class", "subject"))
    sums: dict[tuple[str, tuple[tuple[str, str], ...]], list[float]] = {}
    counts = {name for name, _, _, base in rows if base is None}
    for name, dims, part, base in rows:
        for chosen in sets:
            if set(chosen) <= set(dims):
                key = (name, tuple((one, dims[one]) for one in chosen))
                own = sums.setdefault(key, [0.0, 0.0])
                own[0], own[1] = own[0] + part, own[1] + (base or 0.0)
    return [(name, dict(dims), part, None if name in counts else base) for (name, dims), (part, base) in sums.items()]


def _scores() -> list[_Row]:
    """Scores of two ОГЭ with a step at the boundary of one of them, and of two ЕГЭ."""
    rows: list[_Row] = []
    for subject, numbers, least in (
        ("География", "00101112121145343425432321321101", (12, 19, 26)),
        ("Математика", "000112119654332543221121101", (8, 15, 22)),
    ):
        for score, number in enumerate(map(int, numbers)):
            mark = 2 + sum(score >= one for one in least)
            if number:
                dims = {"subject": subject, "item": str(score)}
                rows.append((f"external.gia9_scores_n{mark}", dims, number, None))
    for subject, first, minimum in (("Русский язык", 31, 24), ("Математика", 14, 27)):
        for place in range(24):
            score = min(100, first + place * 3 + place * place % 5)
            name = f"external.gia11_scores_{'below' if score < minimum else 'passed'}"
            rows.append((name, {"subject": subject, "item": str(score)}, 1 + place % 3, None))
    return rows


def frame(rows: list[_Row], period: Period) -> pd.DataFrame:
    """The tidy table of figures of one school."""
    import pandas as pd

    made: list[dict[str, Any]] = []
    for name, dims, part, base in rows:
        row: dict[str, Any] = dict.fromkeys(COLUMNS, "") | {"period": period.id, "indicator": name, "grade": None}
        row |= {key: int(value) if key == "grade" else value for key, value in dims.items()}
        made.append(row | {"numerator": part, "denominator": base, "value": part / base * 100 if base else part})
    frame = pd.DataFrame(made, columns=COLUMNS).astype({"grade": "Int64"})
    texts = {name: "str" for name in COLUMNS[:-3] if name != "grade"}
    return frame.astype(texts | dict.fromkeys(COLUMNS[-3:], float))


def _remember(workspace: Workspace, catalogue: Catalogue) -> None:
    """Fourteen terms of the school's quality, the newest first, with a rise in the middle."""
    from soko.indicators import history

    period = PERIOD
    for part in (117, 120, 118, 119, 116, 113, 110, 107, 104, 99, 103, 98, 101, 97):
        history.update(workspace, period, frame([("outcomes.quality", {}, part, 200.0)], period), catalogue)
        period = period.previous()


if __name__ == "__main__":
    write(Path(sys.argv[1]))

"""What a note tells and shows, for tests: its narrative against a golden file, the blocks of its notebook."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from note_school import REPO

from soko.notes import bar_charts, theme
from soko.publish.blocks import Figure

GOLDEN = Path(__file__).parent / "golden"


def as_it_was(told, name: str) -> None:
    """Golden file: delete it and run again when the wording changes on purpose, then read the difference."""
    lines = [f"[{s.section}] {s.severity} {s.kind}: {s.text}" for s in told.sentences]
    lines += [f"вывод: {s.text}" for s in told.conclusions]
    lines += [f"рекомендация: {r.what} | {r.who} | {r.due} | {r.basis}" for r in told.recommendations]
    text = "\n".join(lines).replace("\u00a0", " ") + "\n"
    golden = GOLDEN / f"{name}.txt"
    if not golden.exists():
        golden.write_text(text, encoding="utf-8")
        pytest.fail(f"создан {golden.name}: прочитайте его и запустите снова")
    assert text == golden.read_text(encoding="utf-8")


def displayed(note, name: str) -> list:
    """All that the notebook of the note displays, cell by cell."""
    cells = nbformat.read(REPO / "notebooks" / "notes" / f"{name}.ipynb", as_version=4).cells
    return [block for cell in cells[1:] for block in eval(cell.source.splitlines()[-1], {"note": note})]


def charts_tell(monkeypatch, note, name: str) -> list[Figure]:
    """The charts of a note, each checked: the finding in words, the source, the base with its size, the unit."""
    titles: list[str] = []
    stacks: list[str] = []
    svg, stack = theme.svg, bar_charts.stack

    def with_titles(plt, fig):
        titles.append(" ".join(text for axes in fig.axes for text in (axes.get_xlabel(), axes.get_ylabel()) if text))
        return svg(plt, fig)

    def with_names(names, *rest):
        stacks.extend(names)
        return stack(names, *rest)

    monkeypatch.setattr(theme, "svg", with_titles)
    monkeypatch.setattr(bar_charts, "stack", with_names)
    figures = [block for block in displayed(note, name) if isinstance(block, Figure)]
    assert len(titles) == len(figures)
    assert all(re.search(r"\(\d[\d\xa0]* \w+", text.replace("\xa0", " ")) for text in stacks), stacks  # n of each row
    for figure, title in zip(figures, titles, strict=True):
        alt, source = (text.replace("\xa0", " ") for text in (figure.alt, figure.source))
        assert re.search(r"\d", alt), alt
        assert re.search(
            "больше всего|у всех|ниже всего|во всех|сильнее всего|не изменил|в начале ряда|медиана|границ", alt
        )
        assert not re.match("(?i)диаграмма|график|рисунок|гистограмма|карта|столбц", alt), alt
        assert alt.endswith("."), alt
        assert alt.rstrip(".") != figure.caption
        assert source.startswith("Источник: "), source
        assert source.endswith("."), source
        counted = "человек" in figure.caption  # then the value is the number itself
        assert counted or re.search("база – |в базе ", source), source
        size = r"[Вв] (группе|клетке|базе) – ?\d|в базе \d|\d участник|всего \d"
        assert counted or stacks or re.search(size, f"{alt} {source}") or "%" not in alt, (alt, source)
        assert title or "По горизонтали – балл" in source, figure.caption  # what the axis counts
        assert "%" in title or "%" not in alt, (title, alt)
    return figures

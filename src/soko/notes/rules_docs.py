"""docs/narrative.md: every rule of every note, with its condition in words. ``make docs`` writes it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from soko import resources
from soko.analysis.narrative_rules import RuleBook, load_rules
from soko.indicators import load_catalogue
from soko.indicators.catalogue import Catalogue
from soko.notes import doubtful, telling
from soko.notes.rules_annex import SEVERITIES, of_rule
from soko.params import Params
from soko.workspace import Workspace

_HEAD = """# Правила справок

Сделано из `params/narrative` командой `make docs`. Условие записано словами по самому выражению правила; пороги правила
стоят в нём числами, порог сравнения и граница малой группы – из `params/conventions.yaml`.

- «Хуже» и «лучше» – разность с прошлым периодом больше порога и больше одной единицы базы, по направлению показателя.
- «Рост два периода подряд» – три значения, каждое больше предыдущего.
- Группы меньше границы не оцениваются: вместо оценки говорится, что обучающихся мало.
- Причин программа не называет; что может предположить составитель, перечислено в `params/narrative/causes.yaml`.
"""


def text(place: Workspace) -> str:
    """The page: a table for each note."""
    catalogue = load_catalogue(place, bind=False)
    thresholds = Params(place).conventions.thresholds
    known = {"stable_points": thresholds.stable_points, "small_group": thresholds.small_group}
    parts = [_HEAD]
    for note in resources.notebooks("notes", place.notebooks):
        path = resources.narrative(note, place.params)
        if path.is_file():
            book = load_rules(path, catalogue.indicators, [*telling.FINDINGS.values(), *doubtful.FACTS])
            title = resources.title(f"notes/{note}", place.notebooks)
            parts.append("\n".join([f"## {title} (`{note}`)", "", *_rows(book, catalogue, known), ""]))
    return "\n".join(parts)


def _rows(book: RuleBook, catalogue: Catalogue, known: dict[str, float]) -> Iterator[str]:
    yield "| правило | раздел | условие | оценка | что даёт |"
    yield "|---|---|---|---|---|"
    for item in book.rules:
        rule = item.rule
        gives = ["первая страница"] if rule.headline else []
        gives += ["вывод"] if rule.conclusion else []
        gives += ["рекомендация"] if rule.action else []
        cells = [f"`{rule.id}`", book.sections[rule.section], of_rule(item, catalogue, known)]
        yield "| " + " | ".join([*cells, SEVERITIES[rule.severity], ", ".join(gives) or "текст"]) + " |"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(text(Workspace.open(resources.root())), encoding="utf-8")

"""How many have each score: a panel a subject, the pieces of a bar by mark, the minimum or the boundaries as lines.

The figures are counts by score (``params/indicators/scores.yaml``): no result of a single person is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from matplotlib.lines import Line2D

from soko import russian
from soko.analysis.narrative_sections import Show
from soko.exam_scales import Known, exam_day, read_exam_scales
from soko.notes import bar_charts, objects, theme
from soko.notes.data import NoteData
from soko.notes.figures import natural
from soko.publish.blocks import Figure
from soko.russian import NBSP

MOST = 15  # panels on a page
_LONG = 60  # a longer scale is drawn in steps of _STEP points
_STEP = 5
_ROW_CM, _LEGEND_CM = 4.1, 0.8
_ABREAST = 4  # words of a legend in a row


@dataclass
class Scores:
    """A panel: how many have each score, by piece (a mark); lines at ``bounds``; the end of the scale."""

    key: str
    pieces: list[Counter[float]]
    bounds: list[tuple[str, float]] = field(default_factory=list)
    most: float | None = None

    @property
    def all(self) -> Counter[float]:
        """All pieces together."""
        return sum(self.pieces, Counter())

    @property
    def size(self) -> int:
        """How many there are."""
        return self.all.total()

    def median(self) -> float:
        """The score in the middle; the mean of the two that are, where the number is even."""
        scores = sorted(self.all.elements())
        half = len(scores) // 2
        return scores[half] if len(scores) % 2 else (scores[half - 1] + scores[half]) / 2


def figure(data: NoteData, school: str, show: Show, ids: Sequence[str]) -> Figure | None:
    """A panel for each value of ``dimension`` with enough participants; None where no panel has.

    ``ids`` are the pieces of a bar, at most as many as shades can be told apart.
    """
    ids = ids[: len(bar_charts.SHADES)]
    every = list(_panels(data, school, show, ids))
    limit = data.conventions.thresholds.small_group
    large = [panel for panel in every if panel.size >= limit]
    if not large:
        return None
    kept = sorted(large, key=lambda panel: (-panel.size, panel.key))[:MOST]
    panels = [panel for panel in large if panel in kept]
    labels = [data.catalogue[name].label for name in ids]
    return Figure(
        caption=show.caption,
        svg=drawn(panels, labels, [_title(data, show, ids, panel) for panel in panels]),
        alt=_alt(data, ids, labels, panels),
        source=_source(data, show, ids, panels, every),
        label=show.label,
    )


def _panels(data: NoteData, school: str, show: Show, ids: Sequence[str]) -> Iterator[Scores]:
    found: dict[str, set[str]] = {}
    wanted = {show.dimension, "item", *show.of, *data.focus} - {"area"}
    for (indicator, of_school, dims), _ in data.current.items():
        known = dict(dims)
        if indicator not in ids or show.dimension not in known or (school and of_school not in ("", school)):
            continue
        fits = set(known) - {"subject"} == wanted - {"subject"}
        if fits and all(known.get(name) == value for name, value in show.of.items()):
            found.setdefault(known[show.dimension], set()).add(known["item"])
    scales = _scales(data, show)
    for key in sorted(found, key=natural):
        if not objects.wanted(show, key):
            continue
        pieces = []
        of: dict[str, str] = {str(name): value for name, value in show.of.items()} | {show.dimension: key}
        for name in ids:
            parts = {item: data.current.get(name, school, **of, item=item) for item in found[key]}
            pieces.append(Counter({float(item): int(one.part) for item, one in parts.items() if one and one.part > 0}))
        panel = Scores(key, pieces)
        scale = scales.get((of | data.focus).get("subject", ""))
        if scale is not None:
            panel.most = 100.0 if show.exam == "ЕГЭ" else scale.max_primary
            panel.bounds = _bounds(scale)
        if panel.size:
            yield panel


def _scales(data: NoteData, show: Show) -> dict[str, Known]:
    """By subject what params/exams.yaml says of the exam; only scales that have a boundary."""
    if not show.exam:
        return {}
    known = read_exam_scales(data.workspace).on(exam_day(data.period))
    return {scale.subject: scale for scale in known if scale.exam == show.exam and scale.minimum is not None}


def _bounds(scale: Known) -> list[tuple[str, float]]:
    if scale.four is None or scale.five is None or scale.three is None:
        return [("минимум", float(scale.minimum or 0))]
    return [(f"граница «{mark}»", float(least)) for mark, least in ((3, scale.three), (4, scale.four), (5, scale.five))]


def drawn(panels: Sequence[Scores], labels: Sequence[str], titles: Sequence[str]) -> str:
    """Panels of bars; each with its own scale, since works of different subjects have different ones."""
    columns = 1 if len(panels) == 1 else 2 if len(panels) in (2, 4) else 3
    shades = bar_charts.shades(len(labels)) if len(labels) > 1 else ((theme.NOW, ""),)
    with theme.theme() as plt:
        fig, every = theme.panels(plt, len(panels), columns, _ROW_CM + (2 if columns == 1 else 0), _LEGEND_CM)
        for panel, title, axes in zip(panels, titles, every, strict=True):
            most = max(panel.most or 0.0, *panel.all)
            step = _STEP if most > _LONG else 1
            floor: Counter[float] = Counter()
            for counts, label, (colour, hatch) in zip(panel.pieces, labels, shades, strict=True):
                bars = Counter[float]()
                for score, number in counts.items():
                    bars[_bin(score, step, most)] += number
                if not bars:
                    continue  # what nobody has is no word of the legend
                at = sorted(bars)
                axes.bar(
                    [one + (step / 2 if step > 1 else 0) for one in at], [bars[one] for one in at],
                    bottom=[floor[one] for one in at], width=step * 0.9, color=colour, hatch=hatch, edgecolor="black",
                    linewidth=0.5, label=label,
                )  # fmt: skip
                floor += bars
            for style, (name, value) in zip(("--", "-.", ":"), panel.bounds, strict=False):
                # Between the bars, so that the least score that is enough stands on its own side.
                words = f"{name} ({russian.number(value)})" if len(panels) == 1 else name
                least = value - (0.5 if step == 1 else 0)
                axes.axvline(least, color="black", linewidth=1.1, linestyle=style, label=words)
            axes.set_title(title, fontsize=9)
            axes.set_xlim(-1, most + 1)
            axes.set_ylim(0, max(floor.values()) * 1.08)
            axes.locator_params(axis="y", nbins=4, integer=True, steps=[1, 2, 5, 10])
            axes.locator_params(axis="x", nbins=6, integer=True, steps=[1, 2, 5, 10])
        _legend(fig, every, labels)
        return theme.svg(plt, fig)


def _bin(score: float, step: int, most: float) -> float:
    """The lower end of the bar that the score belongs to; the greatest score of all belongs to the last whole step."""
    if step == 1:
        return score
    return min(score // step * step, (most - 1) // step * step)


def _legend(fig: object, every: Sequence[object], pieces: Sequence[str]) -> None:
    """What stands in any panel, once, the pieces before the lines; a single piece without lines needs no words."""
    order = {label: at for at, label in enumerate(pieces)}
    found: dict[str, object] = {}
    for axes in every:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):  # type: ignore[attr-defined]
            found.setdefault(label, handle)
    if len(pieces) > 1 or len(found) > 1:
        labels = sorted(found, key=lambda label: (isinstance(found[label], Line2D), order.get(label, 0)))
        across = min(_ABREAST, len(labels))
        # Matplotlib fills a legend column by column; it is read row by row.
        labels = [labels[at] for first in range(across) for at in range(first, len(labels), across)]
        handles = [found[label] for label in labels]
        fig.legend(handles, labels, loc="outside upper center", ncols=across, frameon=False)  # type: ignore[attr-defined]


def _title(data: NoteData, show: Show, ids: Sequence[str], panel: Scores) -> str:
    name = f"{panel.key}-е классы" if show.dimension == "grade" else panel.key
    return "\n".join([bar_charts.wrapped(name), russian.count(panel.size, data.catalogue.noun(ids[0]))])


def _alt(data: NoteData, ids: Sequence[str], labels: Sequence[str], panels: Sequence[Scores]) -> str:
    """Of the four largest: median, ends, how many below the minimum, the steepest step at a boundary of marks."""
    largest = sorted(panels, key=lambda panel: (-panel.size, panel.key))[:4]
    said = [_said(data.catalogue.noun(ids[0]), labels, panel) for panel in panels if panel in largest]
    rest = len(panels) - len(largest)
    if rest:
        said.append(f"ещё {russian.count(rest, 'график')}")
    return russian.sentence("; ".join(said))


def _said(noun: str, labels: Sequence[str], panel: Scores) -> str:
    scores = panel.all
    text = (
        f"{panel.key}: {russian.count(panel.size, noun)}, медиана {russian.number(panel.median())}, наименьший балл "
        f"{russian.number(min(scores))}, наибольший {russian.number(max(scores))}"
    )
    if len(panel.bounds) == 1:
        below = sum(number for score, number in scores.items() if score < panel.bounds[0][1])
        text += f", ниже минимума ({russian.number(panel.bounds[0][1])}) – {russian.number(below)}"
    step = _steepest(labels, panel) if len(labels) > 2 else ""  # of marks; a minimum has its line and its number
    return text + (f", {step}" if step else "")


def _steepest(labels: Sequence[str], panel: Scores) -> str:
    """Where a piece begins and far more people stand than one point below: the sign of marks that were helped."""
    steps = []
    for label, counts in zip(labels, panel.pieces, strict=True):
        if counts and min(counts) > min(panel.all):
            least = min(counts)
            steps.append((panel.all[least] - panel.all[least - 1], label, least))
    if not steps or max(steps)[0] <= 0:
        return ""
    _, label, least = max(steps)
    return (
        f"с{NBSP}балла {russian.number(least)} начинается {label}: набравших его {panel.all[least]}, "
        f"баллом меньше – {panel.all[least - 1]}"
    )


def _source(data: NoteData, show: Show, ids: Sequence[str], panels: Sequence[Scores], every: Sequence[Scores]) -> str:
    said = [f"Источник: {data.period.title('ordinal')}; база – {data.catalogue.base(ids[0])}"]
    said.append(f"По горизонтали – балл, по вертикали – число {russian.word(5, data.catalogue.noun(ids[0]), 'nomn')}")
    if any(max(panel.most or 0, *panel.all) > _LONG for panel in panels):
        said.append(f"Столбик – {_STEP} баллов")
    if show.exam and any(panel.bounds for panel in panels):
        minimum = all(len(panel.bounds) < 2 for panel in panels)
        said.append(f"Линии – {'минимальный балл' if minimum else 'границы отметок'}")
        without = [panel.key for panel in panels if not panel.bounds]
        if without:
            what = "Минимальный балл не задан" if minimum else "Границы отметок не заданы"
            said.append(f"{what} (params/exams.yaml): {', '.join(russian.lower_first(name) for name in without)}")
    limit = data.conventions.thresholds.small_group
    small = [f"{panel.key} ({panel.size})" for panel in every if panel.size < limit]
    if small:
        said.append(f"Не показаны малые группы: {', '.join(small)}")
    if len(panels) < len(every) - len(small):
        said.append(f"Показано {len(panels)} с наибольшим числом участников")
    return " ".join(russian.sentence(text) for text in said)

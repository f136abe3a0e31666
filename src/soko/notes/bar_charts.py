"""How bars are drawn in every note: ranked with the previous period beside them, or stacked to a whole. Returns SVG."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from soko.notes import theme

FRAME_CM = 1.9  # axis, its title and the legend
LEAST_LABEL = 6  # a narrower piece of a stack has no room for its number, per cent; the table has it
_ROW_CM = 0.37  # height of a line of 9 points
_BAR_CM = 0.5  # height of a row of a stack
_BESIDE = 0.025  # how far right of the axis' end the values stand, so that no marker of the previous period covers them
_THICK = 0.74  # of a bar of a stack, in rows
_EDGE = 0.25  # rows above the first bar and below the last
NAME = 38  # letters of a name on one line
#: Pieces of a stack from light to dark, with hatching for the printer: as many as a reader can tell apart.
SHADES = tuple(zip(theme.MARKS.values(), theme.HATCHES.values(), strict=True))


def shades(count: int) -> tuple[tuple[str, str], ...]:
    """Colour and hatching of ``count`` pieces; of two, those farthest apart in lightness."""
    return (SHADES[1], SHADES[3]) if count == 2 else SHADES[:count]


def ranked(
    names: Sequence[str],
    values: Sequence[float],
    earlier: Sequence[float | None],
    *,
    periods: tuple[str, str],
    marks: Sequence[tuple[str, float]],
    title: str,
    top: float = 100,
    decimals: int = 1,
) -> str:
    """Horizontal bars with the values in a column at the right, and a diamond for the previous period.

    ``periods`` are the names of this period and the previous one, ``marks`` vertical lines with what the legend says.
    """
    with theme.theme() as plt:
        lines = [name.count("\n") + 1 for name in names]
        fig, axes = theme.figure(plt, max(3.5, sum(lines) * _ROW_CM + FRAME_CM))
        # A name of two lines gets two lines of room.
        at = [sum(lines[:i]) + (own - 1) / 2 for i, own in enumerate(lines)]
        axes.hlines(at, values, top, color="#D0D0D0", linewidth=0.5, zorder=0.5)
        theme.bars(axes, at, values, 0.62, facecolor=theme.NOW, linewidth=0, label=periods[0])
        before = [(y, value) for y, value in zip(at, earlier, strict=True) if value is not None]
        if before:
            axes.plot(
                [value for _, value in before],
                [y for y, _ in before],
                linestyle="none",
                marker="D",
                markersize=4.5,
                markerfacecolor="white",
                markeredgecolor="black",
                label=periods[1],
                clip_on=False,
            )
        for y, value in zip(at, values, strict=True):
            text = theme.label(value, decimals)
            axes.text(top + top * _BESIDE, y, text, va="center_baseline", ha="left", fontsize=9, color="black")
        for style, (name, value) in zip(("--", ":", "-."), marks, strict=False):
            axes.axvline(value, color="black", linewidth=1.2, linestyle=style, label=name)
        theme.names(axes, at, names)
        axes.set_xlim(0, top)
        axes.set_ylim(-0.6, sum(lines) - 0.4)
        axes.set_xlabel(title)
        handles, labels = axes.get_legend_handles_labels()
        order = sorted(range(len(labels)), key=lambda i: labels[i] != periods[0])
        fig.legend(
            [handles[i] for i in order], [labels[i] for i in order], loc="outside upper center", ncols=3, frameon=False
        )
        return theme.svg(plt, fig)


def stack(names: Sequence[str], rows: Sequence[Sequence[float]], labels: Sequence[str], title: str) -> str:
    """One bar a row, its pieces in per cent of the row's sum; ``labels`` name the pieces, at most ``len(SHADES)``."""
    # A name of several lines gets the room of several; one of a single line a row of its own.
    room = [max(1.0, (name.count("\n") + 1.2) * _ROW_CM / _BAR_CM) for name in names]
    at = [sum(room[:i]) + (own - 1) / 2 for i, own in enumerate(room)]
    with theme.theme() as plt:
        fig, axes = theme.figure(plt, sum(room) * _BAR_CM + FRAME_CM)
        left = [0.0] * len(rows)
        for place, label in enumerate(labels):
            colour, hatch = SHADES[place]
            shares = [numbers[place] / sum(numbers) * 100 for numbers in rows]
            theme.bars(
                axes,
                at,
                shares,
                _THICK,
                left,
                facecolor=colour,
                hatch=hatch,
                edgecolor="black",
                linewidth=0.5,
                label=label,
            )
            for i, share in enumerate(shares):
                if share >= LEAST_LABEL:
                    axes.text(
                        left[i] + share / 2,
                        at[i],
                        theme.label(share, 0),
                        ha="center",
                        va="center",
                        fontsize=9,
                        color="white" if colour == theme.MARKS["2"] else "black",
                        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8} if hatch == "///" else None,
                    )
            left = [start + share for start, share in zip(left, shares, strict=True)]
        theme.names(axes, at, names)
        axes.set_ylim(at[-1] + _THICK / 2 + _EDGE, at[0] - _THICK / 2 - _EDGE)  # the first bar above
        axes.set_xlim(0, 100)
        axes.set_xlabel(title)
        # Long names of pieces do not stand five abreast.
        ncols = len(labels) if sum(map(len, labels)) <= NAME * 2 else min(3, len(labels))
        fig.legend(loc="outside upper center", ncols=ncols, frameon=False)
        return theme.svg(plt, fig)


def wrapped(name: str) -> str:
    """A long name on several lines."""
    return "\n".join(textwrap.wrap(name, NAME)) if len(name) > NAME else name

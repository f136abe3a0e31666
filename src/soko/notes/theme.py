"""The look of all charts: one theme, a Cyrillic serif font, SVG that is the same on every run.

Series differ in lightness and in hatching as well as in colour, because notes are printed in black and white; the
colours are of the Okabe-Ito palette, safe for colour-blind readers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soko import russian

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TICK_PAD = 3.5  # points
MOST_CM = 22.0  # a higher chart leaves no room on its page for its caption and its source
WIDTH_CM = 16.5  # text width of A4 with margins of 3 and 1.5 cm
NOW, BEFORE, AGO = "#0072B2", "#C9C9C9", "#111111"
LIGHT = "#8CC1E0"  # bars beside which something black has to be seen
# From nearly white to the blue of NOW and on to dark: lightness falls all the way, so grey print keeps the order.
_RAMP = ((0.0, (0.94, 0.97, 0.99)), (0.6, (0.20, 0.55, 0.76)), (1.0, (0.0, 0.20, 0.36)))
# «5», «4», «3», «2», «н/а»: from light to dark, so that grey print keeps the order.
MARKS = {"5": "#DCEBF5", "4": "#8CC1E0", "3": "#F0A63C", "2": "#8A3800", "н/а": "#FFFFFF"}
HATCHES = {"5": "", "4": "", "3": "///", "2": "", "н/а": "xxxx"}


@contextmanager
def theme() -> Iterator[Any]:
    """The theme as a context: nothing of it stays in the notebook's own charts. Gives matplotlib.pyplot."""
    with settings():
        import matplotlib.pyplot as plt

        yield plt


@contextmanager
def settings() -> Iterator[None]:
    """matplotlib's settings of the theme, without pyplot."""
    import matplotlib as mpl

    with mpl.rc_context():
        import seaborn as sns

        sns.set_theme(style="ticks", context="paper", rc={"axes.spines.top": False, "axes.spines.right": False})
        mpl.rcParams.update(
            {
                "font.family": [_font()],
                "font.size": 10,
                "axes.labelsize": 10,
                "xtick.labelsize": 9,
                "ytick.labelsize": 9,
                "svg.fonttype": "path",  # a reader's machine may have no Cyrillic font of ours
                "svg.hashsalt": "soko",
                "hatch.linewidth": 0.6,
                "axes.axisbelow": True,
            }
        )
        yield


@cache
def _font() -> str:
    """The font of the document, where it is shipped; else one that comes with matplotlib."""
    import matplotlib.font_manager as manager

    import soko.publish

    folder = Path(soko.publish.__file__).parent / "fonts"
    for path in sorted(folder.glob("LiberationSerif-*.ttf")):
        manager.fontManager.addfont(str(path))
    names = {entry.name for entry in manager.fontManager.ttflist}
    return "Liberation Serif" if "Liberation Serif" in names else "DejaVu Serif"


def figure(plt: Any, height_cm: float) -> tuple[Any, Any]:
    """A figure of the document's text width and its axes."""
    fig, axes = plt.subplots(figsize=(WIDTH_CM / 2.54, height_cm / 2.54))
    return fig, axes


def panels(plt: Any, count: int, columns: int, row_cm: float, extra_cm: float = 0.0) -> tuple[Any, list[Any]]:
    """A figure with ``count`` equal panels, ``columns`` abreast; ``extra_cm`` is the room of a legend."""
    columns = min(columns, count)
    rows = -(-count // columns)
    size = (WIDTH_CM / 2.54, (rows * row_cm + extra_cm) / 2.54)
    fig, grid = plt.subplots(rows, columns, figsize=size, squeeze=False)
    every = list(grid.flat)
    for axes in every[count:]:
        axes.remove()
    return fig, every[:count]


def shade(value: float, low: float, high: float) -> tuple[float, float, float]:
    """The colour of a value on a map: the darker the higher; the middle where all values are equal."""
    at = min(1.0, max(0.0, (value - low) / (high - low))) if high > low else 0.5
    for (left, one), (right, other) in pairwise(_RAMP):
        if at <= right:
            part = (at - left) / (right - left)
            red, green, blue = (a + (b - a) * part for a, b in zip(one, other, strict=True))
            return red, green, blue
    return _RAMP[-1][1]


def lightness(colour: str | tuple[float, float, float]) -> float:
    """How light a colour is in grey print, 0 to 1: relative luminance of WCAG 2.1."""
    from matplotlib.colors import to_rgb

    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink(ground: str | tuple[float, float, float]) -> str:
    """Black or white, whichever can be read better on the ground."""
    own = lightness(ground)
    return "white" if 1.05 / (own + 0.05) > (own + 0.05) / 0.05 else "black"


def names(axes: Any, at: Sequence[float], texts: Sequence[str]) -> None:
    """Names left of horizontal bars: as the labels of ticks look, which cost five artists each."""
    from matplotlib.transforms import offset_copy

    axes.set_yticks([])
    left = offset_copy(axes.get_yaxis_transform(), axes.figure, x=-_TICK_PAD, units="points")
    for y, text in zip(at, texts, strict=True):
        axes.text(0, y, text, transform=left, ha="right", va="center_baseline", fontsize=9, color=".15")


def bars(
    axes: Any, at: Sequence[float], widths: Sequence[float], height: float, left: Sequence[float] = (), **look: Any
) -> None:
    """Horizontal bars of one look as one artist: ``barh`` makes an artist a bar. The caller sets the limits."""
    from matplotlib.collections import PolyCollection

    half = height / 2
    corners = [
        [(start, y - half), (start + width, y - half), (start + width, y + half), (start, y + half)]
        for y, width, start in zip(at, widths, left or [0.0] * len(at), strict=True)
    ]
    axes.add_collection(PolyCollection(corners, **look), autolim=False)


def svg(plt: Any, fig: Figure) -> str:
    """The figure, of one pair of axes or equal panels with a legend above, as SVG text without a date; it is closed."""
    from soko.notes import canvas

    text = canvas.drawn(fig, [_font(), "DejaVu Serif", "DejaVu Sans"])
    plt.close(fig)
    return text


def label(value: float, places: int = 1) -> str:
    """A value at a bar: «46,2», without trailing «,0» at 0 and 100."""
    return russian.number(value, 0 if value in (0, 100) else places)

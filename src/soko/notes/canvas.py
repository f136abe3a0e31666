"""How a chart becomes SVG: laid out once, drawn once, by one renderer that keeps what it has measured.

matplotlib's constrained layout measures every text twice with a renderer of its own, and the drawing a third time;
that was half of what a chart cost. A chart of a note is one pair of axes, or equal panels in a grid, with a legend
above, which needs no solver.
"""

from __future__ import annotations

import io
import re
from typing import Any, ClassVar

from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.textpath import TextToPath

from soko.publish.glyphs import printable

#: Points between the edge of the picture and what is drawn, and between legend and axes.
PAD = 3.0
_NOTHING = {"Date": None, "Creator": None, "Format": None, "Type": None}
_HEAD = re.compile(r"<\?xml[^>]*\?>\s*|<!DOCTYPE[^>]*>\s*|<metadata>.*?</metadata>\s*|<!--.*?-->\s*", re.DOTALL)


def drawn(figure: Figure, others: list[str]) -> str:
    """The figure as SVG text without date and version.

    ``others`` are the fonts for a text that has characters which the font of the document has not; looked for in
    several fonts, every text would cost the more.
    """
    figure.dpi = 72  # the unit of SVG is the point
    width, height = figure.get_size_inches() * 72
    buffer = io.StringIO()
    renderer = _Renderer(width, height, buffer, others)
    fit(figure, renderer)
    figure.draw(renderer)
    renderer.finalize()
    return _HEAD.sub("", buffer.getvalue()).strip()


def fit(figure: Figure, renderer: RendererSVG) -> None:
    """Give the axes all the room that their own labels and the legend above leave; panels are all of one size."""
    panels = figure.axes
    rows, columns = _shape(figure)
    width, height = figure.bbox.width, figure.bbox.height
    above = max((height - legend.get_window_extent(renderer).y0 for legend in figure.legends), default=0.0)
    figure.subplots_adjust(left=0.2, right=0.95, bottom=0.15, top=1 - (above + PAD) / height)
    # How far ticks, labels and texts reach beyond the axes does not depend on where these stand.
    reaches = []
    for axes in panels:
        inner = axes.get_window_extent(renderer)
        outer = axes.get_tightbbox(renderer, for_layout_only=True) or inner
        reaches.append((inner.x0 - outer.x0, outer.x1 - inner.x1, inner.y0 - outer.y0, outer.y1 - inner.y1))
    # Names stand left of the first column only: the others need no room for them.
    first = [own[0] for own, axes in zip(reaches, panels, strict=True) if _column(axes) == 0]
    others = [own[0] for own, axes in zip(reaches, panels, strict=True) if _column(axes) > 0]
    left = max(first) + PAD
    right, bottom, top = (max(own[side] for own in reaches) + PAD for side in (1, 2, 3))
    between: dict[str, float] = {}
    if len(panels) > 1:
        # Matplotlib asks for the gaps as parts of a panel's size.
        gap = max(others, default=0.0) + PAD + right
        across = (width - left - right - (columns - 1) * gap) / columns
        down = (height - above - rows * (bottom + top)) / rows
        between = {"wspace": gap / across, "hspace": (bottom + top) / down}
    figure.subplots_adjust(
        left=left / width, right=1 - right / width, bottom=bottom / height, top=1 - (top + above) / height, **between
    )


def _column(axes: Any) -> int:
    place = axes.get_subplotspec()
    return int(place.colspan.start) if place is not None else 0


def _shape(figure: Figure) -> tuple[int, int]:
    """Rows and columns of the grid that the panels stand in."""
    place = figure.axes[0].get_subplotspec()
    grid = place.get_gridspec() if place is not None else None
    return (grid.nrows, grid.ncols) if grid is not None else (1, 1)


class _Fonts(TextToPath):
    """The stock one looks for the files of the font at every text: an eighth of a chart's time.

    Files are remembered, not fonts: a font has its file open, and of that a forked process must not read on.
    """

    _files: ClassVar[dict[tuple[Any, ...], list[Any]]] = {}

    def _get_font(self, prop: FontProperties) -> Any:
        key = (tuple(prop.get_family()), prop.get_style(), prop.get_variant(), prop.get_weight(), prop.get_stretch())
        if key not in self._files:
            found: list[Any] = list(fontManager._find_fonts_by_props(prop))
            self._files[key] = found
        font = get_font(self._files[key])
        font.set_size(self.FONT_SCALE, self.DPI)
        return font


class _Renderer(RendererSVG):
    def __init__(self, width: float, height: float, buffer: io.StringIO, others: list[str]) -> None:
        super().__init__(width, height, buffer, image_dpi=72, metadata=_NOTHING)
        self._others = others
        self._text2path = _Fonts()

    def draw_text(self, gc: Any, x: float, y: float, s: str, prop: FontProperties, *args: Any, **more: Any) -> None:
        super().draw_text(gc, x, y, s, self._font(s, prop), *args, **more)

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> Any:
        return super().get_text_width_height_descent(s, self._font(s, prop), ismath)

    def _font(self, text: str, prop: FontProperties) -> FontProperties:
        if printable(text) == text:
            return prop
        found = prop.copy()
        found.set_family(self._others)
        return found

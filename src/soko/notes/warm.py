"""Imported by the fork server: what a first chart and a first sentence cost is paid before the first fork."""

from __future__ import annotations

from matplotlib.figure import Figure

from soko import russian_words
from soko.notes import canvas, theme

with theme.settings():
    # Not through pyplot: it would choose a backend here, and the notebook's own charts would not be shown.
    figure = Figure()
    axes = figure.subplots()
    theme.bars(axes, [0, 1], [1, 2], 0.5, hatch="/", label="п")
    figure.legend(loc="outside upper center")
    canvas.drawn(figure, [])
russian_words.forms("выгрузка")  # a word that only the dictionary knows
del figure, axes

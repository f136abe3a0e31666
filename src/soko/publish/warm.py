"""Imported by the fork server: the HTML templates are compiled and the parser of prose is built before the first fork.

Not the PDF: Typst starts threads, and a process with threads cannot be forked.
"""

from __future__ import annotations

from nbformat.v4 import new_markdown_cell, new_notebook

from soko.publish import glyphs
from soko.publish.exporters import SokoDOCXExporter, SokoHTMLExporter

_notebook = new_notebook(cells=[new_markdown_cell("# Т\n\n*Текст* – «н/а»\n\n- пункт")])
for _exporter in (SokoHTMLExporter, SokoDOCXExporter):
    _exporter().from_notebook_node(_notebook)
glyphs.coverage()

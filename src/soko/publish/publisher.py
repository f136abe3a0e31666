"""Render an executed notebook into the files of a note."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from soko.errors import FailureError, UsageError
from soko.publish import document
from soko.publish.exporters import SokoDOCXExporter, SokoHTMLExporter, SokoPDFExporter
from soko.publish.whole import write

EXPORTERS = {"html": SokoHTMLExporter, "pdf": SokoPDFExporter, "docx": SokoDOCXExporter}
FORMATS = tuple(EXPORTERS)


def render(
    notebook: Path | NotebookNode, stem: Path, formats: Iterable[str] = FORMATS, reference: Path | None = None
) -> list[Path]:
    """Write ``stem``.html, .pdf and .docx and return their paths; ``reference`` is whose look the last one gets.

    All formats are made before the first is written, and each file is replaced at once: a failure leaves the files of
    the last run whole. FailureError names the notebook; UsageError is raised for an unknown format.
    """
    wanted = list(dict.fromkeys(formats))
    for name in wanted:
        if name not in EXPORTERS:
            raise UsageError(f"неизвестный формат «{name}»", todo=f"доступны: {', '.join(FORMATS)}")
    node = nbformat.read(notebook, as_version=4) if isinstance(notebook, Path) else notebook
    made = []
    resources: dict[str, Any] = {"metadata": {"name": stem.name}}
    for name in wanted:
        try:
            resources.setdefault("document", document.read(node, stem.name))
            own = {"reference": str(reference or "")} if name == "docx" else {}
            content: Any = EXPORTERS[name](**own).from_notebook_node(node, resources)[0]
        except FailureError as error:
            where = error.where or f"{stem.name}.{name}"
            raise FailureError(error.message, where=where, todo=error.todo) from error
        made.append((stem.with_name(f"{stem.name}.{name}"), content.encode() if isinstance(content, str) else content))
    stem.parent.mkdir(parents=True, exist_ok=True)
    for path, data in made:
        write(path, data)
    return [path for path, _ in made]

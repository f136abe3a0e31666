"""nbconvert exporters: ``jupyter nbconvert --to soko_html | soko_pdf | soko_docx note.ipynb``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter, TemplateExporter
from nbformat import NotebookNode
from traitlets import Unicode, default

from soko.publish import document, styles
from soko.publish.standalone import page


class SokoHTMLExporter(TemplateExporter):
    """One offline HTML page, made by the template templates/soko."""

    export_from_notebook = "СОКО: HTML"
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension(self) -> str:
        return ".html"

    @default("template_name")
    def _template_name(self) -> str:
        return "soko"

    @default("template_file")
    def _template_file(self) -> str:
        return "index.html.j2"

    @default("extra_template_basedirs")
    def _basedirs(self) -> list[str]:
        return [str(styles.TEMPLATES)]

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> Any:
        """Render the notebook; the template gets ``page``."""
        resources = self._init_resources(resources)
        resources["output_extension"] = self.file_extension
        resources["page"] = page(_document(nb, resources))
        return self.template.render(nb=nb, resources=resources, page=resources["page"]), resources


class _BytesExporter(Exporter):
    """An exporter that gives bytes and takes no template."""

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> Any:
        """Render the notebook."""
        resources = self._init_resources(resources)
        resources["output_extension"] = self.file_extension
        return self.render(_document(nb, resources)), resources

    def render(self, read: document.Document) -> bytes:
        """Return the file of the document."""
        raise NotImplementedError


class SokoPDFExporter(_BytesExporter):
    """PDF/UA through Typst."""

    export_from_notebook = "СОКО: PDF"
    output_mimetype = "application/pdf"

    @default("file_extension")
    def _file_extension(self) -> str:
        return ".pdf"

    def render(self, read: document.Document) -> bytes:
        """Return the PDF."""
        from soko.publish import pdf

        return pdf.build(read)


class SokoDOCXExporter(_BytesExporter):
    """A Word document."""

    export_from_notebook = "СОКО: DOCX"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    @default("file_extension")
    def _file_extension(self) -> str:
        return ".docx"

    reference = Unicode("", help="A Word file whose look the document gets.").tag(config=True)

    def render(self, read: document.Document) -> bytes:
        """Return the DOCX."""
        from soko.publish import word

        return word.build(read, Path(self.reference) if self.reference else None)


def _document(nb: NotebookNode, resources: Any) -> document.Document:
    """The document of the notebook: the one that the caller has read already, where it gives one."""
    known = resources.get("document")
    return known or document.read(nb, str(resources.get("metadata", {}).get("name", "")))

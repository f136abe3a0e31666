"""Blocks: what a notebook displays and an exporter renders.

A block is data, not markup: one executed notebook gives HTML, PDF and DOCX without guessing structure back.
Each block displays itself in JupyterLab (``text/html``) and carries its own JSON (``MIME``) for the exporters.
Text fields called ``markdown`` hold CommonMark; every other text is plain. All text is Russian.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, model_validator

from soko.yamlio import Strict

MIME = "application/vnd.soko.block+json"


class Block(Strict):
    """Base of all blocks."""

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        from soko.publish.html import fragment  # rendering is heavy, and only a display needs it

        return {"text/html": fragment(self), "text/plain": self.plain(), MIME: self.model_dump(mode="json")}

    def plain(self) -> str:
        """One line for a terminal."""
        return ""


class Signature(Strict):
    """A line to sign: post and name."""

    post: str
    name: str


class Title(Block):
    """School heading, approval block on the right, title of the document."""

    type: Literal["title"] = "title"
    school: str
    approve: Signature | None = None
    considered: str = ""
    approved: str = ""  # by what it was approved; empty leaves a line for the date
    title: str
    subtitle: str = ""
    mark: str = ""  # «Для служебного пользования»
    alone: bool = False  # on a page of its own: printed in its middle


class Prose(Block):
    """Paragraphs and lists in CommonMark (headings allowed)."""

    type: Literal["prose"] = "prose"
    markdown: str

    def plain(self) -> str:
        """The text itself."""
        return self.markdown


class Callout(Block):
    """A boxed remark. ``kind`` also speaks without colour: it has a word in front."""

    type: Literal["callout"] = "callout"
    kind: Literal["concern", "warning", "neutral", "strength"] = "neutral"
    title: str = ""
    markdown: str


class Head(Strict):
    """A column of a table. ``unit`` is printed under the title; numbers are aligned at the decimal comma."""

    title: str
    unit: str = ""
    align: Literal["left", "center", "right", "decimal"] = "left"
    group: str = ""  # a spanning header over neighbouring columns with the same group
    width: float | None = None  # relative width; None lets the renderer choose


class Row(Strict):
    """Cells as they are shown; ``kind`` total rows are bold, section rows span the table."""

    cells: list[str]
    kind: Literal["body", "total", "section"] = "body"


class Table(Block):
    """«Таблица N – caption»; the number is given by the exporter. ``label`` lets prose refer to it.

    A table that does not fit an upright page gets a turned one by itself; ``landscape`` asks for it. ``small`` sets it
    in the type of an annex, which is looked up and not read.
    """

    type: Literal["table"] = "table"
    caption: str
    columns: list[Head]
    rows: list[Row]
    notes: list[str] = Field(default_factory=list)  # printed under the table: base, weights, reason codes
    label: str = ""
    numbered: bool = True
    landscape: bool = False
    small: bool = False

    @model_validator(mode="after")
    def _rectangular(self) -> Table:
        for row in self.rows:
            if row.kind != "section" and len(row.cells) != len(self.columns):
                raise ValueError(f"в строке {len(row.cells)} ячеек, а столбцов {len(self.columns)}: {row.cells}")
        return self

    def plain(self) -> str:
        """The caption."""
        return self.caption


class Figure(Block):
    """«Рисунок N – caption»: one SVG for HTML and PDF. ``alt`` says the finding in words; it must not be empty."""

    type: Literal["figure"] = "figure"
    caption: str
    svg: str
    alt: str = Field(min_length=1)
    source: str = ""
    label: str = ""

    def plain(self) -> str:
        """The alternative text."""
        return self.alt


class Signatures(Block):
    """Who made the document and who has read it."""

    type: Literal["signatures"] = "signatures"
    lines: list[Signature]
    acquainted: int = 0  # empty lines after «Ознакомлены»


class PageBreak(Block):
    """The next block starts a page (in print); ``flowing``: it does not, because little stands on the page so far.

    Either way what a hurried reader needs ends here; in HTML the contents follow.
    """

    type: Literal["page_break"] = "page_break"
    flowing: bool = False


class Contents(Block):
    """Table of contents of the headings that follow."""

    type: Literal["contents"] = "contents"


class Meta(Block):
    """Facts about the document that are not printed as such: running head, document title, date, audience."""

    type: Literal["meta"] = "meta"
    title: str
    running_head: str = ""
    date: str = ""  # ISO; the document's date, so that the same data give the same bytes
    audience: Literal["internal", "public"] = "internal"
    author: str = ""
    mark: str = ""  # stands on every page, in the school's own headers too: «Для служебного пользования»


AnyBlock = Annotated[
    Title | Prose | Callout | Table | Figure | Signatures | PageBreak | Contents | Meta, Field(discriminator="type")
]
ADAPTER: TypeAdapter[Any] = TypeAdapter(AnyBlock)


def parse(data: Any) -> Any:
    """Turn the JSON of a block back into the block."""
    return ADAPTER.validate_python(data)

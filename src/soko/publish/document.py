"""An executed notebook as a document: blocks in order, numbered, with parsed prose and headings.

Code is never shown. A *note* displays a Meta block; in a note every output must be a block, a frame or a picture, and
stray text is refused: in a signed document it is always an accident. A notebook without Meta is an investigation, and
its text is kept as it is. What goes to stderr is for the log, not for a document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from pydantic import ValidationError

from soko.errors import FailureError
from soko.publish import frames, layout, markdown, numbering, svg
from soko.publish.blocks import MIME, Callout, Figure, Meta, Prose, Table, Title, parse

SKIPPED = {"skip", "parameters", "injected-parameters"}
GENERIC_ALT = "График из блокнота; описание словами не дано."


@dataclass(frozen=True)
class Item:
    """A block with its number (tables and figures) and the parsed nodes of its Markdown."""

    block: Any
    number: int | None = None
    nodes: list[markdown.Node] = field(default_factory=list)


@dataclass(frozen=True)
class Document:
    """What is rendered. ``title`` is the plain title; ``headings`` are (level from 1, text, anchor)."""

    meta: Meta
    title: str
    items: list[Item]
    headings: list[tuple[int, str, str]]


def with_headings(items: list[Item]) -> list[tuple[Item, list[markdown.Node]]]:
    """Give each table of a turned page the headings right before it: they belong on its page, not on the one before."""
    found: list[tuple[Item, list[markdown.Node]]] = []
    for item in items:
        led: list[markdown.Node] = []
        if isinstance(item.block, Table) and layout.of(item.block).landscape and found:
            before, of_before = found[-1]
            while before.nodes and before.nodes[-1]["t"] == "heading" and isinstance(before.block, Prose):
                led.insert(0, before.nodes[-1])
                before = Item(before.block, before.number, before.nodes[:-1])
            found[-1] = (before, of_before)
        found.append((item, led))
    return [(item, led) for item, led in found if item.nodes or not isinstance(item.block, Prose)]


def read(notebook: Path | NotebookNode, name: str = "") -> Document:
    """Read an executed notebook; FailureError names the cell that cannot be published."""
    if not isinstance(notebook, Path):
        return build(_blocks(notebook, name), name)
    try:
        node = nbformat.read(notebook, as_version=4)
    except (OSError, ValueError) as error:
        raise FailureError("блокнот не читается", where=str(notebook)) from error
    return build(_blocks(node, name or notebook.stem), name or notebook.stem)


def build(blocks: list[Any], name: str = "") -> Document:
    """Make a document of blocks: numbers, references, heading levels without gaps, one title."""
    metas = [block for block in blocks if isinstance(block, Meta)]
    if len({meta.model_dump_json() for meta in metas}) > 1:
        raise FailureError("в документе несколько разных блоков Meta", todo="оставьте один", where=name)
    if sum(isinstance(block, Title) for block in blocks) > 1:
        raise FailureError("в документе несколько заголовочных блоков Title", todo="оставьте один", where=name)
    blocks, numbers = numbering.number([block for block in blocks if not isinstance(block, Meta)])
    items = []
    for at, block in enumerate(blocks):
        nodes = markdown.parse(block.markdown) if isinstance(block, Prose | Callout) else []
        items.append(
            Item(block, numbers.get(at), markdown.without_headings(nodes) if isinstance(block, Callout) else nodes)
        )
    title = next((item.block.title for item in items if isinstance(item.block, Title)), "")
    if not title:
        title, items = _lift_title(items, metas[0].title if metas else "")
    meta = metas[0] if metas else Meta(title=title or name or "Документ")
    return Document(meta, meta.title or title, items, _level(items))


def _blocks(notebook: NotebookNode, name: str) -> list[Any]:
    found: list[Any] = []
    stray: list[int] = []
    for number, cell in enumerate(notebook.cells, start=1):
        tags = set(cell.metadata.get("tags", []))
        if tags & SKIPPED:
            continue
        if cell.cell_type == "markdown" and cell.source.strip():
            found.append(Prose(markdown=cell.source))
        for output in cell.get("outputs", []):
            where = f"{name or 'блокнот'}, ячейка {number}"
            block, text = _output(output, cell, where)
            if block is not None:
                found.append(block)
            elif text:
                stray.append(number)
                found.append(Prose(markdown=_fenced(text)))
    if stray and any(isinstance(block, Meta) for block in found):
        raise FailureError(
            "в справку попал посторонний текст: ячейка печатает не блок, не таблицу и не рисунок",
            where=f"{name or 'блокнот'}, ячейка {stray[0]}",
            todo="уберите вывод (точка с запятой, print) или пометьте ячейку тегом skip",
        )
    return found


def _output(output: Any, cell: Any, where: str) -> tuple[Any, str]:
    """Return (block, "") or (None, text); both empty when there is nothing to show."""
    if output.output_type == "error":
        # the error's text may quote data, so only its class is named
        raise FailureError(f"ячейка завершилась ошибкой {output.get('ename', '')}".rstrip(), where=where)
    if output.output_type == "stream":
        return None, output.text if output.name == "stdout" and output.text.strip() else ""
    data, extra = output.get("data", {}), {**cell.metadata, **output.get("metadata", {})}
    if MIME in data:
        try:
            return parse(data[MIME]), ""
        except ValidationError as error:
            fields = ", ".join(".".join(map(str, item["loc"])) for item in error.errors()[:3])
            raise FailureError(f"блок записан неверно (поля: {fields})", where=where) from None
    caption, label = str(extra.get("caption", "")), str(extra.get("label", ""))
    if "text/html" in data:
        table = frames.read(_text(data["text/html"]), caption, label)
        if table is not None:
            return table, ""
    for kind in ("image/svg+xml", "image/png"):
        if kind in data:
            alt = str(extra.get("alt") or extra.get(kind, {}).get("alt") or GENERIC_ALT)
            raw = _text(data[kind])
            picture = raw if kind == "image/svg+xml" else svg.from_png(raw)
            return Figure(caption=caption, svg=picture, alt=alt, label=label), ""
    if "text/markdown" in data:
        return Prose(markdown=_text(data["text/markdown"])), ""
    return None, _text(data.get("text/plain", ""))


def _text(value: Any) -> str:
    return "".join(value) if isinstance(value, list) else str(value)


def _fenced(text: str) -> str:
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}\n{text}\n{fence}"


def _lift_title(items: list[Item], fallback: str) -> tuple[str, list[Item]]:
    """Take the only top heading at the very start as the title of a document that has no Title block."""
    heads = [node for item in items if isinstance(item.block, Prose) for node in item.nodes if node["t"] == "heading"]
    first = items[0].nodes[:1] if items else []
    if fallback or not heads or first != heads[:1] or any(node["level"] <= heads[0]["level"] for node in heads[1:]):
        return fallback, items
    title = markdown.plain(heads[0]["body"])
    return title, [Item(items[0].block, None, items[0].nodes[1:]), *items[1:]]


def _level(items: list[Item]) -> list[tuple[int, str, str]]:
    """Number heading levels from 1 without gaps, give anchors (in place), and return the list of headings."""
    heads = [node for item in items if isinstance(item.block, Prose) for node in item.nodes if node["t"] == "heading"]
    top = min((node["level"] for node in heads), default=1)
    found: list[tuple[int, str, str]] = []
    last = 0
    for at, node in enumerate(heads, start=1):
        last = min(node["level"] - top + 1, last + 1)
        node["level"], node["anchor"] = last, f"s{at}"
        found.append((last, markdown.plain(node["body"]), node["anchor"]))
    return found

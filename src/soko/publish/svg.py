"""SVG of a figure: safe to put into a page, with names of its own, and with a known size.

matplotlib writes a style rule for ``*`` and the same ids into every file: inlined twice in one page, the second figure
would draw with the clip paths of the first, and the rule would reach the whole page.
"""

from __future__ import annotations

import base64
import re
import struct
from functools import lru_cache
from typing import Any

from lxml import etree

from soko.errors import FailureError

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_MARK = "\ue000"  # for private use: stands for the prefix, and means nothing else
_DROPPED = {"script", "foreignObject", "metadata", "title", "desc", "a", "iframe", "audio", "video"}
_UNIT = {"pt": 1.0, "px": 0.75, "": 0.75, "mm": 72 / 25.4, "cm": 72 / 2.54, "in": 72.0}
_GLOBAL_STYLE = re.compile(r"\s*\*\s*\{([^{}]*)\}\s*")


def clean(svg: str, prefix: str) -> str:
    """Return the ``<svg>`` element without scripts, events and foreign addresses, its ids prefixed.

    Raises FailureError when the text is no SVG.
    """
    return _cleaned(svg, prefix) if _MARK in svg else _known(svg).replace(_MARK, prefix)


@lru_cache(maxsize=16)  # each format of a document asks, with a prefix of its own
def _known(svg: str) -> str:
    return _cleaned(svg, _MARK)


def _cleaned(svg: str, prefix: str) -> str:
    root = _parse(svg)
    nodes = list(root.iter())
    ids = {name for node in nodes if isinstance(node.tag, str) and (name := node.get("id"))}
    for node in nodes:
        if not isinstance(node.tag, str):
            _remove(node)
            continue
        name = _local(node.tag)
        if name in _DROPPED and node is not root:
            _remove(node)
        elif name == "style":
            _style(root, node)
        else:
            for key, value in node.items():
                _attribute(node, key, value, ids, prefix)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="unicode")


def _local(name: str) -> str:
    """The name without its namespace; lxml's own QName takes ten times as long, and a chart has ten thousand."""
    return name.rpartition("}")[2]


def size(svg: str) -> tuple[float, float]:
    """Return width and height in points; from ``viewBox`` where the size is relative or absent."""
    root = _parse(svg)
    box = [float(part) for part in re.split(r"[\s,]+", root.get("viewBox", "").strip()) if part]
    sides = []
    for at, name in ((2, "width"), (3, "height")):
        match = re.fullmatch(r"\s*([\d.]+)\s*(pt|px|mm|cm|in|)\s*", root.get(name, "-"))
        value = float(match[1]) * _UNIT[match[2]] if match else (box[at] * 0.75 if len(box) == 4 else 0.0)
        sides.append(value or (450.0, 300.0)[at - 2])
    return sides[0], sides[1]


def from_png(data: str) -> str:
    """Wrap a base64 PNG into an SVG of its printed size (its own resolution, else 100 dots an inch)."""
    raw = base64.b64decode(data)
    if raw[:8] != b"\x89PNG\r\n\x1a\n":
        raise FailureError("рисунок в записной книжке не в формате PNG")
    width, height = struct.unpack(">II", raw[16:24])
    dots = 3937.0  # dots a metre
    at = raw.find(b"pHYs")
    if 0 < at < raw.find(b"IDAT") and raw[at + 12] == 1:
        dots = float(struct.unpack(">I", raw[at + 4 : at + 8])[0]) or dots
    points = 72 / 0.0254 / dots
    encoded = base64.b64encode(raw).decode()
    return (
        f'<svg xmlns="{_SVG}" xmlns:xlink="{_XLINK}" width="{width * points:.2f}pt" height="{height * points:.2f}pt" '
        f'viewBox="0 0 {width} {height}"><image width="{width}" height="{height}" '
        f'xlink:href="data:image/png;base64,{encoded}"/></svg>'
    )


def _parse(svg: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(svg.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise FailureError(
            f"рисунок не читается как SVG ({error.msg})", todo="сохраните рисунок в SVG заново"
        ) from None
    if etree.QName(root).localname != "svg":
        raise FailureError("рисунок не читается как SVG: корневой элемент не svg")
    return root


def _remove(node: Any) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def _style(root: Any, node: Any) -> None:
    match = _GLOBAL_STYLE.fullmatch(node.text or "")
    _remove(node)
    if match is None and (node.text or "").strip():
        raise FailureError(
            "в SVG рисунка есть таблица стилей, она изменила бы вид всей страницы",
            todo="сохраните рисунок так, чтобы оформление стояло у самих фигур (matplotlib делает именно так)",
        )
    if match:
        root.set("style", match[1].strip() + (";" + root.get("style") if root.get("style") else ""))


def _attribute(node: Any, key: str, value: str, ids: set[str], prefix: str) -> None:
    name = _local(key)
    if name.lower().startswith("on"):
        del node.attrib[key]
    elif name == "id":
        node.set(key, prefix + value)
    elif name == "href":
        if value.startswith("#") and value[1:] in ids:
            node.set(key, "#" + prefix + value[1:])
        elif not value.startswith("data:image/"):
            del node.attrib[key]
    elif "url(" in value:
        node.set(key, re.sub(r"url\(\s*['\"]?#([^)'\"]+)['\"]?\s*\)", rf"url(#{prefix}\1)", value))

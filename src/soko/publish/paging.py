"""How a printed document's pages are filled, and what is done about one that ends half empty.

Typst lays the document out and tells where each block begins and ends. A page is left half empty where what follows
cannot be divided: a chart, a short table, a turned page. Then the chart is made a little smaller, or the text and
tables of its section come before it, or the short table is divided after all. A last page of a few lines is taken
back by setting the whole document a little closer. Each attempt is laid out again; the best one is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

BlockData = dict[str, Any]
#: Page and points from the top: «a3» where block 3 begins, «z3» where it ends; of a table «f3» where the first rows end
#: that belong under its head, «l3» where its last row stands.
Places = dict[str, tuple[int, float]]

WELL_FILLED = 0.6  # of the text's height; a page that is filled less is mended
FEW_LINES = 0.11  # of it: a last page with less than five lines
SMALLEST = 0.8  # of a chart's size: its letters of 8 points stay legible
_CLOSER = 2  # steps in which a document can be set closer
_MOST_ATTEMPTS, _MOST_FOR_TABLES = 6, 2  # layouts beyond the first; of them for the ends of tables
_GAP = 22.0  # points over and under a chart
_LINE = 4.0  # from the base line of the last words to the end of their line
# Height and upper margin of the text in points: A4 upright with margins of 2 and 2 cm, turned with 3 and 1.5.
_UPRIGHT, _TURNED = (728.5, 56.7), (467.7, 85.0)
_STAY = {"figure", "page_break", "signatures", "title", "contents"}  # no chart is moved over these


@dataclass(frozen=True)
class _Pages:
    """Where the blocks of one layout stand."""

    blocks: list[BlockData]
    places: Places

    def span(self, at: int) -> tuple[int, int] | None:
        """First and last page of a block; None for what has no place of its own."""
        first, last = self.places.get(f"a{at}"), self.places.get(f"z{at}")
        return (first[0], last[0]) if first and last else None

    def height(self, at: int) -> float:
        """Points that the block takes on one page; as much as a page where it is divided."""
        span = self.span(at)
        if span is None or span[0] != span[1]:
            return _UPRIGHT[0]
        return self.places[f"z{at}"][1] - self.places[f"a{at}"][1]

    @property
    def count(self) -> int:
        return max((page for page, _ in self.places.values()), default=1)

    def fills(self) -> list[float]:
        """How much of its height each page has."""
        found = [0.0] * self.count
        for at, block in enumerate(self.blocks):
            span = self.span(at)
            if span is None:
                continue
            for page in range(span[0], span[1]):
                found[page - 1] = 1.0  # what goes on over the page fills it
            height, top = _TURNED if block.get("landscape") else _UPRIGHT
            end = (self.places[f"z{at}"][1] + _LINE - top) / height
            found[span[1] - 1] = max(found[span[1] - 1], 1.0 if block.get("alone") else end)
        return found

    def short(self) -> list[int]:
        """Pages that end half empty, without the last one and without turned ones, which hold nothing but a table."""
        turned = {
            page
            for at, block in enumerate(self.blocks)
            if block.get("landscape") and (span := self.span(at))
            for page in range(span[0], span[1] + 1)
        }
        fills = self.fills()[:-1]
        return [page for page, fill in enumerate(fills, start=1) if fill < WELL_FILLED and page not in turned]

    def tiny_end(self) -> bool:
        return self.count > 1 and self.fills()[-1] < FEW_LINES

    def signed_alone(self) -> bool:
        """Whether the signatures begin a page that has no row of the table before them."""
        at = self.signed()
        return at is not None and f"l{at}" in self.places and self.places[f"l{at}"][0] != self.places[f"a{at + 1}"][0]

    def signed(self) -> int | None:
        """The table that signatures follow."""
        kinds = [block["type"] for block in self.blocks]
        return next((at for at in range(len(kinds) - 1) if kinds[at : at + 2] == ["table", "signatures"]), None)

    def parted(self, begin: str, end: str) -> list[int]:
        """Tables of which one place is on another page than the other."""
        return [
            at
            for at, block in enumerate(self.blocks)
            if block["type"] == "table" and f"{begin}{at}" in self.places and f"{end}{at}" in self.places
            if self.places[f"{begin}{at}"][0] != self.places[f"{end}{at}"][0] and not block["landscape"]
        ]

    def heads_alone(self) -> list[int]:
        """Tables with hardly a row under their head at the end of a page."""
        return self.parted("a", "f")

    def notes_alone(self) -> list[int]:
        """Tables whose notes begin a page that has no row of them."""
        return [at for at in self.parted("l", "z") if self.blocks[at]["caption"]]

    def faults(self) -> int:
        grave = 9 * self.signed_alone() + 6 * len(self.short()) + 4 * self.tiny_end()
        return grave + len(self.heads_alone()) + len(self.notes_alone())


def settle(made: dict[str, Any], lay_out: Callable[[dict[str, Any]], Places]) -> dict[str, Any]:
    """The document as it is to be printed. ``lay_out`` tells the places of everything in a document.

    The document that is returned was laid out last, or it was the first: both are quick to print.
    """
    tried = of_tables = 0
    best: tuple[int, dict[str, Any]] | None = None
    for close in range(_CLOSER + 1):
        document = {**made, "close": close}
        while True:
            pages = _Pages(document["blocks"], lay_out(document))
            faults = pages.faults()
            if best is None or faults < best[0]:
                best = (faults, document)
            mended = next(_mended(pages), None)
            if mended is None and of_tables < _MOST_FOR_TABLES:
                of_tables += 1
                mended = _tables_mended(pages)
            if not faults or mended is None or tried == _MOST_ATTEMPTS:
                break
            tried += 1
            document = {**document, "blocks": mended}
        if not pages.tiny_end() or tried == _MOST_ATTEMPTS:
            break
        tried += 1
    assert best is not None
    return best[1]


def with_last_rows_apart(blocks: list[BlockData], at: int) -> list[BlockData]:
    """Break the table before its last rows, as a page would: then its notes and the signatures are not alone."""
    table = blocks[at]
    last = table["end"]
    if len(table["rows"]) <= last or table["landscape"]:
        return blocks
    first = {**table, "rows": table["rows"][:-last], "last": 0, "notes": []}
    rest = {**table, "rows": table["rows"][-last:], "last": 0, "first": 0, "caption": ""}
    return [*blocks[:at], first, {"type": "page_break", "within": True}, rest, *blocks[at + 1 :]]


def _mended(pages: _Pages) -> Iterator[list[BlockData]]:
    """The blocks with the first fault mended that can be."""
    if pages.signed_alone():
        at = pages.signed()
        apart = pages.blocks if at is None else with_last_rows_apart(pages.blocks, at)
        if apart is not pages.blocks:
            yield apart
    for page in pages.short():
        after = next(at for at in range(len(pages.blocks)) if (span := pages.span(at)) and span[0] > page)
        room = (1 - pages.fills()[page - 1]) * _UPRIGHT[0]
        yield from _filled(pages, after, room)


def _tables_mended(pages: _Pages) -> list[BlockData] | None:
    """Tables with a lone head begin the next page, lone notes get their last rows there; None without any."""
    heads, notes = pages.heads_alone(), pages.notes_alone()
    blocks = pages.blocks
    for at in sorted({*heads, *notes}, reverse=True):  # from the end: what comes before keeps its place
        if at in notes:
            blocks = with_last_rows_apart(blocks, at)
        else:
            while at and _is_heading(blocks[at - 1]):
                at -= 1
            if at and blocks[at - 1]["type"] != "page_break":
                blocks = [*blocks[:at], {"type": "page_break"}, *blocks[at:]]
    return None if blocks is pages.blocks else blocks


def _filled(pages: _Pages, after: int, room: float) -> Iterator[list[BlockData]]:
    """Ways to fill ``room`` points of the page before block ``after``, the best way first."""
    blocks = pages.blocks
    if after and blocks[after - 1].get("within"):  # without the break one table would stand there as two
        return
    if after and blocks[after - 1]["type"] == "page_break" and not blocks[after - 2].get("alone"):
        yield [*blocks[: after - 1], *blocks[after:]]
        return
    at = after
    while at + 1 < len(blocks) and _is_heading(blocks[at]):
        at += 1
    block = blocks[at]
    if block["type"] == "figure":
        around = pages.places[f"z{at}"][1] - pages.places[f"a{after}"][1] - block["height"] + _GAP
        scale = (room - around) / block["height"]
        drawn: float = block.get("drawn") or block["height"]  # before it was made smaller for the first time
        if scale < 1 and SMALLEST * drawn <= scale * block["height"]:
            smaller = {"width": block["width"] * scale, "height": block["height"] * scale, "drawn": drawn}
            yield [*blocks[:at], {**block, **smaller}, *blocks[at + 1 :]]
    if block["type"] == "figure" or block.get("landscape"):
        end = _room_filled(pages, at, room)
        if end > at:
            yield [*blocks[:at], *blocks[at + 1 : end + 1], block, *blocks[end + 1 :]]
    elif block.get("short"):
        yield [*blocks[:at], {**block, "short": False}, *blocks[at + 1 :]]
    elif block["type"] == "callout" and not block["tall"]:
        yield [*blocks[:at], {**block, "tall": True}, *blocks[at + 1 :]]


def _room_filled(pages: _Pages, at: int, room: float) -> int:
    """The last of the blocks after block ``at`` that are to come before it; ``at`` where none can.

    They are of the same section, whole paragraphs and tables, and as few as fill the page well. A line to be filled in
    by hand ends its section and stays there.
    """
    enough = room - (1 - WELL_FILLED) * _UPRIGHT[0]
    taken = 0.0
    for following in range(at + 1, len(pages.blocks)):
        block = pages.blocks[following]
        if block["type"] in _STAY or _is_heading(block) or block.get("landscape") or _leads_line(block):
            return following - 1
        taken += pages.height(following)
        if taken >= enough:
            return following
    return len(pages.blocks) - 1


def _is_heading(block: BlockData) -> bool:
    return block["type"] == "prose" and block["nodes"][-1]["t"] == "heading"


def _leads_line(block: BlockData) -> bool:
    return block["type"] == "prose" and bool(block["nodes"][-1].get("leads"))

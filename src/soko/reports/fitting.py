"""A document that has to be one page: how many pages it really takes, by the same layout that makes its PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from soko.errors import FailureError
from soko.publish.blocks import Block

_PPI = 8  # only the pages are counted
Size = TypeVar("Size")


def pages(blocks: Iterable[Block]) -> int:
    """How many pages of PDF the blocks take."""
    from soko.publish import document, pdf

    return len(pdf.pictures(document.build(list(blocks)), _PPI))


def on_one_page(sizes: Iterable[Size], make: Callable[[Size], list[Block]]) -> list[Block]:
    """What ``make`` gives for the first of ``sizes`` (the fullest first) that takes one page.

    FailureError when none does: then a page that says too much would be published.
    """
    for size in sizes:
        made = make(size)
        if pages(made) == 1:
            return made
    raise FailureError("сводка не помещается на одну страницу и в самом кратком виде")

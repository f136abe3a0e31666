"""Publishing: an executed notebook becomes HTML, PDF and DOCX (:func:`render`), and a period gets its index page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from soko.publish.publisher import render

__all__ = ["render"]


def __getattr__(name: str) -> Any:
    # Notebooks import soko.publish.blocks at every start; what renders is loaded when it is asked for.
    if name == "render":
        from soko.publish.publisher import render

        return render
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""The self-assessment report (orders 462 and 1324): the table, its checks, the texts, the document.

``open_self_assessment`` is what the notebook reports/self_assessment calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from soko.self_assessment.document import open_self_assessment

__all__ = ["open_self_assessment"]


def __getattr__(name: str) -> Any:
    # The checks of a table need neither notes nor charts; those are loaded when the document is asked for.
    if name == "open_self_assessment":
        from soko.self_assessment.document import open_self_assessment

        return open_self_assessment
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

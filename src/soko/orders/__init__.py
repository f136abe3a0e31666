"""Drafts of the head teacher's order and of the extract of a decision (4.18), filled in from a note's recommendations.

The text is a Word template of the school (params/templates); what can be put into it is ``soko.orders.content.FIELDS``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from soko.orders.document import OrdersDocument


def open_orders(workspace: str = "", period: str = "") -> OrdersDocument:
    """The drafts of a period, for its notebook. Empty values mean the nearest workspace and its current period."""
    from soko.orders.document import OrdersDocument  # what only names the templates must not wait for python-docx

    return OrdersDocument.open(workspace, period)

"""Disclosure control: which figures may leave the school, so that nobody can find out about one child.

``settings`` is params/disclosure.yaml. ``released`` says which rows may leave at all, ``amounts`` which counts stand
behind them, ``equations`` how these hang together; ``problem`` is both without any words. ``attack`` is what a reader
can work out, ``protect`` what has to be hidden so that he cannot, ``masked`` the table that is left. ``release`` writes
it for a period, together with what ``register`` has of earlier releases (``standing``).
"""

from soko.disclosure.settings import read

__all__ = ["read"]

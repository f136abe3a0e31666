"""Disclosure control: which figures may leave the school, so that nobody can find out about one child.

``problem`` is what is published and what is known about it, ``attack`` what a reader can work out, ``protect`` what has
to be hidden so that he cannot, ``amounts`` the counts behind a table of indicators and how they hang together.
"""

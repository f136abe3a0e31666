"""Forms: an Excel template a table, made from its contract, so that what a person fills in is what intake reads.

``write_all(workspace, folder) -> list[Path]`` writes them. ``soko.forms.dictionary`` tells developers of the same
contracts.
"""

from soko.forms.book import write_all

__all__ = ["write_all"]

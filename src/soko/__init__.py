"""soko (СОКО): a school's education-quality monitoring, from the period's files to its analytical notes."""

__version__ = "0.1.0"

"""Imported by the fork server: Great Expectations and its context are ready before the first fork."""

from soko.validation import gx

gx.warm()

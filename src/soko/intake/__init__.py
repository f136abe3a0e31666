"""Intake: the files of data/incoming → raw canonical tables with the address of every value.

``read_period(workspace, period) -> Intake`` reads a period, ``read_file(path, context) -> FileRead`` one file;
``write_private(workspace, period, intake)`` stores the register of people in data/private. Names exist in
``Intake.people`` only; everything else carries pseudonyms.
"""

from soko.intake.config import Context, Sources
from soko.intake.model import Draft, FileRead, Grid, Intake, RawTable, Sheet, SourceFile
from soko.intake.private import write_private
from soko.intake.reader import read_period
from soko.intake.recognise import read_file

__all__ = [
    "Context",
    "Draft",
    "FileRead",
    "Grid",
    "Intake",
    "RawTable",
    "Sheet",
    "SourceFile",
    "Sources",
    "read_file",
    "read_period",
    "write_private",
]

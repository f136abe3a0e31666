"""params/reports/data_sheet.yaml: which indicators go out, and how far they are broken down."""

from __future__ import annotations

from pydantic import Field, field_validator

from soko.hints import did_you_mean
from soko.resources import root
from soko.workspace import Workspace
from soko.yamlio import Strict, load

#: A receiver may ask for these; class, sex and teacher single people out and never leave the school.
CUTS = ("level", "grade", "subject")


class SheetSettings(Strict):
    """What goes into the sheet. Lists of indicators take a trailing ``*`` for all that begin so."""

    cuts: list[list[str]] = Field(min_length=1)
    items: list[str] = Field(default_factory=list)
    whole: list[str] = Field(default_factory=list)
    without: list[str] = Field(default_factory=list)

    @field_validator("cuts")
    @classmethod
    def _allowed(cls, cuts: list[list[str]]) -> list[list[str]]:
        for name in (name for cut in cuts for name in cut):
            if name in ("class", "sex", "teacher"):
                raise ValueError(f"разрез «{name}» в листе данных не передаётся: по нему узнают людей")
            if name not in CUTS:
                raise ValueError(f"разреза «{name}» в листе данных нет{did_you_mean(name, list(CUTS))}")
        return cuts


def read(workspace: Workspace) -> SheetSettings:
    """The workspace's own settings, else the package's."""
    own = workspace.params / "reports" / "data_sheet.yaml"
    return load(own if own.is_file() else root() / "params" / "reports" / "data_sheet.yaml", SheetSettings)

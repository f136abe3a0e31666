"""params/site.yaml: the words of the first page, the order of documents, microdata of links."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from soko import resources
from soko.dated import Dated, held
from soko.workspace import Workspace
from soko.yamlio import Strict, load


class Site(Strict):
    """The settings of the public site.

    ``first``: documents that stand before the others; ``data``: tables that are published, with their titles;
    ``microdata``: value of itemprop by document, as the rules of school sites ask.
    """

    title: str
    about: str = ""
    first: list[str] = Field(default_factory=list)
    data: dict[str, str] = Field(default_factory=dict)
    microdata: list[Dated[dict[str, str]]] = Field(default_factory=list)

    def itemprop(self, document: str, day: date) -> str:
        """The itemprop of links to a document on ``day``; empty where the rules name none."""
        found = held(self.microdata, day)
        return found.value.get(document, "") if found else ""


def read(workspace: Workspace) -> Site:
    """The settings of the workspace, of the package where it has none. ConfigError names the file and the line."""
    own = workspace.params / "site.yaml"
    return load(own if own.is_file() else resources.root() / "params" / "site.yaml", Site)

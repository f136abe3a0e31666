"""params/order_1324.yaml: the indicators of order 1324, what kind of value each has and how they hang together."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, field_validator, model_validator

from soko.hints import did_you_mean
from soko.resources import root
from soko.workspace import Workspace
from soko.yamlio import Strict, load

FILE = "order_1324.yaml"


class Code(Strict):
    """One line of the annex. ``base`` is the code that a share is taken of, empty where the form has no such line."""

    code: str
    name: str
    unit: str
    kind: Literal["count", "share", "mean", "ratio", "flag"]
    base: str = ""
    heading: bool = False
    least: float | None = None
    most: float | None = None

    @property
    def parent(self) -> str:
        """The code that the line stands under: «2.4» for «2.4.1», «1» for «1.5»."""
        return self.code.rpartition(".")[0]


class Balance(Strict):
    """What the sums of two groups of numbers must obey."""

    left: list[str] = Field(min_length=1)
    relation: Literal["=", "<="]
    right: list[str] = Field(min_length=1)


class Family(Strict):
    """Lines that are shares of one number which the form itself does not print: ``name`` says of what."""

    name: str
    codes: list[str] = Field(min_length=2)


class Order1324(Strict):
    """The whole annex, lines in its order."""

    source: str
    since: date
    sections: dict[str, str]
    codes: list[Code]
    balances: list[Balance] = Field(default_factory=list)
    families: list[Family] = Field(default_factory=list)

    @field_validator("codes")
    @classmethod
    def _once(cls, codes: list[Code]) -> list[Code]:
        names = [item.code for item in codes]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"код {name} записан дважды")
        return codes

    @model_validator(mode="after")
    def _known(self) -> Order1324:
        names = [item.code for item in self.codes]
        used = [item.base for item in self.codes if item.base]
        used += [code for balance in self.balances for code in (*balance.left, *balance.right)]
        used += [code for family in self.families for code in family.codes]
        for code in used:
            if code not in names:
                raise ValueError(f"нет показателя с кодом {code}{did_you_mean(code, names)}")
        return self


def load_order(workspace: Workspace) -> Order1324:
    """The workspace's own list, else the program's: a workspace made before the list existed has none."""
    own = workspace.params / FILE
    return load(own if own.is_file() else root() / "params" / FILE, Order1324)

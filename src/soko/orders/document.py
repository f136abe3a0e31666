"""The drafts of a period as display blocks: what the notebook reports/orders calls."""

from __future__ import annotations

from functools import cached_property

from soko import russian
from soko.errors import UsageError
from soko.hints import did_you_mean
from soko.notes import focus
from soko.notes.base import Blocks
from soko.notes.data import read
from soko.orders.content import Order, order_of
from soko.params import Params
from soko.periods import Period
from soko.publish.blocks import Callout, Head, Meta, Prose, Row, Table, Title
from soko.workspace import Workspace


class OrdersDocument:
    """What the orders of a period demand of whom by when; each method gives the blocks of one section."""

    def __init__(self, workspace: Workspace, period: Period) -> None:
        self.workspace = workspace
        self.period = period
        self.school = Params(workspace).school

    @classmethod
    def open(cls, workspace: str = "", period: str = "") -> OrdersDocument:
        """The orders of ``period``; empty values mean the nearest workspace and its current period."""
        place = Workspace.open(workspace or None)
        return cls(place, Period.parse(period or Params(place).school.current_period))

    @cached_property
    def orders(self) -> dict[str, Order]:
        """Of every document that the period's settings want an order of: name of its files → what it says."""
        from soko.run import orders, sweeps  # the run asks this room to make the files; this view asks it which

        asked = [
            item
            for item in sweeps.select(self.workspace, self.period, None)
            if item.note in orders.notes(self.workspace, self.period)
        ]
        documents = sweeps.documents(self.workspace, asked, self.workspace.outputs(self.period) / "indicators.parquet")
        return {
            item.name: order_of(focus.on(read(self.workspace, self.period, None, item.note), item.of))
            for item in documents
        }

    def title(self) -> Blocks:
        """School, name of the document."""
        about = f"за {self.period.title('accusative')}"
        return Blocks(
            [
                Meta(
                    title=f"Проекты приказов {about}",
                    running_head=f"Проекты приказов: {self.period.short()}",
                    author=self.school.name_short,
                ),
                Title(school=self.school.name_full, title="Проекты приказов", subtitle=about),
            ]
        )

    def overview(self) -> Blocks:
        """The drafts, and how many assignments each has."""
        if not self.orders:
            return Blocks(
                [
                    Callout(
                        title="Приказов за период нет",
                        markdown="Справки, по которым нужны приказы, называют в `orders` файла "
                        f"`params/periods/{self.period.id}.yaml`.",
                    )
                ]
            )
        rows = [
            Row(
                cells=[
                    order.heading,
                    str(len(order.assignments)),
                    str(len(order.fields["people"])),
                    f"orders/{name}.docx" if not order.empty else "поручений нет, приказ не составлен",
                ]
            )
            for name, order in self.orders.items()
        ]
        columns = [
            Head(title="О чём", width=3),
            Head(title="Поручений", align="right"),
            Head(title="Ответственных", align="right"),
            Head(title="Файл", width=2),
        ]
        return Blocks(
            [Prose(markdown="## Проекты"), Table(caption="Проекты приказов периода", columns=columns, rows=rows)]
        )

    def assignments(self) -> Blocks:
        """Everything that the drafts demand, the nearest date first."""
        rows = [
            Row(cells=[russian.day(item.due), item.what, item.who, order.heading])
            for item, order in sorted(
                ((item, order) for order in self.orders.values() for item in order.assignments),
                key=lambda pair: pair[0].due,
            )
        ]
        if not rows:
            return Blocks()
        columns = [
            Head(title="Срок", width=1.2),
            Head(title="Что сделать", width=3),
            Head(title="Кто", width=2),
            Head(title="Приказ", width=2),
        ]
        return Blocks(
            [
                Prose(markdown="## Поручения по срокам"),
                Table(caption="Поручения всех проектов", columns=columns, rows=rows),
            ]
        )

    def texts(self) -> Blocks:
        """Every draft as it would be read."""
        return sum((self.order(name) for name, order in self.orders.items() if not order.empty), Blocks())

    def order(self, name: str) -> Blocks:
        """One draft as it would be read: conclusions, then points."""
        if name not in self.orders:
            raise UsageError(f"проекта приказа «{name}» нет{did_you_mean(name, sorted(self.orders))}")
        order = self.orders[name]
        lines = [f"- {text}" for text in order.conclusions]
        points = [
            f"{at}. {item['what']} Ответственный – {item['who']}. Срок – до{russian.NBSP}{item['due']}"
            for at, item in enumerate(order.fields["items"], start=1)
        ]
        return Blocks([Prose(markdown="\n".join([f"## {order.heading}", "", *lines, "", *points]))])

"""The annex for official use: names of the pupils at risk and of the reserve, by class, with subjects.

The only part of the notes that reads data/private. Its notebook is executed and rendered into data/private.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from soko import russian
from soko.errors import DataError
from soko.notes.data import natural
from soko.notes.note import Blocks
from soko.params import Params
from soko.periods import Period
from soko.publish.blocks import Block, Head, Meta, Prose, Row, Signature, Signatures, Table, Title
from soko.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

MARK = "Для служебного пользования"
PERSONAL = "Персональные данные"
_LISTS = (
    ("failing", "Не успевают", "2", "Предметы с «2»"),
    ("not_attested", "Не аттестованы", "н/а", "Предметы с «н/а»"),
    ("one_three", "Резерв: с одной «3»", "3", "Предмет с «3»"),
)


class Annex:
    """Lists by name of one period."""

    def __init__(self, workspace: Workspace, period: Period) -> None:
        self.workspace = workspace
        self.period = period
        self.params = Params(workspace)

    def title(self) -> Blocks:
        """Heading with the restriction mark."""
        school, span = self.params.school, self.params.dates(self.period)
        subtitle = f"к аналитической справке по итогам {self.period.title('genitive')}"
        return Blocks(
            [
                Meta(
                    title=f"Приложение {subtitle}",
                    running_head=f"{MARK}. {PERSONAL}. {self.period.short()}",
                    date=span.end.isoformat(),
                    author=school.name_short,
                    mark=MARK,
                ),
                Title(school=school.name_full, title="Приложение", subtitle=subtitle, mark=MARK),
                Prose(
                    markdown=f"**{PERSONAL}.** Хранить в школе, не пересылать по открытым каналам, "
                    "не размещать на сайте."
                ),
            ]
        )

    def lists(self) -> Blocks:
        """Failing, not attested and «one 3» pupils by class, with their subjects."""
        blocks: list[Block] = []
        several = self.pupils["school_id"].nunique() > 1
        for name, title, mark, head in _LISTS:
            blocks.append(Prose(markdown=f"## {title}"))
            chosen = self.pupils.loc[self.pupils[name]]
            if chosen.empty:
                blocks.append(Prose(markdown="Таких обучающихся нет."))
                continue
            rows: list[Row] = []
            groups: dict[tuple[str, str], list[tuple[str, str]]] = {}
            for pupil in chosen.to_dict("records"):
                entry = (
                    self._person(pupil["pupil_id"]),
                    ", ".join(_small(subject) for subject in pupil["marks"][mark]),
                )
                groups.setdefault((pupil["school_id"], pupil["cls"]), []).append(entry)
            for school, cls in sorted(groups, key=lambda key: (key[0], natural(key[1]))):
                people = sorted(groups[school, cls])
                label = f"{cls} класс" + (f", школа {school}" if several else "")
                rows.append(Row(cells=[f"{label}: {russian.count(len(people), 'обучающийся')}"], kind="section"))
                rows += [Row(cells=[str(i), *person]) for i, person in enumerate(people, start=1)]
            blocks.append(
                Table(
                    caption=f"{title}: {russian.count(len(chosen), 'обучающийся')}",
                    columns=[
                        Head(title="№", align="right", width=0.4),
                        Head(title="Фамилия, имя, отчество", width=2.5),
                        Head(title=head, width=3.5),
                    ],
                    rows=rows,
                    notes=["База: обучающиеся, состоящие в списке на конец периода, с отметками или «н/а» за период."],
                )
            )
        return Blocks(blocks)

    def signatures(self) -> Blocks:
        """Who made the lists."""
        author = self.params.school.author
        return Blocks([Signatures(lines=[Signature(post=author.post, name=author.name)], acquainted=0)])

    @cached_property
    def pupils(self) -> pd.DataFrame:
        """A row a pupil of the base: school_id, pupil_id, cls, marks (mark → subjects), the three categories.

        The base is the one of the indicators: the same named population computes both.
        """
        import pandas as pd

        from soko.indicators.population import population

        frame = population(self.workspace, self.period, "marks_base")
        rows: list[dict[str, Any]] = []
        for (school, pupil), own in frame.groupby(["school_id", "pupil_id"], sort=True):
            marks = {
                mark: sorted(own.loc[own[column] > 0, "subject"])
                for mark, column in (("2", "n2"), ("3", "n3"), ("н/а", "n_na"))
            }
            rows.append(
                {
                    "school_id": school,
                    "pupil_id": pupil,
                    "cls": own["class"].iloc[0],
                    "marks": marks,
                    "failing": bool(marks["2"]),
                    "not_attested": bool(marks["н/а"]) and not marks["2"],
                    "one_three": own["n3"].sum() == 1 and not marks["2"] and not marks["н/а"],
                }
            )
        columns = ["school_id", "pupil_id", "cls", "marks", "failing", "not_attested", "one_three"]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def _names(self) -> dict[str, str]:
        import pandas as pd

        path = self.workspace.private_period(self.period) / "people.parquet"
        if not path.is_file():
            raise DataError(
                "нет перечня обучающихся с именами",
                where=self.workspace.relative(path),
                todo=f"выполните soko validate {self.period.id}",
            )
        people = pd.read_parquet(path, columns=["pseudonym", "full_name"]).dropna(subset=["full_name"])
        return dict(zip(people["pseudonym"].astype(str), people["full_name"].astype(str), strict=True))

    def _person(self, pupil: str) -> str:
        """The name; the code where the school gave no names."""
        return self._names.get(pupil) or f"обучающийся с кодом {pupil}"


def _small(subject: str) -> str:
    """A subject in a list begins with a small letter, an abbreviation does not."""
    return subject if subject[1:2].isupper() else subject[:1].lower() + subject[1:]

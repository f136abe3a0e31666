"""The yearly scheme (годовая циклограмма) as display blocks: what the notebook reports/plan calls."""

from __future__ import annotations

from collections import Counter
from datetime import date

from soko import russian
from soko.indicators import load_catalogue
from soko.notes.note import Blocks
from soko.params import Params
from soko.plan import tables
from soko.plan.load import load_plan
from soko.plan.schedule import parse_year, schedule
from soko.publish.blocks import Meta, Prose, Signature, Signatures, Title
from soko.tables import load_tables
from soko.workspace import Workspace


def open_plan(workspace: str = "", year: str = "") -> PlanDocument:
    """The plan of a school year. Empty values mean the nearest workspace and the year of its current period."""
    place = Workspace.open(workspace or None)
    return PlanDocument(place, parse_year(year or Params(place).school.current_period))


class PlanDocument:
    """Sections of the document; each method gives the blocks of one."""

    def __init__(self, workspace: Workspace, year: int) -> None:
        self.workspace = workspace
        self.year = year
        self.years = f"{year}/{year + 1} учебный год"
        self.params = Params(workspace)
        self.school = self.params.school
        self.plan = load_plan(workspace)
        self.tasks = schedule(workspace, self.plan, year)

    def title(self) -> Blocks:
        """School, approval, name of the document."""
        name, subtitle = "План мониторинга качества образования", f"на {self.years} (годовая циклограмма)"
        director = self.school.director
        return Blocks(
            [
                Meta(
                    title=f"{name} {subtitle}",
                    running_head=f"{name}, {self.years}",
                    date=date(self.year, 9, 1).isoformat(),
                    author=self.school.name_short,
                ),
                Title(
                    school=self.school.name_full,
                    approve=Signature(post=director.post, name=russian.initials_first(director.name)),
                    considered=self.school.minutes,
                    title=name,
                    subtitle=subtitle,
                ),
            ]
        )

    def introduction(self) -> Blocks:
        """Basis, size, what the dates mean."""
        plan = self.plan
        documents = russian.count(len({task.document for task in self.tasks}), "документ", "ablt")
        forms, objects = (Counter(getattr(item, key) for item in plan.procedures) for key in ("form", "object"))
        lines = [
            f"**Основание:** {plan.source}.",
            f"В плане {russian.count(len(plan.procedures), 'процедура')}; за год они заканчиваются {documents}.",
            "**По объектам:** " + _counted(plan.objects, objects),
            "**По форме:** " + _counted(plan.forms, forms),
            "**Сроки.** К сроку документ готов и передан на рассмотрение; файлы сдают за "
            f"{russian.count(plan.files_before, 'рабочий день', 'accs')} до него или раньше, если так назначено "
            "(раздел «Сроки файлов»). Срок, который пришёлся на выходной или праздник, – рабочий день перед ним. "
            "Каникулы сроков не сдвигают.",
            "Где в плане есть первое полугодие и год, за второе полугодие отдельно не отчитываются: его итоги входят "
            "в итоги года.",
        ]
        return Blocks([Prose(markdown="\n\n".join(lines))])

    def scheme(self) -> Blocks:
        """Procedures against months."""
        return self._section(
            "Циклограмма",
            tables.scheme(self.plan, self.tasks, f"К какому числу готовы документы процедур, {self.years}"),
        )

    def calendar(self) -> Blocks:
        """Documents by date: who does what by when."""
        return self._section("Сроки документов", tables.calendar(self.plan, self.school, self.tasks, self.year))

    def files(self) -> Blocks:
        """Files by person."""
        contracts = load_tables(self.workspace)
        return self._section("Сроки файлов", tables.files(contracts, self.school, self.tasks, self.year))

    def procedures(self) -> Blocks:
        """Every procedure in full."""
        catalogue = load_catalogue(self.workspace, bind=False)
        return self._section("Содержание процедур", tables.procedures(self.plan, self.params, catalogue, self.year))

    def signatures(self) -> Blocks:
        """Who made the plan; lines for those who have read it."""
        author = self.school.author
        line = Signature(
            post=f"Составитель: {russian.lower_first(author.post)}", name=russian.initials_first(author.name)
        )
        return Blocks([Signatures(lines=[line], acquainted=3)])

    def _section(self, title: str, table: tables.Table) -> Blocks:
        return Blocks([Prose(markdown=f"## {title}"), table])


def _counted(titles: dict[str, str], counts: Counter[str]) -> str:
    parts = (f"{russian.lower_first(titles[key])}{russian.NBSP}{russian.DASH} {counts[key]}" for key in titles)
    return "; ".join(parts) + "."

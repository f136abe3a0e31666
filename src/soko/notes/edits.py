"""Conclusions and recommendations as the analyst has edited them.

What the rules propose is changed by ``edits`` of the period's settings (``soko.edits``), on every run anew. An edit
whose figures have changed since it was written, or whose rule no longer gives what it changes, is told in the note.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from soko import russian
from soko.analysis.narrative import Narrative, Recommendation, Sentence
from soko.edits import ActionEdit, Edit
from soko.notes import remembered, telling, written
from soko.notes.data import NoteData
from soko.publish.blocks import Callout

OWN = "own"  # section and rule of what the analyst adds
_SCOPES = {"overall": frozenset[str](), "school": frozenset[str]()}


@dataclass
class Edited:
    """The narrative after the edits, and what became of them."""

    narrative: Narrative
    stale: list[Edit] = field(default_factory=list)  # the figures of the rule are others than when it was written
    idle: list[Edit] = field(default_factory=list)  # the rule proposes nothing that could be changed
    dropped: list[Edit] = field(default_factory=list)


def applied(data: NoteData, told: Narrative, *, confirm: bool = False) -> Edited:
    """``told`` with the analyst's edits; ConfigError for an edit of a rule that the note does not have."""
    own = written.edits(data)
    if not own:
        return Edited(told)
    if data.public:  # neither the analyst's words, nor what they were put in place of
        changed = {edit.rule for edit in own if edit.conclusion or edit.drop in ("conclusion", "both")}
        return Edited(replace(told, conclusions=[item for item in told.conclusions if item.rule not in changed]))
    figures = {edit.key: (edit.model_dump_json(), _figures(data, told, edit)) for edit in own}
    old = remembered.stale(data, "edits", figures, confirm=confirm)
    result = Edited(replace(told, conclusions=list(told.conclusions), recommendations=list(told.recommendations)))
    for edit in own:
        if not (_conclusion(edit, result) | _action(data, edit, result)):
            result.idle.append(edit)
        elif edit.key in old:
            result.stale.append(edit)
        if edit.drop and edit not in result.idle:
            result.dropped.append(edit)
    return result


def callout(data: NoteData, edited: Edited) -> Callout | None:
    """What has to be looked at again; None when every edit is as it was written."""
    lines = []
    if edited.stale:
        lines.append(
            f"С тех пор как сделаны правки ({named(edited.stale)}), показатели, на которых они стоят, изменились. "
            f"Если правки по-прежнему верны, подтвердите их командой `soko confirm {data.period.id}`."
        )
    if edited.idle:
        lines.append(
            f"Правки ({named(edited.idle)}) не применены: по нынешним данным правила не дают того, что в них изменено."
        )
    if not lines:
        return None
    lines.append(f"Правки записаны в `params/periods/{data.period.id}.yaml`.")
    title = "Правки составителя сделаны к другим данным" if edited.stale else "Правки составителя не применены"
    return Callout(kind="warning", title=title, markdown=" ".join(lines))


def named(edits: list[Edit]) -> str:
    """«правило worse»: which edits they are."""
    names = [f"правило {edit.rule}" if edit.rule else "собственный текст" for edit in edits]
    return russian.listing(dict.fromkeys(names))


def _conclusion(edit: Edit, result: Edited) -> bool:
    """Apply to the conclusions; whether anything was there to be changed."""
    found = result.narrative.conclusions
    if not edit.rule:
        if edit.conclusion:
            text = russian.sentence(edit.conclusion)
            found.append(Sentence(OWN, OWN, "neutral", text, edited=True))
        return bool(edit.conclusion)
    of_rule = [item for item in found if item.rule == edit.rule]
    if not of_rule or not (edit.conclusion or edit.drop in ("conclusion", "both")):
        return False
    at = found.index(of_rule[0])
    kept = [replace(of_rule[0], text=russian.sentence(edit.conclusion), edited=True)] if edit.conclusion else []
    result.narrative.conclusions = [*found[:at], *kept, *(item for item in found[at:] if item.rule != edit.rule)]
    return True


def _action(data: NoteData, edit: Edit, result: Edited) -> bool:
    """Apply to the recommendations; whether anything was there to be changed."""
    found = result.narrative.recommendations
    change = edit.action
    if not edit.rule:
        if change and change.due:
            what = russian.upper_first(russian.bound(change.what))
            basis = russian.bound(change.basis) or "решение составителя"
            found.append(Recommendation(what, _person(data, change.who), change.due, basis, OWN, edited=True))
        return change is not None
    whose = _person(data, edit.whose) if edit.whose else ""
    mine = [item for item in found if item.rule == edit.rule and whose in ("", item.who)]
    if not mine or not (change or edit.drop in ("action", "both")):
        return False
    made = {id(item): _changed(data, item, change) if change else None for item in mine}
    rows = [made.get(id(item), item) for item in found]
    result.narrative.recommendations = [row for row in rows if row is not None]
    return True


def _changed(data: NoteData, item: Recommendation, change: ActionEdit) -> Recommendation:
    return replace(
        item,
        what=russian.upper_first(russian.bound(change.what)) if change.what else item.what,
        who=_person(data, change.who) if change.who else item.who,
        due=change.due or item.due,
        basis=russian.bound(change.basis) if change.basis else item.basis,
        edited=True,
    )


def _person(data: NoteData, who: str) -> str:
    found = data.school.responsible.get(who)
    return f"{found.post} {russian.initials_first(found.name)}" if found else who


def _figures(data: NoteData, told: Narrative, edit: Edit) -> str:
    """Hash of what an edit stands on: its rule's figures of the three periods; of all figures for an own text."""
    if not edit.rule:
        return remembered.figures_hash(data.current, telling.book(data).used())
    item = next(item for item in telling.book(data).rules if item.rule.id == edit.rule)
    scope = item.rule.scope
    if scope == "data" or not item.indicators:
        # Counts of findings are no figures of the catalogue: what the rule says of them stands for them.
        return remembered.digest("\n".join(said.text for said in told.sentences if said.rule == edit.rule))
    shape = _SCOPES.get(scope, frozenset(scope.split("_")))
    periods = [data.current, data.previous, data.year_ago]
    return remembered.digest(
        " ".join(remembered.figures_hash(figures, item.indicators, shape) for figures in periods if figures is not None)
    )

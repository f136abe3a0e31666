"""Two-way tables with totals as problems of disclosure, and what a reader can work out, by integer programming."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from soko.disclosure.problem import Amount, Equation, Limits, Problem
from soko.disclosure.protect import Protected

CELL = 5
LIMITS = Limits(values=CELL - 1)


def amount(key: object, value: float, cost: float = 0, **more: object) -> Amount:
    """As a table shows it: «< 5» for 1 to 4; the sign of another hidden amount says nothing."""
    small = 1 <= value < CELL
    bounds = (1, CELL - 1) if small else (0, None)
    return Amount(key, value, sensitive=small, hidden=small, bounds=bounds, cost=cost, **more)  # type: ignore[arg-type]


def table(values: np.ndarray, **more: object) -> Problem:
    """Rows and columns with their totals; a total costs more to hide, that of everything most."""
    rows, columns = values.shape
    amounts = [amount((r, c), values[r, c]) for r in range(rows) for c in range(columns)]
    amounts += [amount((r, "all"), values[r].sum(), 1) for r in range(rows)]
    amounts += [amount(("all", c), values[:, c].sum(), 1) for c in range(columns)]
    amounts.append(amount("all", values.sum(), 2))
    of_row, of_column, whole = rows * columns, rows * columns + rows, rows * columns + rows + columns
    equations: list[Equation] = []
    for r in range(rows):
        equations.append((*((r * columns + c, 1.0) for c in range(columns)), (of_row + r, -1.0)))
    for c in range(columns):
        equations.append((*((r * columns + c, 1.0) for r in range(rows)), (of_column + c, -1.0)))
    equations.append((*((of_row + r, 1.0) for r in range(rows)), (whole, -1.0)))
    equations.append((*((of_column + c, 1.0) for c in range(columns)), (whole, -1.0)))
    return Problem(tuple(amounts), tuple(equations), LIMITS)


@st.composite
def tables(draw: st.DrawFn) -> Problem:
    rows, columns = draw(st.integers(2, 5)), draw(st.integers(2, 4))
    cell = st.one_of(st.integers(0, 6), st.integers(0, 40))
    values = draw(st.lists(cell, min_size=rows * columns, max_size=rows * columns))
    return table(np.array(values).reshape(rows, columns))


def worked_out(problem: Problem, found: Protected, wanted: int) -> tuple[float, float]:
    """Least and largest whole number that fits what is shown, over all equations at once."""
    hidden, unknown = found.hidden, sorted(found.hidden)
    matrix, totals = [], []
    for equation in problem.equations:
        row = np.zeros(len(unknown))
        total = 0.0
        for at, weight in equation:
            if at in hidden:
                row[unknown.index(at)] += weight
            else:
                total -= weight * problem.amounts[at].value
        matrix.append(row)
        totals.append(total)
    signs = [(0, None) if at in found.loosened else problem.amounts[at].bounds for at in unknown]
    low = [bottom for bottom, _ in signs]
    high = [np.inf if top is None else top for _, top in signs]
    aim = np.zeros(len(unknown))
    ends = []
    for sign in (1, -1):
        aim[unknown.index(wanted)] = sign
        done = milp(
            aim,
            constraints=LinearConstraint(np.array(matrix), totals, totals),
            bounds=Bounds(low, high),
            integrality=np.ones(len(unknown)),
        )
        ends.append(sign * done.fun if done.status == 0 else sign * np.inf)
    return round(ends[0]), ends[1]

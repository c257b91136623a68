"""Which rows of a frame Pandera found wrong: positions, since labels of an index may repeat."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any, Dict, List, NamedTuple, Optional, Set


class Case(NamedTuple):
    """One line of failure_cases. label: of the row; None where it is about the frame or column as a whole."""

    column: Any
    check: Any
    value: Any
    label: Any


def read_cases(failure_cases: Any) -> List[Case]:
    columns = [_listed(failure_cases, name) for name in ("column", "check", "failure_case", "index")]
    return [Case(*row) for row in zip(*columns)]


def is_of_frame(case: Case) -> bool:
    return case.label is None or case.label != case.label


def invalid_rows(cases: List[Case], data: Any, total: int) -> int:
    """Rows with at least one case. Where the same label stands for several rows, a row counts as wrong when it has a
    value that was found wrong; rows that cannot be told apart count as wrong.
    """
    labels = _labels_of(data)
    if getattr(getattr(data, "index", None), "nlevels", 1) > 1:
        cases = [case._replace(label=str(case.label)) for case in cases]
    if labels is None or len(labels) != total or len(set(labels)) == total:
        return _by_label(cases, labels, total)
    rows_of: Dict[Any, List[int]] = defaultdict(list)
    for row, label in enumerate(labels):
        rows_of[label].append(row)
    wrong: Set[int] = set()
    unplaced: List[Case] = []
    values_of: Dict[Any, Optional[List[Any]]] = {}
    for case in set(map(_hashable, cases)):
        if case.column not in values_of:
            values_of[case.column] = _column(data, case.column)
        values = values_of[case.column]
        rows = rows_of.get(case.label, [])
        found = [] if values is None else [row for row in rows if _key(values[row]) == case.value]
        wrong.update(found)
        if not found:
            unplaced.append(case)
    return min(total, len(wrong) + _beyond(unplaced, cases, rows_of, wrong))


def _beyond(unplaced: List[Case], cases: List[Case], rows_of: Dict[Any, List[int]], wrong: Set[int]) -> int:
    """Further wrong rows of a label, from cases whose value is not found there: each case takes one more row, as long as there
    are any."""
    times = Counter(_hashable(case) for case in cases)
    more: Counter[Any] = Counter()
    for case in unplaced:
        more[case.label] += times[case]
    left = {label: sum(row not in wrong for row in rows_of.get(label, [])) for label in more}
    return sum(min(count, left[label]) if rows_of.get(label) else count for label, count in more.items())


def _by_label(cases: List[Case], labels: Optional[List[Any]], total: int) -> int:
    """Counts rows by label: one each, or, without the frame, the most cases that one check has for the label."""
    if labels is not None and len(set(labels)) == total:
        return min(total, len({_key(case.label) for case in cases}))
    most: Dict[Any, int] = {}
    for (label, _column_name, _check), count in Counter((_key(c.label), c.column, str(c.check)) for c in cases).items():
        most[label] = max(most.get(label, 0), count)
    return min(total, sum(most.values()))


def _labels_of(data: Any) -> Optional[List[Any]]:
    index = getattr(data, "index", None)
    if index is not None and hasattr(index, "tolist"):
        # Pandera reports labels of several levels as text.
        several = getattr(index, "nlevels", 1) > 1
        return [str(label) if several else _key(label) for label in index.tolist()]
    # Polars has no labels: the index of a case is the row.
    height = getattr(data, "height", None)
    return list(range(height)) if isinstance(height, int) else None


def _column(data: Any, name: Any) -> Optional[List[Any]]:
    try:
        values: List[Any] = data[name].tolist()
    except Exception:
        return None
    return values


def _hashable(case: Case) -> Case:
    return Case(case.column, str(case.check), _key(case.value), _key(case.label))


def _key(value: Any) -> Any:
    """Equal where the values are: NaN too, and what cannot be hashed by its text."""
    if value is None or value != value:
        return "\x00null"
    try:
        hash(value)
    except TypeError:
        return repr(value)
    return value


def _listed(frame: Any, name: str) -> List[Any]:
    if name not in list(frame.columns):
        return [None] * len(frame)
    values: List[Any] = frame[name].to_list()
    return values

"""A column of values as the pipeline has it, read once into what can be counted. docs/columns.md has the rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Union

from .libraries import of_library
from .spelling import Spelling
from .tally import Numbers, Tally, Unfit
from .values import as_float, days_of, is_null_text, kind_of, name_of, number_of_text

__all__ = ["Column", "Names", "Numbers", "Unfit", "read_column"]

#: What a caller may say that a column is. days: times, as the days since 1970-01-01.
KINDS = ("categorical", "numeric", "days")

SAY_CATEGORICAL = 'if they are names, say kind="categorical"'


@dataclass(frozen=True)
class Names:
    """counts: in the order in which names first appear. first: one of the values."""

    counts: Dict[str, int]
    nulls: int
    first: Any


Column = Union[Numbers, Names]


def read_column(values: Any, kind: Optional[str] = None, reference: Optional[Mapping[str, Any]] = None) -> Column:
    """Numbers or names, as `kind` says, else as the reference counts, else as the values are. Raises Unfit."""
    counted = None if reference is None else reference.get("kind")
    wanted = kind or (counted if counted in ("categorical", "numeric") else None)
    spelling = Spelling(reference["categories"] if reference is not None and counted == "categorical" else ())
    raw = of_library(values, named=wanted == "categorical")
    if isinstance(raw, Numbers):
        return raw
    if wanted == "categorical":
        return _names(raw, spelling)
    if wanted == "days":
        return _days(raw)
    if wanted == "numeric":
        said = "the reference is numeric" if kind is None else "its kind is numeric"
        return _numbers(raw, said, truth=kind is not None or _counts_truth(reference))
    return _as_they_are(raw, spelling)


def _as_they_are(raw: Tally, spelling: Spelling) -> Column:
    kinds = raw.kinds()
    if kinds <= {"number"}:
        return _numbers(raw, "", truth=False)
    if kinds == {"boolean", "number"} and all(value in (0, 1) for value in raw.values):
        # Truth values of which some came as 1 and 0.
        return _names(Tally([bool(value) for value in raw.values], raw.counts, raw.nulls, raw.places), spelling)
    if len(kinds) > 1:
        raise Unfit(f"{raw.stray()}; {SAY_CATEGORICAL}")
    return _names(raw, spelling)


def _names(raw: Tally, spelling: Spelling) -> Names:
    counts: Dict[str, int] = {}
    nulls = raw.nulls
    for value, count in zip(raw.values, raw.counts):
        if kind_of(value) == "time":
            raise Unfit(raw.no_time(value))
        name = name_of(value)
        if isinstance(value, str) and name not in spelling and is_null_text(name):
            nulls += count
            continue
        name = spelling.of(name)
        counts[name] = counts.get(name, 0) + count
    return Names(counts, nulls, raw.values[0] if raw.values else None)


def _numbers(raw: Tally, said: str, truth: bool) -> Numbers:
    """said: why text has to be numbers. truth: true and false are 1 and 0."""
    floats: List[float] = [float("nan")] * raw.nulls
    for value, count in zip(raw.values, raw.counts):
        kind = kind_of(value)
        if kind == "time":
            raise Unfit(raw.no_time(value))
        number: Optional[float] = None
        if kind == "number" or (kind == "boolean" and truth):
            number = as_float(value)
        elif kind == "string":
            number = float("nan") if is_null_text(value) else number_of_text(value)
        if number is None:
            raise Unfit(f"{value!r:.50} given; {said}: give numbers")
        floats.extend([number] * count)
    return Numbers(floats)


def _days(raw: Tally) -> Numbers:
    floats: List[float] = [float("nan")] * raw.nulls
    for value, count in zip(raw.values, raw.counts):
        days = float("nan") if isinstance(value, str) and is_null_text(value) else days_of(value)
        if days is None:
            raise Unfit(f"{value!r:.50} given; its kind is days: give dates")
        floats.extend([days] * count)
    return Numbers(floats)


def _counts_truth(reference: Optional[Mapping[str, Any]]) -> bool:
    """Whether the numbers of the reference lie between 0 and 1, so that truth values may be meant by them."""
    edges = None if reference is None else reference.get("edges")
    return bool(edges) and -1 <= edges[0] <= edges[-1] <= 2  # type: ignore[index]


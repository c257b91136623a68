"""The values of a column by how often each was seen."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Set, Tuple

from .values import kind_of, plain

TIMES_ARE_NONE = 'a time is no feature: send what you know of it (hour, age), or say kind="days"'


MUST_BE = "must be a number, a string, a boolean or null"


class Unfit(Exception):
    """Why values cannot be counted."""


@dataclass(frozen=True)
class Numbers:
    """floats: a list or an array of float64; a null is NaN."""

    floats: Any


@dataclass(frozen=True)
class Tally:
    """Different plain values (True and 1 are two) in the order in which they first appear, and how often each was seen."""

    values: List[Any]
    counts: List[int]
    nulls: int
    #: Rows at which they were first seen; empty where the library that counted does not tell.
    places: List[int] = field(default_factory=list)

    def kinds(self) -> Set[Optional[str]]:
        return {kind_of(value) for value in self.values}

    def stray(self) -> str:
        """The first value of another kind than those before it."""
        first = kind_of(self.values[0])
        at = next(i for i, value in enumerate(self.values) if kind_of(value) != first)
        return f"{self._at(at)}{self.values[at]!r:.50} given; the values before it are of type {first}"

    def no_time(self, value: Any) -> str:
        return f"{self._at(self.values.index(value))}a {type(value).__name__} given; {TIMES_ARE_NONE}"

    def _at(self, i: int) -> str:
        return f"values[{self.places[i]}]: " if self.places else ""


def tally_of(values: List[Any]) -> Tally:
    """Raises Unfit for what no histogram counts."""
    types = set(map(type, values)) - {type(None)}
    if types <= {str} or types <= {bool} or types <= {int, float}:
        return _counted(Counter(values))
    seen: Dict[Tuple[bool, Any], List[int]] = {}
    nulls = 0
    for i, given in enumerate(values):
        value = plain(given)
        if value is None:
            nulls += 1
            continue
        if kind_of(value) is None:
            raise Unfit(f"values[{i}]: a {type(given).__name__} given; {MUST_BE}")
        entry = seen.setdefault((isinstance(value, bool), value), [0, i])
        entry[0] += 1
    return Tally([value for _, value in seen], [n for n, _ in seen.values()], nulls, [at for _, at in seen.values()])


def _counted(counts: "Counter[Any]") -> Tally:
    """Of values of which equal ones are the same. Each NaN is a key of its own."""
    nulls = [value for value in counts if value is None or value != value]
    without = sum(counts.pop(value) for value in nulls)
    return Tally(list(counts), list(counts.values()), without)

"""Histograms that the caller made."""

from __future__ import annotations

import math
from typing import Any, Dict, List, Mapping

from ..fields import Wrong, count, shown
from .tally import TIMES_ARE_NONE, Unfit
from .values import kind_of, name_of, plain

#: What may be known of the rows beside counts on edges.
SUMMARY = ("min", "max", "mean", "sd", "distinct", "quantiles", "spikes", "outside")


def made_histogram(given: Mapping[str, Any]) -> Dict[str, Any]:
    """The histogram as JSON has it: counts of numpy, Decimal and whole floats are taken, keys are named as values are, and a key
    that stands for no value counts as null. Raises Unfit or Wrong.
    """
    body: Dict[str, Any] = {}
    nulls = count("nulls", given["nulls"]) if given.get("nulls") is not None else None
    if "counts" in given:
        body["counts"] = [count(f"counts[{i}]", value) for i, value in enumerate(_listed("counts", given["counts"]))]
    if "edges" in given:
        body["edges"] = [_number(f"edges[{i}]", value) for i, value in enumerate(_listed("edges", given["edges"]))]
        body.update({field: _known(field, given[field]) for field in SUMMARY if given.get(field) is not None})
    if "categories" in given:
        body["categories"], without_name = _categories(given["categories"])
        nulls = without_name + (nulls or 0) if without_name else nulls
        if given.get("folded") is not None:
            body["folded"] = count("folded", given["folded"])
    if nulls is not None:
        body["nulls"] = nulls
    return body


def _listed(field: str, values: Any) -> List[Any]:
    if isinstance(values, (str, bytes, Mapping)):
        raise Unfit(f"{field}: a {type(values).__name__} given; must be a list")
    try:
        return list(values.tolist() if hasattr(values, "tolist") else values)
    except TypeError:
        raise Unfit(f"{field}: a {type(values).__name__} given; must be a list") from None


def _number(field: str, given: Any) -> float:
    value = plain(given)
    if kind_of(value) != "number" or not math.isfinite(value):
        raise Wrong(f"{field}: {shown(given)} given; must be a finite number")
    return float(value)


def _known(field: str, given: Any) -> Any:
    """A part of what is known of the rows."""
    if field == "distinct":
        return count(field, given)
    if field == "spikes":
        return [_number(f"spikes[{i}]", value) for i, value in enumerate(_listed(field, given))]
    if field not in ("quantiles", "outside"):
        return _number(field, given)
    if not isinstance(given, Mapping):
        raise Unfit(f"{field}: a {type(given).__name__} given; must be a dict of numbers")
    read = count if field == "outside" else _number
    return {str(key): read(f"{field}[{shown(key)}]", value) for key, value in given.items()}


def _categories(given: Any) -> "tuple[Dict[str, int], int]":
    if not hasattr(given, "items"):
        raise Unfit(f"categories: a {type(given).__name__} given; must be a dict of counts by name")
    counts: Dict[str, int] = {}
    nulls = 0
    for key, value in given.items():
        named = plain(key)
        kind = kind_of(named)
        number = count(f"categories[{shown(key)}]", value)
        if named is None:
            nulls += number
        elif kind == "time":
            raise Unfit(f"a {type(key).__name__} given; {TIMES_ARE_NONE}")
        elif kind is None:
            raise Unfit(f"a {type(key).__name__} given as a category; must be a text, a number or a boolean")
        else:
            name = name_of(named)
            counts[name] = counts.get(name, 0) + number
    return counts, nulls

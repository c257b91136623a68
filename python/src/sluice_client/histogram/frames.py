"""The features that a caller gives: their names and columns."""

from __future__ import annotations

from collections import Counter
from typing import Any, List, Mapping, Tuple

from ..fields import Wrong, shown

Columns = List[Tuple[Any, Any]]


def columns_of(features: Any) -> Columns:
    """Pairs of a name and its column: of a mapping, of a frame of pandas or Polars, of an Arrow table, of a series that has a
    name. A whole number is a name as well. Raises Wrong.
    """
    return [(name_of_column(given), column) for given, column in _pairs(features)]


def _pairs(features: Any) -> Columns:
    if isinstance(features, Mapping):
        return list(features.items())
    if hasattr(features, "get_columns"):  # Polars
        return [(column.name, column) for column in features.get_columns()]
    if hasattr(features, "column_names") and hasattr(features, "column"):  # Arrow
        return [(name, features.column(i)) for i, name in enumerate(features.column_names)]
    if hasattr(features, "columns") and hasattr(features, "iloc"):  # pandas; a name may stand twice
        return [(name, features.iloc[:, i]) for i, name in enumerate(features.columns)]
    if getattr(features, "name", None) is not None and hasattr(features, "to_list"):  # a series
        return [(features.name, features)]
    fields = getattr(getattr(features, "dtype", None), "names", None)
    if fields:  # a structured array of numpy
        return [(name, features[name]) for name in fields]
    if hasattr(features, "items") and not hasattr(features, "to_list"):
        return list(features.items())
    raise Wrong(f"features: a {type(features).__name__} given; must be a dict of columns by feature name")


def name_of_column(given: Any) -> Any:
    """pandas calls columns without a name 0, 1, 2."""
    whole = hasattr(given, "__index__") and not isinstance(given, bool) and type(given).__name__ not in ("bool_", "bool")
    return str(given.__index__()) if whole else given


def named_twice(columns: Columns) -> "dict[Any, int]":
    """Names that more than one column has, and how many: nobody can tell which is meant."""
    counted = Counter(name for name, _ in columns if isinstance(name, str))
    return {name: count for name, count in counted.items() if count > 1}


def kinds_of(given: Any, allowed: Tuple[str, ...]) -> Mapping[str, str]:
    """What the caller says that columns are, by feature name. Raises Wrong."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise Wrong(f"kinds: a {type(given).__name__} given; must be a dict such as {{'x': 'categorical'}}")
    kinds = {name_of_column(name): kind for name, kind in given.items()}
    for name, kind in kinds.items():
        if kind not in allowed:
            raise Wrong(f"kinds[{shown(name)}]: {shown(kind)} given; must be one of {', '.join(allowed)}")
    return kinds

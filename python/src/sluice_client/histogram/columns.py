"""A column of values as the pipeline has it, read once into what can be counted.

numpy, pandas and Polars are used where the values are theirs; none is ever imported here.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Optional, Sequence, Union

from .names import name_of_number


class Unfit(Exception):
    """Why values cannot be counted."""


@dataclass(frozen=True)
class Numbers:
    """floats: a list or an array of float64; a null is NaN."""

    floats: Any


@dataclass(frozen=True)
class Names:
    """Of text and truth values. counts: in the order in which names first appear. first: one of the values."""

    counts: Dict[str, int]
    nulls: int
    first: Any


Column = Union[Numbers, Names]


def read_column(values: Any) -> Column:
    """Raises Unfit."""
    if isinstance(values, (str, bytes, dict)):
        raise Unfit(f"a {type(values).__name__} given; must be a column of values")
    for module, read in (("polars", _read_polars), ("pandas", _read_pandas), ("numpy", _read_numpy)):
        library = sys.modules.get(module)
        if library is not None:
            column = read(library, values)
            if column is not None:
                return column
    try:
        return _read_list(values.to_pylist() if hasattr(values, "to_pylist") else list(values))
    except TypeError:
        raise Unfit(f"a {type(values).__name__} given; must be a column of values") from None


def names_of_numbers(numbers: Numbers) -> Names:
    """Numbers as categories, for a reference that counts those."""
    floats = numbers.floats if isinstance(numbers.floats, list) else numbers.floats.tolist()
    present = [value for value in floats if value == value]
    counts: Dict[str, int] = {}
    for value, count in Counter(present).items():
        name = name_of_number(value)
        counts[name] = counts.get(name, 0) + count
    return Names(counts, len(floats) - len(present), None)


def _read_list(values: List[Any]) -> Column:
    types = set(map(type, values))
    if types <= {int, float, type(None)}:
        return Numbers([_float(value) for value in values])
    if types <= {str, type(None)}:
        return _names(values)
    return _read_mixed(values)


def _read_mixed(values: List[Any]) -> Column:
    """Truth values, numpy's and Decimal's numbers, text with NaN for nulls; or what does not fit."""
    kind: Optional[str] = None
    plain: List[Any] = []
    for i, value in enumerate(values):
        value = _plain(value)
        plain.append(value)
        if value is None or value != value:
            continue
        found = _kind(value)
        if found is None:
            raise Unfit(f"values[{i}]: a {type(value).__name__} given; must be a number, a string, a boolean or null")
        if kind is not None and found != kind:
            raise Unfit(f"values[{i}]: {value!r:.50} given; the values before it are of type {kind}")
        kind = found
    if kind in (None, "number"):
        return Numbers([_float(value) for value in plain])
    return _names([None if value != value else value for value in plain])


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if type(value).__name__ in ("NAType", "NaTType"):  # pandas' nulls
        return None
    item = getattr(value, "item", None)
    if callable(item):
        return item()
    if hasattr(value, "__float__"):
        return float(value)
    return value


def _kind(value: Any) -> Optional[str]:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    return "string" if isinstance(value, str) else None


def _float(value: Any) -> float:
    if value is None:
        return float("nan")
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _name(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _names(values: Iterable[Any]) -> Names:
    counted = Counter(values)
    nulls = counted.pop(None, 0)
    return _named(list(counted.keys()), list(counted.values()), nulls)


def _named(values: Sequence[Any], counts: Sequence[int], nulls: int) -> Names:
    by_name: Dict[str, int] = {}
    for value, count in zip(values, counts):
        by_name[_name(value)] = by_name.get(_name(value), 0) + int(count)
    return Names(by_name, nulls, values[0] if len(values) else None)


def _read_numpy(numpy: Any, values: Any) -> Optional[Column]:
    if not isinstance(values, numpy.ndarray):
        return None
    if values.ndim != 1:
        raise Unfit(f"an array of {values.ndim} dimensions given; must be a column of values")
    if values.dtype.kind in "fiu":
        floats = values.astype(numpy.float64)
        return Numbers(floats.filled(numpy.nan) if isinstance(values, numpy.ma.MaskedArray) else floats)
    return _read_list(values.tolist())


def _read_pandas(pandas: Any, values: Any) -> Optional[Column]:
    if not isinstance(values, (pandas.Series, pandas.Index, pandas.api.extensions.ExtensionArray)):
        return None
    series = pandas.Series(values)
    types = pandas.api.types
    if types.is_numeric_dtype(series.dtype) and not types.is_bool_dtype(series.dtype):
        return Numbers(series.to_numpy(dtype="float64", na_value=float("nan")))
    if isinstance(series.dtype, pandas.CategoricalDtype) or types.is_string_dtype(series.dtype):
        codes, seen = pandas.factorize(series)
        kinds = {_kind(_plain(value)) for value in seen}
        if kinds == {"string"}:
            known = codes[codes >= 0]
            counts = sys.modules["numpy"].bincount(known, minlength=len(seen))
            return _named(list(seen), counts.tolist(), len(codes) - len(known))
    return _read_list(series.tolist())


def _read_polars(polars: Any, values: Any) -> Optional[Column]:
    if not isinstance(values, polars.Series):
        return None
    if values.dtype.is_numeric():
        floats = values.cast(polars.Float64)
        # Polars works without numpy, so numpy may be absent.
        return Numbers(floats.to_numpy() if "numpy" in sys.modules else [_float(value) for value in floats.to_list()])
    if values.dtype in (polars.String, polars.Boolean, polars.Categorical, polars.Enum):
        present = values.drop_nulls()
        seen = present.unique(maintain_order=True).to_list()
        return _named(seen, present.unique_counts().to_list(), len(values) - len(present))
    return _read_list(values.to_list())

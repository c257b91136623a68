"""Columns of numpy, pandas, Polars and Arrow, read by their own means; none of them is ever imported here."""

from __future__ import annotations

import sys
from typing import Any, Dict, List, Optional, Tuple, Union

from .tally import MUST_BE, Numbers, Tally, Unfit, tally_of
from .values import as_float, kind_of, plain, shortest

Raw = Union[Numbers, Tally]


def of_library(values: Any, named: bool) -> Raw:
    """named: the column is counted by name, so numbers come with how often each was seen. Raises Unfit."""
    if isinstance(values, (str, bytes, dict)):
        raise Unfit(f"a {type(values).__name__} given; must be a column of values")
    for module, read in (
        ("polars", _polars), ("pandas", _pandas), ("pyarrow", _arrow), ("numpy", _numpy),
    ):  # fmt: skip
        library = sys.modules.get(module)
        if library is not None:
            column = read(library, values, named)
            if column is not None:
                return column
    return _list(values, named)


def _list(values: Any, named: bool) -> Raw:
    try:
        listed = values if isinstance(values, list) else list(values)
    except TypeError:
        raise Unfit(f"a {type(values).__name__} given; must be a column of values") from None
    if not named and all(map(_is_number, set(map(type, listed)))):
        return Numbers([float("nan") if value is None else as_float(value) for value in listed])
    return tally_of(listed)


def _is_number(kind: type) -> bool:
    """Also numpy's numbers, and None."""
    if kind is type(None) or (issubclass(kind, (int, float)) and kind is not bool):
        return True
    numpy = sys.modules.get("numpy")
    return numpy is not None and issubclass(kind, (numpy.integer, numpy.floating))


def _one(columns: int, what: str) -> None:
    if columns != 1:
        raise Unfit(f"{what} of {columns} columns given; must be one column of values")


def _numpy(numpy: Any, values: Any, named: bool) -> Optional[Raw]:
    if not isinstance(values, numpy.ndarray):
        return None
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim != 1:
        raise Unfit(f"an array of {values.ndim} dimensions given; must be a column of values")
    masked = isinstance(values, numpy.ma.MaskedArray)
    kind = values.dtype.kind
    if kind in "fiu" and not named:
        floats = values.astype(numpy.float64)
        return Numbers(floats.filled(numpy.nan) if masked else floats)
    if kind == "O" or (masked and kind not in "fiu"):
        return tally_of(values.tolist())
    present = values.compressed() if masked else values
    if kind in "fmM":
        present = present[present == present]  # NaN and NaT
    seen, first, counts = numpy.unique(present, return_index=True, return_counts=True)
    order = numpy.argsort(first, kind="stable")
    return _seen(list(seen[order]), counts[order].tolist(), len(values) - len(present))


def _seen(values: List[Any], counts: List[int], nulls: int, code: str = "") -> Tally:
    """Values as a library counted them; code: of the number format where that has fewer digits than float64."""
    sums: Dict[Tuple[bool, Any], int] = {}
    for given, count in zip(values, counts):
        value = plain(given)
        if value is None:
            nulls += int(count)
            continue
        if kind_of(value) is None:
            raise Unfit(f"a {type(given).__name__} given; {MUST_BE}")
        if code:
            value = shortest(value, code)
        key = (isinstance(value, bool), value)  # True and 1 are equal
        sums[key] = sums.get(key, 0) + int(count)
    return Tally([value for _, value in sums], list(sums.values()), nulls)


def _pandas(pandas: Any, values: Any, named: bool) -> Optional[Raw]:
    if isinstance(values, pandas.DataFrame):
        _one(values.shape[1], "a frame")
        values = values.iloc[:, 0]
    if not isinstance(values, (pandas.Series, pandas.Index, pandas.api.extensions.ExtensionArray)):
        return None
    series = pandas.Series(values)
    types = pandas.api.types
    numbers = types.is_numeric_dtype(series.dtype) and not types.is_bool_dtype(series.dtype)
    if numbers and not types.is_complex_dtype(series.dtype) and not named:
        return Numbers(series.to_numpy(dtype="float64", na_value=float("nan")))
    if series.dtype == object:
        return tally_of(series.tolist())
    if types.is_datetime64_any_dtype(series.dtype):
        return _numpy(sys.modules["numpy"], series.to_numpy(dtype="datetime64[us]"), named)
    codes, seen = pandas.factorize(series)
    known = codes[codes >= 0]
    counts = sys.modules["numpy"].bincount(known, minlength=len(seen))
    return _seen(list(seen), counts.tolist(), len(codes) - len(known), _SHORT.get(str(series.dtype).lower(), ""))


#: How struct calls the number formats that have fewer digits than Python's.
_SHORT = {"float32": "f", "float": "f", "float[pyarrow]": "f", "halffloat": "e", "float16": "e", "halffloat[pyarrow]": "e"}


def _polars(polars: Any, values: Any, named: bool) -> Optional[Raw]:
    if isinstance(values, polars.LazyFrame):
        raise Unfit("a LazyFrame given; must be collected first")
    if isinstance(values, polars.DataFrame):
        _one(values.width, "a frame")
        values = values.to_series(0)
    if not isinstance(values, polars.Series):
        return None
    if values.dtype.is_numeric() and not named:
        floats = values.cast(polars.Float64)
        # Polars works without numpy, so numpy may be absent.
        return Numbers(floats.to_numpy() if "numpy" in sys.modules else floats.fill_null(float("nan")).to_list())
    if values.dtype.is_nested() or values.dtype == polars.Object:
        return tally_of(values.to_list())
    present = values.drop_nulls()
    seen = present.unique(maintain_order=True).to_list()
    counts = present.unique_counts().to_list()
    return _seen(seen, counts, len(values) - len(present), "f" if values.dtype == polars.Float32 else "")


def _arrow(arrow: Any, values: Any, named: bool) -> Optional[Raw]:
    if isinstance(values, (arrow.Table, arrow.RecordBatch)):
        _one(values.num_columns, "a table")
        values = values.column(0)
    if not isinstance(values, (arrow.Array, arrow.ChunkedArray)):
        return None
    types = arrow.types
    if types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    kind = values.type
    floats = types.is_integer(kind) or types.is_floating(kind)
    if floats and not named and "numpy" in sys.modules:
        return _numpy(sys.modules["numpy"], _float64(values), named)
    if types.is_nested(kind):
        return tally_of(values.to_pylist())
    try:
        counted = values.value_counts()
    except NotImplementedError:  # not of this type
        return _list(values.to_pylist(), named)
    code = "f" if types.is_float32(kind) else "e" if types.is_float16(kind) else ""
    return _seen(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), 0, code)


def _float64(values: Any) -> Any:
    """An integer column with nulls as numpy has it; NaN for a null."""
    array = values.to_numpy() if hasattr(values, "chunks") else values.to_numpy(zero_copy_only=False)
    return array.astype("float64")

"""The columns of a frame, with the types as the library calls them.

pandas and Polars are used where the frame is theirs; none is ever imported here.
"""

from __future__ import annotations

import sys
from typing import Any, Dict, Iterable, List, Mapping, Optional

from .fields import Wrong, shown

Column = Dict[str, Any]

#: Values of a pandas column of objects that are looked at for what it holds.
_LOOKED_AT = 1000
_LONGEST_TYPE = 1000
#: As pandas.api.types.infer_dtype names them. What is not here may be anything.
_INFERRED = {
    "string": "string",
    "bytes": "bytes",
    "boolean": "bool",
    "integer": "int64",
    "floating": "float64",
    "decimal": "decimal",
    "date": "date",
    "datetime": "datetime",
    "datetime64": "datetime",
    "timedelta": "timedelta",
    "time": "time",
}


def columns_of(frame: Any) -> List[Column]:
    """The columns of a frame of pandas, Polars, Arrow, Spark or DuckDB, of an Arrow schema, of a mapping of types by name, or of
    a list of {"name", "type"} or (name, type). Raises Wrong.
    """
    pandas, polars = sys.modules.get("pandas"), sys.modules.get("polars")
    if pandas is not None and isinstance(frame, pandas.DataFrame):
        return [_column(frame.columns[i], _pandas_type(pandas, frame.iloc[:, i])) for i in range(frame.shape[1])]
    if polars is not None and isinstance(frame, (polars.DataFrame, polars.LazyFrame)):
        return _of_mapping(frame.collect_schema() if hasattr(frame, "collect_schema") else frame.schema)
    if isinstance(frame, Mapping):
        return _of_mapping(frame)
    if isinstance(frame, (str, bytes)) or frame is None:
        raise Wrong(f"columns: {shown(frame)} given; must be a frame, types by name, or a list of columns")
    fields = _fields(frame)
    if fields is not None:
        return [_field(field) for field in fields]
    names, types = getattr(frame, "columns", None), getattr(frame, "dtypes", None)
    if isinstance(names, list) and isinstance(types, list):  # DuckDB
        return [_column(name, type_) for name, type_ in zip(names, types)]
    try:
        return [_listed(item) for item in frame]
    except TypeError:
        raise Wrong(
            f"columns: a {type(frame).__name__} given; must be a frame, types by name, or a list of columns"
        ) from None


def rows_of(frame: Any) -> Optional[int]:
    """How many rows a frame of pandas, Polars or Arrow holds; None of one that is not in memory."""
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(frame, pandas.DataFrame):
        return int(frame.shape[0])
    for name in ("height", "num_rows"):
        rows = getattr(frame, name, None)
        if isinstance(rows, int):
            return rows
    return None


def column_named(frame: Any, name: str) -> Any:
    """A column of a frame that is in memory; raises KeyError where it has none of that name, or several."""
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(frame, pandas.DataFrame):
        places = [i for i, column in enumerate(frame.columns) if str(column) == name]
        if len(places) != 1:
            raise KeyError(name)
        return frame.iloc[:, places[0]]
    return frame[name]


def _fields(frame: Any) -> Optional[Iterable[Any]]:
    """The fields of an Arrow table or schema, or of a Spark frame or type."""
    schema = getattr(frame, "schema", frame)
    if isinstance(getattr(schema, "fields", None), list):
        return list(schema.fields)
    return list(schema) if hasattr(schema, "names") and hasattr(schema, "types") else None


def _field(field: Any) -> Column:
    kind = field.type if hasattr(field, "type") else field.dataType
    text = kind.simpleString() if hasattr(kind, "simpleString") else kind
    return _column(field.name, text, getattr(field, "nullable", None))


def _listed(item: Any) -> Column:
    if isinstance(item, Mapping):
        return _column(item.get("name"), item.get("type"), item.get("nullable"))
    if isinstance(item, (tuple, list)) and len(item) == 2:
        return _column(item[0], item[1])
    if hasattr(item, "name") and hasattr(item, "type"):
        return _field(item)
    raise Wrong(f"columns: {shown(item)} given; each must be (name, type), or have a name and a type")


def _of_mapping(types: Mapping[Any, Any]) -> List[Column]:
    return [_column(name, kind) for name, kind in types.items()]


def _column(name: Any, kind: Any, nullable: Any = None) -> Column:
    column: Column = {"name": str(name), "type": _type_text(kind)}
    return {**column, "nullable": nullable} if isinstance(nullable, bool) else column


def _type_text(kind: Any) -> str:
    text = kind.__name__ if isinstance(kind, type) else str(kind)
    return text[:_LONGEST_TYPE]


def _pandas_type(pandas: Any, column: Any) -> str:
    dtype = column.dtype
    if isinstance(dtype, pandas.CategoricalDtype):
        inner = dtype.categories.dtype
        held = _inferred(pandas, dtype.categories[:_LOOKED_AT]) if str(inner) == "object" else str(inner)
        return f"category<{held}>"
    return _inferred(pandas, column.iloc[:_LOOKED_AT]) if str(dtype) == "object" else str(dtype)


def _inferred(pandas: Any, values: Any) -> str:
    return _INFERRED.get(pandas.api.types.infer_dtype(values, skipna=True), "object")

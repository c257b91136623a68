"""One table as Python's libraries hold it: `write FOLDER` makes files and references of each, `read` reports each against all references.

The columns are those whose spelling differs from library to library; every one of them holds the same rows everywhere.
"""

import csv
import datetime
import json
import math
import sys
from decimal import Decimal
from pathlib import Path

import numpy
import pandas
import polars
import pyarrow
import pyarrow.csv
import pyarrow.parquet

from sluice_client import Client, reference_from

ROWS = 240
DAY = datetime.date(2026, 1, 1)
MOMENT = datetime.datetime(2026, 1, 1, 6)


def every(i: int, nth: int, value: object) -> object:
    """None in each nth row."""
    return None if i % nth == 0 else value


#: Values as Python has them.
TABLE = {
    "boolean": [i % 3 == 0 for i in range(ROWS)],
    "boolean_nulls": [every(i, 7, i % 3 == 0) for i in range(ROWS)],
    "whole": [i * 37 % 101 for i in range(ROWS)],
    "whole_nulls": [every(i, 9, i * 37 % 101) for i in range(ROWS)],
    "float": [math.sin(i) * 1000 for i in range(ROWS)],
    "float_nulls": [every(i, 5, math.cos(i) / 1000) for i in range(ROWS)],
    "infinite": [math.inf if i % 20 == 0 else i / 7 for i in range(ROWS)],
    "text": [["a", "B", "Zürich", "with, comma", 'a "quote"'][i % 5] for i in range(ROWS)],
    "text_empty": [[None, "", "x", "y"][i % 4] for i in range(ROWS)],
    "zip": [["01067", "10115", "80331"][i % 3] for i in range(ROWS)],
    "digits": [["10", "20", "30"][i % 3] for i in range(ROWS)],
    "code": [i % 4 for i in range(ROWS)],
    "code_nulls": [every(i, 6, i % 4) for i in range(ROWS)],
    "level": [[0.1, 0.25, 0.7, 3.0][i % 4] for i in range(ROWS)],
    "long": [[9007199254740993, 12][i % 2] for i in range(ROWS)],
    "price": [Decimal(i * 7 % 60) / 100 for i in range(ROWS)],
    "rate": [Decimal([110, 57, 30][i % 3]) / 100 for i in range(ROWS)],
    "day": [DAY + datetime.timedelta(days=i % 50) for i in range(ROWS)],
    "moment": [every(i, 8, MOMENT + datetime.timedelta(hours=i)) for i in range(ROWS)],
}

KINDS = {
    "digits": "categorical", "code": "categorical", "code_nulls": "categorical", "level": "categorical",
    "long": "categorical", "rate": "categorical", "day": "days", "moment": "days",
}  # fmt: skip

PANDAS = pandas.DataFrame(
    {name: values if name not in ("text", "text_empty", "zip", "digits") else pandas.Series(values, dtype=object) for name, values in TABLE.items()}
)
POLARS = polars.DataFrame({name: polars.Series(name, values, strict=False) for name, values in TABLE.items()})
ARROW = pyarrow.table(TABLE)


def numpy_arrays() -> dict:
    arrays = {}
    for name, values in TABLE.items():
        if name in ("day", "moment"):
            arrays[name] = numpy.array(values, dtype="datetime64[us]")
        elif name in ("whole_nulls", "code_nulls", "float_nulls"):
            arrays[name] = numpy.array([math.nan if value is None else value for value in values])
        else:
            arrays[name] = numpy.array(values, dtype=object if None in values else None)
    return arrays


def nullable() -> pandas.DataFrame:
    types = {
        "boolean": "boolean", "boolean_nulls": "boolean", "whole": "Int64", "whole_nulls": "Int64", "float": "Float64",
        "float_nulls": "Float64", "text": "string", "text_empty": "string", "zip": "string", "digits": "string",
        "code": "Int8", "code_nulls": "Int8", "level": "Float64", "long": "Int64",
    }  # fmt: skip
    columns = {name: pandas.Series(values, dtype=types.get(name)) for name, values in TABLE.items()}
    columns["moment"] = pandas.to_datetime(columns["moment"]).dt.tz_localize("UTC")
    return pandas.DataFrame(columns)


def categories() -> pandas.DataFrame:
    named = ("boolean", "boolean_nulls", "text", "text_empty", "zip", "digits", "code", "code_nulls", "level", "long", "whole")
    return PANDAS.assign(**{name: pandas.Series(TABLE[name]).astype("category") for name in named})


def arrow_backed() -> pandas.DataFrame:
    return ARROW.to_pandas(types_mapper=pandas.ArrowDtype)


def polars_categories() -> polars.DataFrame:
    text = polars.Enum(["01067", "10115", "80331"])
    return POLARS.with_columns(
        polars.col("text", "text_empty", "digits").cast(polars.Categorical),
        polars.col("zip").cast(text),
        polars.col("level").cast(polars.Float32),
        polars.col("price", "rate").cast(polars.Decimal(10, 2)),
    )


def arrow_dictionaries() -> pyarrow.Table:
    table = ARROW
    for i, name in enumerate(ARROW.column_names):
        if name in ("text", "text_empty", "zip", "digits", "code", "code_nulls", "whole"):
            table = table.set_column(i, name, table.column(name).dictionary_encode())
        elif name == "level":
            table = table.set_column(i, name, table.column(name).cast(pyarrow.float32()))
    return table


HOLDERS = {
    "lists": TABLE,
    "numpy": numpy_arrays(),
    "pandas": PANDAS,
    "pandas-nullable": nullable(),
    "pandas-categories": categories(),
    "pandas-arrow": arrow_backed(),
    "polars": POLARS,
    "polars-categories": polars_categories(),
    "arrow": ARROW,
    "arrow-dictionaries": arrow_dictionaries(),
}


def write(folder: Path) -> None:
    PANDAS.to_csv(folder / "pandas.csv", index=False)
    POLARS.write_csv(folder / "polars.csv")
    pyarrow.csv.write_csv(ARROW, folder / "arrow.csv")
    PANDAS.to_parquet(folder / "pandas.parquet", index=False)
    POLARS.write_parquet(folder / "polars.parquet", compression="snappy")
    pyarrow.parquet.write_table(arrow_dictionaries(), folder / "arrow.parquet")
    POLARS.write_ndjson(folder / "polars.ndjson")
    with open(folder / "excel.csv", "w", newline="", encoding="utf-8-sig") as file:  # booleans as a spreadsheet writes them
        rows = csv.writer(file, delimiter=";")
        rows.writerow(TABLE)
        for row in zip(*TABLE.values()):
            rows.writerow(["" if cell is None else str(cell).upper() if isinstance(cell, bool) else cell for cell in row])
    plain = {name: [_json(value) for value in values] for name, values in TABLE.items()}
    (folder / "values.json").write_text(json.dumps({"kinds": KINDS, "values": plain}), "utf-8")
    client = Client()
    for holder, columns in HOLDERS.items():
        pipeline = client.pipeline(holder)
        for name in TABLE:
            column = columns.column(name) if isinstance(columns, pyarrow.Table) else columns[name]
            pipeline.set_reference(name, reference_from(column, kind=KINDS.get(name)))
    client.close()


def _json(value: object) -> object:
    if isinstance(value, float) and math.isinf(value):
        return "Infinity"
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def read(pipelines: "list[str]") -> None:
    client = Client(strict=True)
    days = {name: kind for name, kind in KINDS.items() if kind == "days"}
    for name in pipelines:
        for holder, columns in HOLDERS.items():
            client.pipeline(name).attach(holder).drift(columns, kinds=days)
    client.flush(60)
    client.close()


if __name__ == "__main__":
    write(Path(sys.argv[2])) if sys.argv[1] == "write" else read(sys.argv[2:])

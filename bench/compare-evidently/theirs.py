"""Evidently's word on drawn columns: theirs.py FOLDER

FOLDER has draws.json, [{"kind": "numeric"} | {"kind": "categorical", "reference": {name: rows}, "current": {…}}], and of the
numeric draw i its rows as 64-bit floats, NaN for null, in i-reference.f64 and i-current.f64. Prints {"version": …, "draws":
[{"drifted": …, "method": …, "value": …} | {"error": …}]}. The choice of the test is Evidently's own.
"""

import json
import pathlib
import sys
import warnings

import evidently
import numpy as np
import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.metrics import DriftedColumnsCount, ValueDrift


def columns(folder, i, draw):
    for side in ("reference", "current"):
        if draw["kind"] == "numeric":
            rows = np.fromfile(folder / f"{i}-{side}.f64", dtype="<f8")
        else:
            counts = draw[side]
            rows = np.repeat(np.array(list(counts), dtype=object), list(counts.values()))
        yield pd.DataFrame({"f": rows})


def judged(folder, i, draw):
    before, now = columns(folder, i, draw)
    numeric = draw["kind"] == "numeric"
    definition = DataDefinition(**{"numerical_columns" if numeric else "categorical_columns": ["f"]})
    old, new = (Dataset.from_pandas(rows, data_definition=definition) for rows in (before, now))
    metrics = Report([ValueDrift(column="f"), DriftedColumnsCount(columns=["f"])]).run(new, old).dict()["metrics"]
    value, count = metrics
    return {
        "drifted": count["value"]["count"] > 0,
        "method": value["config"].get("method") or value["metric_name"],
        "value": float(value["value"]),
    }


def answer(folder, i, draw):
    try:
        return judged(folder, i, draw)
    except Exception as error:  # An answer too: some columns end its report.
        return {"error": f"{type(error).__name__}: {error}"[:200]}


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    folder = pathlib.Path(sys.argv[1])
    draws = json.loads((folder / "draws.json").read_text())
    print(json.dumps({"version": evidently.__version__, "draws": [answer(folder, i, d) for i, d in enumerate(draws)]}))

"""PSI of every feature by somebody else: theirs.py numpy|evidently-function|evidently-report FILE

FILE holds {"reference": [[counts of a feature]], "current": [...]}. Prints {"ns": of one feature, "psi": [of each]}.
"""

import json
import sys
import time

import numpy as np


def naive_psi(expected, actual):
    """As it stands in a hundred blog posts, with the clip of the textbook."""
    expected = np.array(expected, dtype=float)
    actual = np.array(actual, dtype=float)
    e = np.clip(expected / expected.sum(), 1e-6, None)
    a = np.clip(actual / actual.sum(), 1e-6, None)
    return float(np.sum((a - e) * np.log(a / e)))


def timed(work, features, repetitions):
    """The fastest of some repetitions, in ns a feature: what else the machine does only ever adds."""
    least = None
    for _ in range(repetitions):
        started = time.perf_counter_ns()
        psi = work()
        taken = (time.perf_counter_ns() - started) / features
        least = taken if least is None else min(least, taken)
    return {"ns": least, "psi": psi}


def by_numpy(reference, current):
    return timed(lambda: [naive_psi(e, a) for e, a in zip(reference, current)], len(reference), 30)


def columns(counts):
    """Evidently takes rows: as many of each bin's number as the bin counts, so that its bins are these."""
    import pandas as pd

    return pd.DataFrame({f"f{i}": np.repeat(np.arange(len(bins)), bins) for i, bins in enumerate(counts)})


def by_evidently_function(reference, current):
    from evidently.legacy.calculations.stattests.psi import psi_stat_test
    from evidently.legacy.core import ColumnType

    before, now = columns(reference), columns(current)

    def work():
        return [float(psi_stat_test.func(before[c], now[c], ColumnType.Numerical, 0.1)[0]) for c in before.columns]

    return timed(work, len(reference), 3)


def by_evidently_report(reference, current):
    from evidently import DataDefinition, Dataset, Report
    from evidently.metrics import ValueDrift

    before, now = columns(reference), columns(current)
    definition = DataDefinition(numerical_columns=list(before.columns))

    def work():
        report = Report([ValueDrift(column=c, method="psi") for c in before.columns])
        old, new = (Dataset.from_pandas(rows, data_definition=definition) for rows in (before, now))
        result = report.run(new, old).dict()
        return [float(metric["value"]) for metric in result["metrics"]]

    return timed(work, len(reference), 1)


if __name__ == "__main__":
    import warnings

    warnings.filterwarnings("ignore")
    who, file = sys.argv[1:]
    with open(file) as opened:
        given = json.load(opened)
    subjects = {
        "numpy": by_numpy,
        "evidently-function": by_evidently_function,
        "evidently-report": by_evidently_report,
    }
    print(json.dumps(subjects[who](given["reference"], given["current"])))

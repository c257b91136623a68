"""A feature that cannot be read costs itself only: what is plainly meant is taken, the rest reaches the gate by its name."""

import datetime
import math
import unittest
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sluice_client import SluiceError, UsageError
from sluice_client.histogram.features import feature_histograms

from .support.agent import URL, get, needs_agent
from .support.case import SpoolCase
from .support.installed import needs

REFERENCE = {"kind": "numeric", "edges": [0, 10, 20], "counts": [1, 1], "nulls": 0}
NAN = math.nan

TAKEN: "dict[str, tuple[Any, dict]]" = {
    "a signalling NaN": ([Decimal("1"), Decimal("sNaN"), Decimal("NaN")], {"counts": [1, 0], "nulls": 2}),
    "fractions": ([Fraction(1, 2), Fraction(25, 2)], {"counts": [1, 1], "nulls": 0}),
    "whole floats for counts": ({"counts": [1.0, Decimal(2)], "nulls": 3.0}, {"counts": [1, 2], "nulls": 3}),
    "text for counts, as a database gives it": ({"counts": ["1", "2"]}, {"counts": [1, 2]}),
    "a tuple": ((1, 11), {"counts": [1, 1], "nulls": 0}),
    "a generator": ((i for i in (1, 11)), {"counts": [1, 1], "nulls": 0}),
    "None and NaN for names": (
        {"categories": {"a": 2, None: 1, NAN: 3}, "nulls": 1}, {"categories": {"a": 2}, "nulls": 5}
    ),
    "True and 1.0 for names": ({"categories": {True: 2, False: 1}}, {"categories": {"true": 2, "false": 1}}),
    "whole floats for names": ({"categories": {1.0: 2, 2.5: 1}}, {"categories": {"1": 2, "2.5": 1}}),
    "what is said beside the counts": (
        {"counts": [1], "edges": [0, 1], "min": Decimal(1), "quantiles": {0.5: 2}, "outside": {"inf": 0.0}, "spikes": (1,)},
        {"counts": [1], "min": 1, "quantiles": {"0.5": 2.0}, "outside": {"inf": 0}, "spikes": [1]},
    ),
    "values of an inline reference": (
        {"values": ["a"], "reference": {"values": ["a", "b"]}},
        {"categories": {"a": 1}, "nulls": 0, "reference": {"categories": {"a": 1, "b": 1}, "nulls": 0}},
    ),
}  # fmt: skip

REFUSED: "dict[str, tuple[Any, str]]" = {
    "a list among values": ([1, [2, 3]], "values[1]: a list given; must be a number"),
    "a dict among values": ([{}], "values[0]: a dict given"),
    "bytes": ([b"a"], "values[0]: a bytes given"),
    "a date": ([datetime.date(2026, 1, 1)], "values[0]: a date given; a time is no feature"),
    "a count that is NaN": ({"counts": [1, NAN]}, "counts[1]: nan given; must be a whole number"),
    "a negative count of a name": ({"categories": {"a": -1}}, 'categories["a"]: -1 given; must be a whole number'),
    "a date as a name": ({"categories": {datetime.date(2026, 1, 1): 1}}, "a date given; a time is no feature"),
    "a tuple as a name": ({"categories": {("a", "b"): 1}}, "a tuple given as a category"),
    "an edge that is NaN": ({"counts": [1], "edges": [0, NAN]}, "edges[1]: nan given; must be a finite number"),
    "a mean that is NaN": ({"counts": [1], "edges": [0, 1], "mean": NAN}, "mean: nan given; must be a finite number"),
    "nulls that are NaN": ({"values": [1], "nulls": NAN}, "nulls: nan given; must be a whole number"),
    "counts that are no list": ({"counts": 5}, "counts: a int given; must be a list"),
    "categories that are a list": ({"categories": ["a"]}, "categories: a list given; must be a dict"),
    "a reference that is a list": ({"values": [1], "reference": [1]}, "reference: a list given; must be a dict"),
    "a kind of its own": ({"values": [1], "kind": "ordinal"}, 'kind: "ordinal" given; must be one of categorical'),
    "names that are said to be numbers": ({"categories": {"a": 1}, "kind": "numeric"}, "kind: numeric given with"),
    "a number": (5, "a int given; must be a column of values"),
    "nothing": (None, "a NoneType given; must be a column of values"),
}


def read(features: Any, kinds: Any = None) -> "tuple[dict, dict]":
    """The histograms that are sent, and why the other features are not."""
    refused: "dict[Any, str]" = {}
    references = {name: REFERENCE for name in (*TAKEN, *REFUSED)}
    bodies = feature_histograms(
        features, lambda: references, lambda name, _, why: refused.__setitem__(name, why), kinds
    )
    return bodies, refused


class Features(unittest.TestCase):
    def test_what_is_plainly_meant_is_taken(self) -> None:
        bodies, refused = read({name: given for name, (given, _) in TAKEN.items()})
        self.assertEqual(refused, {})
        for name, (_, expected) in TAKEN.items():
            with self.subTest(name):
                self.assertEqual({key: bodies[name][key] for key in expected}, expected)

    def test_the_rest_is_refused_by_name_and_the_others_go(self) -> None:
        bodies, refused = read({"good": [1, 2], **{name: given for name, (given, _) in REFUSED.items()}})
        self.assertEqual(list(bodies), ["good"])
        for name, (_, why) in REFUSED.items():
            with self.subTest(name):
                self.assertIn(why, refused[name])

    def test_a_column_that_breaks_while_it_is_read_is_refused(self) -> None:
        class Broken:
            def __iter__(self) -> Any:
                raise RuntimeError("secret")

        self.assertEqual(read({"x": Broken(), "y": [1]})[1], {"x": "it cannot be read: RuntimeError"})

    def test_whole_numbers_are_names_and_two_of_one_name_are_refused(self) -> None:
        bodies, refused = read({0: [1], 1: [2], "1": [3], ("a", "b"): [1]})
        self.assertEqual(list(bodies), ["0"])
        self.assertIn("2 columns of this name given", refused["1"])
        self.assertIn("must be a name", refused[("a", "b")])

    def test_kinds_are_said_by_name(self) -> None:
        bodies, _ = read({"x": [1, 1], 0: [1], "y": {"values": [2], "kind": "categorical"}}, {"x": "categorical", 0: "categorical"})
        self.assertEqual([bodies[name]["categories"] for name in ("x", "0", "y")], [{"1": 2}, {"1": 1}, {"2": 1}])


@needs("numpy")
class OfNumpy(unittest.TestCase):
    def test_counts_and_names_of_numpy_are_taken(self) -> None:
        import numpy

        bodies, refused = read(
            {
                "counts": {"counts": [numpy.int64(1), numpy.float64(2)], "edges": [numpy.float32(0), 10, 20]},
                "arrays": {"counts": numpy.array([1, 2]), "edges": numpy.array([0.0, 10, 20])},
                "names": {"categories": {numpy.str_("a"): numpy.int64(1), numpy.int64(5): 2, numpy.bool_(True): 3}},
                "column": numpy.array([[1], [11]]),
                "two columns": numpy.array([[1, 2], [11, 12]]),
                "array cells": numpy.array([numpy.array([1, 2]), 5], dtype=object),
            }
        )
        self.assertEqual(bodies["counts"], {"counts": [1, 2], "edges": [0, 10, 20]})
        self.assertEqual(bodies["arrays"], {"counts": [1, 2], "edges": [0, 10, 20]})
        self.assertEqual(bodies["names"]["categories"], {"a": 1, "5": 2, "true": 3})
        self.assertEqual(sum(bodies["column"]["counts"]), 2)
        self.assertIn("an array of 2 dimensions given", refused["two columns"])
        self.assertIn("values[0]: a ndarray given", refused["array cells"])

    def test_a_structured_array_is_its_columns(self) -> None:
        import numpy

        bodies, _ = read(numpy.array([(1, "a"), (2, "b")], dtype=[("x", "i4"), ("y", "U1")]))
        self.assertEqual(list(bodies), ["x", "y"])


@needs("pandas")
class OfPandas(unittest.TestCase):
    def test_a_series_and_a_frame_of_one_column_are_a_column(self) -> None:
        import pandas

        frame = pandas.DataFrame({"a": [1, 11], "b": [2, 12]})
        bodies, refused = read({"series": frame["a"], "frame": frame[["a"]], "index": frame.index, "two": frame})
        self.assertEqual(list(bodies), ["series", "frame", "index"])
        self.assertIn("a frame of 2 columns given", refused["two"])
        self.assertEqual(list(read(frame["a"])[0]), ["a"])

    def test_names_of_columns(self) -> None:
        import pandas

        frame = pandas.DataFrame([[1, 2, 3, 4]], columns=["a", "b", "b", 7])
        bodies, refused = read(frame)
        self.assertEqual(list(bodies), ["a", "7"])
        self.assertEqual(refused, {"b": "2 columns of this name given; must be one"})

    def test_counts_of_values_are_categories(self) -> None:
        import pandas

        column = pandas.Series([True, False, None, True])
        bodies, _ = read({"x": {"categories": column.value_counts(dropna=False)}})
        self.assertEqual(bodies["x"], {"categories": {"true": 2, "false": 1}, "nulls": 1})

    def test_cells_that_are_no_values(self) -> None:
        import pandas

        frame = pandas.DataFrame({"x": [[1], [2]], "y": [1 + 2j, 3j], "z": pandas.to_timedelta([1, 2], "h"), "good": [1, 2]})
        bodies, refused = read(frame)
        self.assertEqual(list(bodies), ["good"])
        self.assertEqual(list(refused), ["x", "y", "z"])
        self.assertIn("a list given", refused["x"])


@needs("polars")
class OfPolars(unittest.TestCase):
    def test_what_is_a_column_and_what_is_not(self) -> None:
        import polars

        frame = polars.DataFrame({"a": [1, 11], "cells": [[1], [2, 3]]})
        bodies, refused = read({"frame": frame[["a"]], "lazy": frame.lazy(), "cells": frame["cells"]})
        self.assertEqual(list(bodies), ["frame"])
        self.assertIn("a LazyFrame given; must be collected first", refused["lazy"])
        self.assertIn("a list given", refused["cells"])
        self.assertEqual(list(read(frame)[0]), ["a"])
        self.assertEqual(list(read(frame["a"])[0]), ["a"])


@needs("pyarrow")
class OfArrow(unittest.TestCase):
    def test_tables_and_arrays(self) -> None:
        import pyarrow

        table = pyarrow.table({"a": [1, 11], "cells": [[1], [2]]})
        bodies, refused = read(table)
        self.assertEqual((list(bodies), list(refused)), (["a"], ["cells"]))
        self.assertEqual(list(read({"x": table.select(["a"]), "y": table.column("a").chunk(0)})[0]), ["x", "y"])


@needs_agent
class Reported(SpoolCase):
    def test_the_good_feature_is_judged_and_the_gate_knows_the_bad_one(self) -> None:
        client = self.client(URL)
        pipeline = client.pipeline(self.pipeline_name)
        pipeline.set_reference("good", {"categories": {"a": Decimal(500), "b": 500.0}})
        self.assertEqual(pipeline.set_reference(7, {"counts": [1]})["feature_name"], "7")  # type: ignore[arg-type]
        with self.assertRaisesRegex(SluiceError, "nan given; must be a whole number"):
            pipeline.set_reference("good", {"counts": [NAN]})
        with pipeline.run("r-1") as run:
            run.drift({"bad": [1, [2]], "good": ["a", "b"] * 500})
        self.assertTrue(client.flush(60))
        verdicts = get(f"/v1/drift/{self.pipeline_name}")["items"]
        self.assertEqual([(one["feature_name"], one["verdict"]) for one in verdicts], [("good", "stable")])
        decision = client.gate(self.pipeline_name, on_unreachable="block").decision(run_id="r-1")
        self.assertIn(("report_rejected", "bad"), [(one["code"], one["subject"]) for one in decision.reasons])
        with self.assertRaisesRegex(UsageError, "kinds"):
            self.client(URL, strict=True).pipeline(self.pipeline_name).attach("r-1").drift({"x": [1]}, kinds={"x": "ordinal"})


if __name__ == "__main__":
    unittest.main()

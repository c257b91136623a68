"""Columns of numpy, pandas and Polars make the histograms that lists make. A class is skipped where its library is not installed."""

import datetime
import json
import math
import unittest
from typing import Any

from sluice_client import reference_from
from sluice_client.histogram.build import current_histogram
from sluice_client.histogram.columns import Unfit

from .support.installed import needs
from .test_histograms import VECTORS, SharedVectors, assert_alike, read_values

REFERENCE = {"kind": "numeric", "edges": [0, 10, 20, 30], "counts": [1, 1, 1], "nulls": 0}


def value_of(written: Any) -> Any:
    if not isinstance(written, dict):
        return written
    return datetime.date.fromisoformat(written["date"]) if "date" in written else float(written["float"])


class Kinds(unittest.TestCase):
    """The cases are those of the TypeScript client."""

    def test_what_a_column_is_and_what_its_values_are_called(self) -> None:
        columns = json.loads((VECTORS.parent / "column-kinds.json").read_text("utf-8"))["columns"]
        self.assertGreater(len(columns), 20)
        for case in columns:
            values, expected = [value_of(value) for value in case["values"]], case["expected"]
            with self.subTest(case["name"]):
                if "error" in expected:
                    with self.assertRaisesRegex(Unfit, expected["error"]):
                        current_histogram(values, case["reference"], case.get("kind"))
                    continue
                made = current_histogram(values, case["reference"], case.get("kind"))
                self.assertEqual({key: made[key] for key in expected}, expected)

    def test_a_long_whole_number_keeps_all_its_digits(self) -> None:
        made = reference_from([9007199254740993], kind="categorical")
        self.assertEqual(made["categories"], {"9007199254740993": 1})


@needs("numpy")
class Numpy(unittest.TestCase):
    def test_arrays_give_what_lists_give(self) -> None:
        import numpy

        compared = 0
        for case in [*SharedVectors.vectors["current"], *SharedVectors.vectors["references"]]:
            values = read_values(case["values"])
            if any(isinstance(value, (str, bool)) for value in values) or "error" in case["expected"]:
                continue
            array = numpy.array([math.nan if value is None else value for value in values], dtype="float64")
            with self.subTest(case["name"]):
                if "reference" in case:
                    made = current_histogram(array, case["reference"])
                else:
                    made = reference_from(array, **{key: case[key] for key in ("bins", "method") if key in case})
                assert_alike(self, made, case["expected"])
                compared += 1
        self.assertGreater(compared, 25)

    def test_every_kind_of_array_is_a_column(self) -> None:
        import numpy

        numbers = [1, 10, 10, 29]
        for dtype in ("int8", "uint16", "int64", "float32", "float64"):
            self.assertEqual(current_histogram(numpy.array(numbers, dtype), REFERENCE)["counts"], [1, 2, 1])
        masked = numpy.ma.masked_array(numbers, mask=[0, 0, 1, 0])
        made = current_histogram(masked, REFERENCE)
        self.assertEqual((made["counts"], made["nulls"], made["max"]), ([1, 1, 1], 1, 29))
        self.assertEqual(current_histogram(numpy.array([True, False, True]), None)["categories"], {"true": 2, "false": 1})
        self.assertEqual(current_histogram(numpy.array(["a", "b", "a"]), None)["categories"], {"a": 2, "b": 1})
        self.assertEqual(current_histogram([numpy.float32(1), numpy.int64(10)], REFERENCE)["counts"], [1, 1, 0])

    def test_numpys_numbers_are_counts_and_scores(self) -> None:
        import numpy

        from sluice_client import fields

        self.assertEqual(fields.count("count", numpy.int64(5)), 5)
        self.assertEqual(fields.number("score", numpy.float32(0.5), 0, 1, ""), 0.5)
        self.assertEqual(fields.when("data_through", numpy.datetime64("2026-11-20")), "2026-11-20T00:00:00Z")


class Frames:
    """Tests that columns of pandas and of Polars pass."""

    def series(self, values: "list[Any]", kind: str) -> Any:
        raise NotImplementedError

    def test_columns_give_what_lists_give(self) -> None:
        assert isinstance(self, unittest.TestCase)
        for values, kind, reference in (
            ([1, 10, None, 29], "int", REFERENCE),
            ([1.5, 10.0, None, math.nan, math.inf, -math.inf], "float", REFERENCE),
            ([True, None, False, True], "bool", None),
            (["b", "a", None, "b", ""], "str", None),
            (["b", "a", None, "b"], "category", {"kind": "categorical", "categories": {"a": 1}, "nulls": 0}),
            ([3, 1, None, 3], "int", {"kind": "categorical", "categories": {"3": 1}, "nulls": 0}),
            ([], "float", None),
        ):
            with self.subTest(kind=kind, values=values):
                made = current_histogram(self.series(values, kind), reference)
                assert_alike(self, made, current_histogram(values, reference))
        numbers = [math.sin(i) * 100 for i in range(5000)]
        assert_alike(self, reference_from(self.series(numbers, "float")), reference_from(numbers))

    def test_times_are_no_feature_and_said_so(self) -> None:
        assert isinstance(self, unittest.TestCase)
        times = self.series([datetime.datetime(2026, 1, 1), None], "time")
        with self.assertRaisesRegex(ValueError, r"a \w+ given; a time is no feature"):
            reference_from(times)
        days = (datetime.date(2026, 1, 1) - datetime.date(1970, 1, 1)).days
        reference = {"kind": "numeric", "edges": [0, days, days + 1, 99999], "counts": [1, 1, 1]}
        self.assertEqual(current_histogram(times, reference, "days")["counts"], [0, 1, 0])
        self.assertEqual(current_histogram(times, reference, "days")["nulls"], 1)


@needs("pandas")
class Pandas(Frames, unittest.TestCase):
    def series(self, values: "list[Any]", kind: str) -> Any:
        import pandas

        types = {"int": "Int64", "float": "float64", "bool": "boolean", "str": "string", "category": "category"}
        return pandas.Series(values, dtype=types.get(kind))

    def test_plain_and_object_columns(self) -> None:
        import pandas

        self.assertEqual(current_histogram(pandas.Series([1, 10, 29]), REFERENCE)["counts"], [1, 1, 1])
        text = pandas.Series(["a", None, math.nan, pandas.NA, "a"], dtype=object)
        self.assertEqual(current_histogram(text, None), {"categories": {"a": 2}, "nulls": 3})

    def test_a_frame_is_its_columns(self) -> None:
        import pandas

        from sluice_client.histogram.features import feature_histograms

        frame = pandas.DataFrame({"age": [1, 10, 29], "country": ["de", "fr", "de"]})
        made = feature_histograms(frame, lambda: {"age": REFERENCE}, lambda name, problem, why: self.fail(problem))
        self.assertEqual(made["age"]["counts"], [1, 1, 1])
        self.assertEqual(made["country"]["categories"], {"de": 2, "fr": 1})


@needs("polars")
class Polars(Frames, unittest.TestCase):
    def series(self, values: "list[Any]", kind: str) -> Any:
        import polars

        types = {
            "int": polars.Int64, "float": polars.Float64, "bool": polars.Boolean, "str": polars.String,
            "category": polars.Categorical,
        }  # fmt: skip
        return polars.Series("feature", values, dtype=types.get(kind))

    def test_a_frame_is_its_columns(self) -> None:
        import polars

        from sluice_client.histogram.features import feature_histograms

        frame = polars.DataFrame({"age": [1, 10, 29], "country": ["de", "fr", "de"]})
        made = feature_histograms(frame, lambda: {"age": REFERENCE}, lambda name, problem, why: self.fail(problem))
        self.assertEqual(made["age"]["counts"], [1, 1, 1])
        self.assertEqual(made["country"]["categories"], {"de": 2, "fr": 1})

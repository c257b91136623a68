"""The same values and reference make the same histogram here, in the TypeScript client, and in the agent."""

import json
import math
import os
import random
import unittest
from pathlib import Path
from typing import Any

from sluice_client import UsageError, reference_from
from sluice_client.fields import Wrong
from sluice_client.histogram.build import current_histogram
from sluice_client.histogram.columns import Unfit
from sluice_client.histogram.made import made_histogram
from sluice_client.histogram.values import name_of_number

from .support.installed import needs

HERE = Path(__file__).resolve().parent
VECTORS = Path(os.environ.get("SLUICE_TEST_VECTORS", HERE.parent.parent / "test" / "vectors" / "client-histograms.json"))


def read_values(written: "list[Any]") -> "list[Any]":
    return [float(value["float"]) if isinstance(value, dict) else value for value in written]


def assert_alike(test: unittest.TestCase, made: "dict[str, Any]", expected: "dict[str, Any]") -> None:
    """To the last bit, but for the mean and sd: their last digits hang on the order of the sum."""
    # As floats: JSON has 9007199254740993 for a number that no double is. And no number of numpy's goes through JSON.
    made, expected = (json.loads(json.dumps(one), parse_int=float) for one in (made, expected))
    for name in ("mean", "sd"):
        test.assertEqual(name in made, name in expected)
        if name in expected:
            one, other = made.pop(name), expected.pop(name)
            test.assertLessEqual(abs(one - other), 1e-12 * max(abs(other), 1e-12 * abs(made["max"])))
    test.assertEqual(made, expected)


class SharedVectors(unittest.TestCase):
    vectors = json.loads(VECTORS.read_text("utf-8"))

    def test_current_values_become_the_same_histogram(self) -> None:
        self.assertGreater(len(self.vectors["current"]), 20)
        for case in self.vectors["current"]:
            with self.subTest(case["name"]):
                values = read_values(case["values"])
                if "error" in case["expected"]:
                    with self.assertRaises(Unfit):
                        current_histogram(values, case["reference"])
                else:
                    assert_alike(self, current_histogram(values, case["reference"]), case["expected"])

    def test_training_values_become_the_same_reference(self) -> None:
        self.assertGreater(len(self.vectors["references"]), 10)
        for case in self.vectors["references"]:
            with self.subTest(case["name"]):
                options = {key: case[key] for key in ("bins", "method") if key in case}
                assert_alike(self, reference_from(read_values(case["values"]), **options), case["expected"])


def shapes() -> "list[list[float]]":
    """Columns of every kind: continuous, heavy with ties, discrete, or all of it, and the ends of all numbers."""
    chance = random.Random(14)
    made: "list[list[float]]" = [[], [math.nan], [math.inf, -math.inf], [1.7976931348623157e308, -1.7976931348623157e308, 5e-324]]
    for rows in (1, 5, 19, 20, 50, 400, 1000, 1501):
        made.append([chance.gauss(0, 1) for _ in range(rows)])
        made.append([1e9 + chance.gauss(0, 1) for _ in range(rows)])
        made.append([0.0 if chance.random() < 0.95 else chance.lognormvariate(0, 1) for _ in range(rows)])
        made.append([chance.randrange(10) / 10 for _ in range(rows)])
        made.append([chance.choice((0.0, -0.0, 2.5, math.nan, math.inf)) for _ in range(rows)])
        made.append([math.floor(chance.expovariate(0.05)) for _ in range(rows)])
        made.append([19.99] * rows)
    return made


@needs("numpy")
class Arrays(unittest.TestCase):
    """What numpy makes of an array is what plain Python makes of its list."""

    def test_references(self) -> None:
        import numpy

        for values in shapes():
            for options in ({}, {"bins": 3}, {"bins": 40}, {"method": "uniform"}):
                with self.subTest(rows=len(values), first=values[:3], **options):
                    assert_alike(self, 
                        reference_from(numpy.array(values, dtype="float64"), **options),  # type: ignore[arg-type]
                        reference_from(values, **options),  # type: ignore[arg-type]
                    )

    def test_current_values(self) -> None:
        import numpy

        reference = {"kind": "numeric", "edges": [-1, 0, 0.25, 2], "min": -1, "max": 2}
        for values in shapes():
            for known in (reference, {"kind": "numeric", "edges": [0, 1]}, None):
                with self.subTest(rows=len(values), first=values[:3], known=known):
                    array = numpy.array(values, dtype="float64")
                    assert_alike(self, current_histogram(array, known), current_histogram(values, known))

    def test_float32_falls_into_the_same_bins(self) -> None:
        import numpy

        values = numpy.round(numpy.random.default_rng(14).normal(50, 20, 5000), 2)
        reference = {"kind": "numeric", **reference_from(values)}
        made = current_histogram(values.astype("float32"), reference)
        self.assertEqual((made["counts"], made["outside"]["below"]), (reference["counts"], 0))


class NamesOfNumbers(unittest.TestCase):
    def test_numbers_are_named_as_javascript_writes_them(self) -> None:
        # As a JavaScript console prints them.
        written = {
            1.0: "1", -1.5: "-1.5", 100.0: "100", 1e20: "100000000000000000000", 1e21: "1e+21", 1.5e22: "1.5e+22",
            123456789012345680000.0: "123456789012345680000", 1e-6: "0.000001", 1.25e-6: "0.00000125", 1e-7: "1e-7",
            -2.5e-10: "-2.5e-10", 5e-324: "5e-324", 1.7976931348623157e308: "1.7976931348623157e+308", 0.1: "0.1",
            -0.0: "0", math.inf: "Infinity", -math.inf: "-Infinity", 9007199254740993.0: "9007199254740992",
        }  # fmt: skip
        for number, name in written.items():
            self.assertEqual(name_of_number(number), name)


class Made(unittest.TestCase):
    def test_a_reference_can_be_a_feature_with_all_that_is_known_of_it(self) -> None:
        made = reference_from([1.5, 2.5, 2.5, math.inf])
        self.assertEqual(made_histogram({**made, "sd": None}), {key: made[key] for key in made if key != "sd"})
        with self.assertRaisesRegex(Wrong, r"max: nan given; must be a finite number"):
            made_histogram({**made, "max": math.nan})
        with self.assertRaisesRegex(Unfit, "outside: a list given; must be a dict"):
            made_histogram({**made, "outside": [1]})


class WrongValues(unittest.TestCase):
    def test_what_is_no_column_is_named(self) -> None:
        for values, said in (("text", "a str given"), (5, "a int given"), ([{}], "values[0]: a dict given")):
            with self.subTest(values), self.assertRaisesRegex(Unfit, said.replace("[", r"\[")):
                current_histogram(values, None)

    def test_reference_from_names_what_is_allowed(self) -> None:
        with self.assertRaisesRegex(UsageError, "bins: 0 given; must be a whole number from 1 to 1000"):
            reference_from([1, 2], bins=0)
        with self.assertRaisesRegex(UsageError, 'method: "equal" given; must be quantile or uniform'):
            reference_from([1, 2], method="equal")

    def test_decimals_and_text_with_nan_for_null_are_columns(self) -> None:
        from decimal import Decimal

        reference = {"kind": "numeric", "edges": [0, 10, 20], "counts": [1, 1]}
        self.assertEqual(current_histogram([Decimal("1.5"), Decimal(10), None], reference)["counts"], [1, 1])
        self.assertEqual(current_histogram(["a", math.nan, "a"], None), {"categories": {"a": 2}, "nulls": 1})

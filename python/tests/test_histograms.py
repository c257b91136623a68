"""The same values and reference make the same histogram here, in the TypeScript client, and in the agent."""

import json
import math
import os
import unittest
from pathlib import Path
from typing import Any

from sluice_client import UsageError, reference_from
from sluice_client.histogram.build import current_histogram
from sluice_client.histogram.columns import Unfit
from sluice_client.histogram.values import name_of_number

HERE = Path(__file__).resolve().parent
VECTORS = Path(os.environ.get("SLUICE_TEST_VECTORS", HERE.parent.parent / "test" / "vectors" / "client-histograms.json"))


def read_values(written: "list[Any]") -> "list[Any]":
    return [float(value["float"]) if isinstance(value, dict) else value for value in written]


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
                    made = current_histogram(values, case["reference"])
                    self.assertEqual(json.loads(json.dumps(made)), case["expected"])

    def test_training_values_become_the_same_reference(self) -> None:
        self.assertGreater(len(self.vectors["references"]), 10)
        for case in self.vectors["references"]:
            with self.subTest(case["name"]):
                options = {key: case[key] for key in ("bins", "method") if key in case}
                made = reference_from(read_values(case["values"]), **options)
                self.assertEqual(json.loads(json.dumps(made)), case["expected"])


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

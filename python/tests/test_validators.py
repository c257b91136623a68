"""Errors of Pydantic and pandera become scores. A class is skipped where its library is not installed."""

import logging
import math
import unittest
from typing import Any, List

from sluice_client import Quality, from_pandera, from_pydantic

from .support.installed import needs


@needs("pydantic")
class Pydantic(unittest.TestCase):
    def test_invalid_records_become_a_score_without_their_values(self) -> None:
        from pydantic import BaseModel, ValidationError

        class Order(BaseModel):
            amount: float
            items: "list[int]"

        records = [{"amount": 1, "items": [1]}] * 7 + [{"amount": "secret", "items": [1]}] * 2 + [{"items": ["secret"]}]
        errors = []
        for record in records:
            try:
                Order.model_validate(record)
            except ValidationError as error:
                errors.append(error)
        quality = from_pydantic(errors, len(records), threshold=0.99)
        self.assertEqual((quality.check_name, quality.score, quality.threshold), ("schema_compliance", 0.7, 0.99))
        self.assertEqual(
            quality.error,
            "3 of 10 records invalid: amount (float_parsing) 2, amount (missing) 1, items.[] (int_parsing) 1",
        )
        self.assertNotIn("secret", str(quality.body()))

    def test_the_error_of_a_whole_list_is_as_many_records_as_it_names(self) -> None:
        from pydantic import BaseModel, TypeAdapter, ValidationError

        class Order(BaseModel):
            amount: float
            paid: bool

        records = [{"amount": 1, "paid": True}] * 7 + [{"amount": "x", "paid": "y"}, {}, {"amount": 1, "paid": "z"}]
        with self.assertRaises(ValidationError) as raised:
            TypeAdapter(List[Order]).validate_python(records)
        quality = from_pydantic([raised.exception], len(records))
        self.assertEqual(quality.score, 0.7)
        self.assertIn("3 of 10 records invalid", str(quality.error))


class Shares(unittest.TestCase):
    def test_valid_batches_score_one_and_empty_ones_not_at_all(self) -> None:
        self.assertEqual(from_pydantic([], 10).body(), {"check_name": "schema_compliance", "score": 1.0})
        self.assertEqual(from_pandera(None, [1] * 10, check_name="schema").body(), {"check_name": "schema", "score": 1.0})
        self.assertEqual(from_pydantic([], 0).body()["score"], None)
        self.assertIn("total is wrong", from_pydantic([ValueError()] * 3, 2).body()["error"])
        self.assertEqual(from_pydantic((error for error in [ValueError()]), 2).score, 0.5)
        self.assertIn("total: None given", from_pydantic([], None).body()["error"])  # type: ignore[arg-type]


class PanderaFrames:
    """Tests that frames of pandas and of Polars pass."""

    def frame(self, columns: "dict[str, list[Any]]") -> Any:
        raise NotImplementedError

    def schema(self) -> Any:
        """Accepts a column `amount` of whole numbers from 0."""
        raise NotImplementedError

    def quality(self, frame: Any, **options: Any) -> Quality:
        return from_pandera(errors_of(self.schema(), frame), frame, **options)

    def test_invalid_rows_become_a_score(self) -> None:
        assert isinstance(self, unittest.TestCase)
        quality = self.quality(self.frame({"amount": [1, 2, -3, 4, -5]}), threshold=0.9)
        self.assertEqual((quality.score, quality.threshold), (0.6, 0.9))
        self.assertIn("2 of 5 records invalid: amount (", str(quality.error))
        self.assertEqual(self.quality(self.frame({"amount": [1, 2]})).score, 1)

    def test_a_missing_column_makes_every_row_invalid_and_is_named(self) -> None:
        assert isinstance(self, unittest.TestCase)
        quality = self.quality(self.frame({"price": [1, 2, 3]}))
        self.assertEqual((quality.score, quality.error), (0, "every record is invalid: amount (missing) 1"))

    def test_a_frame_without_rows_is_no_valid_one(self) -> None:
        assert isinstance(self, unittest.TestCase)
        for frame in (self.frame({"amount": [1]})[:0], self.frame({"price": [1]})[:0]):
            quality = self.quality(frame)
            self.assertIsNone(quality.score)
            self.assertIn("there were no r", str(quality.error))


@needs("pandera", "pandas")
class PanderaPandas(PanderaFrames, unittest.TestCase):
    def frame(self, columns: "dict[str, list[Any]]") -> Any:
        import pandas

        return pandas.DataFrame(columns)

    def schema(self) -> Any:
        import pandera.pandas as pandera

        return pandera.DataFrameSchema({"amount": pandera.Column(int, [pandera.Check.ge(0), pandera.Check.ge(-4)])})

    def test_rows_are_rows_where_labels_of_the_index_repeat(self) -> None:
        import pandas

        pairs = pandas.MultiIndex.from_tuples([("x", 1), ("x", 1), ("y", 2), ("y", 2)])
        for amounts, index, score in (
            ([-1] * 100, [0] * 100, 0.0),
            ([-1, 1] * 50, [0] * 100, 0.5),
            ([-1, -5, 3, 4], [0, 0, 1, 1], 0.5),
            ([-1, -1, 1, -9], pairs, 0.25),
            ([-1, 1, 1, -2], [math.nan] * 4, 0.0),
        ):
            with self.subTest(amounts=amounts[:4], index=list(index)[:4]):
                self.assertEqual(self.quality(pandas.DataFrame({"amount": amounts}, index=index)).score, score)

    def test_a_row_that_fails_in_several_columns_is_one(self) -> None:
        import pandas
        import pandera.pandas as pandera

        at_least = pandera.Column(int, pandera.Check.ge(0))
        schema = pandera.DataFrameSchema({"a": at_least, "b": at_least})
        frame = pandas.DataFrame({"a": [-1, 1, 1, 1], "b": [-1, 1, -1, 1]}, index=[0] * 4)
        self.assertEqual(from_pandera(errors_of(schema, frame), frame).score, 0.5)

    def test_nulls_doubles_and_values_of_another_type_are_found_by_their_rows(self) -> None:
        import pandas
        import pandera.pandas as pandera

        for column, values, score in (
            (pandera.Column(float), [None, 1.0, None, 2.0], 0.5),
            (pandera.Column(int, unique=True), [1, 1, 2, 3], 0.5),
            (pandera.Column(int, coerce=True), ["1", "x", "2", "3"], 0.75),
        ):
            with self.subTest(values=values):
                frame = pandas.DataFrame({"a": values}, index=[3] * 4)
                schema = pandera.DataFrameSchema({"a": column})
                self.assertEqual(from_pandera(errors_of(schema, frame), frame).score, score)

    def test_a_check_of_the_frame_as_a_whole_makes_every_row_invalid(self) -> None:
        import pandas
        import pandera.pandas as pandera

        schema = pandera.DataFrameSchema({"a": pandera.Column(int, pandera.Check(lambda column: column.sum() < 3))})
        frame = pandas.DataFrame({"a": [1, 5, 6]})
        self.assertEqual(from_pandera(errors_of(schema, frame), frame).score, 0)

    def test_a_wrong_number_of_rows_is_told(self) -> None:
        import pandas

        frame = pandas.DataFrame({"amount": [-1, 1]})
        quality = from_pandera(errors_of(self.schema(), frame), 200)
        self.assertEqual((quality.score, quality.error), (None, "200 rows given, pandera looked at 2: the number is wrong"))

    def test_rows_that_pandera_did_not_look_at_are_not_valid(self) -> None:
        import pandas
        from pandera.config import ValidationDepth, config_context

        frame = pandas.DataFrame({"amount": [-1, -1]})
        with config_context(validation_depth=ValidationDepth.SCHEMA_ONLY):
            quality = self.quality(frame)
        self.assertEqual((quality.score, "looked at the schema alone" in str(quality.error)), (None, True))
        with config_context(validation_enabled=False):
            self.assertEqual(self.quality(frame).error, "pandera's validation is switched off")


@needs("pandera", "polars")
class PanderaPolars(PanderaFrames, unittest.TestCase):
    def frame(self, columns: "dict[str, list[Any]]") -> Any:
        import polars

        return polars.DataFrame(columns)

    def schema(self) -> Any:
        import pandera.polars as pandera

        return pandera.DataFrameSchema({"amount": pandera.Column(int, [pandera.Check.ge(0), pandera.Check.ge(-4)])})

    def test_a_lazy_frame_of_which_only_the_schema_was_checked_is_not_valid(self) -> None:
        import polars
        from pandera.config import ValidationDepth, config_context

        lazy = polars.LazyFrame({"amount": [-1, -1]})
        self.assertIsNone(errors_of(self.schema(), lazy))
        self.assertIn("frame.collect()", str(self.quality(lazy).error))
        # A number of rows does not tell whether the frame was lazy.
        self.assertIsNone(from_pandera(None, 2).score)
        self.assertEqual(self.quality(polars.LazyFrame({"amount": ["x"]})).score, 0)
        with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            self.assertEqual(from_pandera(errors_of(self.schema(), lazy), 2).score, 0)

    def test_a_check_with_one_answer_for_all_rows_makes_every_row_invalid(self) -> None:
        import pandera.polars as pandera
        import polars

        few = pandera.Check(lambda data: data.lazyframe.select(polars.col(data.key).sum() < 3))
        schema = pandera.DataFrameSchema({"a": pandera.Column(int, few)})
        frame = polars.DataFrame({"a": [1, 5, 6]})
        self.assertEqual(from_pandera(errors_of(schema, frame), frame).score, 0)


def errors_of(schema: Any, frame: Any) -> Any:
    from pandera.errors import SchemaErrors

    logging.getLogger("pandera").setLevel("ERROR")
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        return errors
    return None

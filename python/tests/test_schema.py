"""Schemas of every kind of frame are what the agent compares."""

import unittest
from typing import Any, List, Tuple

from sluice_client import reference_from
from sluice_client.fields import Wrong
from sluice_client.schema import columns_of

from .support.agent import URL, get, needs_agent, run_of
from .support.case import SpoolCase
from .support.installed import needs


def listed(frame: Any) -> List[Tuple[str, str]]:
    return [(column["name"], column["type"]) for column in columns_of(frame)]


class Lists(unittest.TestCase):
    def test_types_by_name_pairs_and_columns_are_taken(self) -> None:
        expected = [("id", "int64"), ("name", "text")]
        self.assertEqual(listed({"id": "int64", "name": "text"}), expected)
        self.assertEqual(listed([("id", "int64"), ("name", "text")]), expected)
        self.assertEqual(listed([{"name": "id", "type": "int64"}, {"name": "name", "type": "text"}]), expected)
        self.assertEqual(listed({"a": int, "b": str}), [("a", "int"), ("b", "str")])
        self.assertEqual(
            columns_of([{"name": "id", "type": "int64", "nullable": False}]),
            [{"name": "id", "type": "int64", "nullable": False}],
        )

    def test_spark_and_duckdb_are_told_by_their_form(self) -> None:
        class Type:
            def __init__(self, text: str) -> None:
                self.text = text

            def simpleString(self) -> str:
                return self.text

        class Field:
            def __init__(self, name: str, text: str) -> None:
                self.name, self.dataType, self.nullable = name, Type(text), True

        class StructType:
            fields = [Field("id", "bigint"), Field("tags", "array<string>")]

        class Frame:
            schema = StructType()

        self.assertEqual(listed(Frame()), [("id", "bigint"), ("tags", "array<string>")])
        self.assertEqual(columns_of(Frame())[0]["nullable"], True)

        class Relation:
            columns = ["id", "at"]
            dtypes = ["BIGINT", "TIMESTAMP"]

        self.assertEqual(listed(Relation()), [("id", "BIGINT"), ("at", "TIMESTAMP")])

    def test_what_is_no_schema_is_refused_in_plain_words(self) -> None:
        for given in ("id int", None, 7, [7], [("a", "b", "c")]):
            with self.subTest(given=given), self.assertRaises(Wrong) as raised:
                columns_of(given)
            self.assertTrue(str(raised.exception).startswith("columns: "), str(raised.exception))


@needs("pandas")
class Pandas(unittest.TestCase):
    def test_a_frame_says_what_its_objects_hold(self) -> None:
        import pandas

        frame = pandas.DataFrame(
            {
                "id": [1, 2],
                "amount": [1.5, None],
                "name": pandas.Series(["a", None], dtype=object),
                "odd": pandas.Series(["a", 1], dtype=object),
                "flag": [True, False],
                "at": pandas.to_datetime(["2026-11-20", "2026-11-21"]).tz_localize("UTC"),
                "kind": pandas.Series(["a", "b"], dtype=object).astype("category"),
                "level": pandas.Series([1, 2]).astype("category"),
                "maybe": pandas.Series([1, None], dtype="Int64"),
                "empty": pandas.Series([None, None], dtype=object),
                "schema": [1, 2],
            }
        )
        types = dict(listed(frame))
        self.assertEqual(types["at"].startswith("datetime64["), True)
        self.assertIn(types["kind"], ("category<string>", "category<str>"))
        del types["at"], types["kind"]
        self.assertEqual(
            types,
            {
                "id": "int64",
                "amount": "float64",
                "name": "string",
                "odd": "object",
                "flag": "bool",
                "level": "category<int64>",
                "maybe": "Int64",
                "empty": "object",
                "schema": "int64",
            },
        )

    def test_names_may_be_numbers_and_come_twice(self) -> None:
        import pandas

        frame = pandas.DataFrame([[1, 2.5, "a"]], columns=[0, "a", "a"])
        self.assertEqual([name for name, _ in listed(frame)], ["0", "a", "a"])


@needs("polars")
class Polars(unittest.TestCase):
    def test_frames_lazy_or_not_say_their_schema(self) -> None:
        import polars

        frame = polars.DataFrame({"id": [1], "name": ["a"], "tags": [[1]], "schema": [1.5]})
        expected = [("id", "Int64"), ("name", "String"), ("tags", "List(Int64)"), ("schema", "Float64")]
        self.assertEqual(listed(frame), expected)
        self.assertEqual(listed(frame.lazy()), expected)
        self.assertEqual(listed(frame.schema), expected)
        self.assertEqual(listed({"id": polars.Int64}), [("id", "Int64")])


@needs_agent
class Sent(SpoolCase):
    def test_a_renamed_column_closes_the_gate(self) -> None:
        client = self.client(URL)
        pipeline = client.pipeline(self.pipeline_name)
        for run_id, columns in (("r-1", {"user_id": "int64"}), ("r-2", {"userId": "int64"})):
            with pipeline.run(run_id) as run:
                run.records("load", 10)
                run.schema(columns)
            self.assertTrue(client.flush(30))
            if run_id == "r-1":
                self.accept(run_id)
        gate = self.gate("r-2")
        self.assertEqual(gate["decision"], "block")
        self.assertIn("userId came, probably the same renamed", gate["reasons"][0]["detail"])

    def gate(self, run_id: str) -> Any:
        return get(f"/v1/gates/{self.pipeline_name}?run_id={run_id}")

    def accept(self, run_id: str) -> None:
        import json
        import urllib.request

        request = urllib.request.Request(
            f"{URL}/v1/schema/{self.pipeline_name}/accept",
            data=json.dumps({"run_id": run_id, "actor": "anna"}).encode(),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            self.assertEqual(json.loads(answer.read())["baseline"]["source"], "accepted")

    def test_what_is_no_frame_reaches_the_gate_as_lost(self) -> None:
        client = self.client(URL)
        with client.pipeline(self.pipeline_name).run("r-1") as run:
            run.records("load", 10)
            run.schema("id int")
            run.schema(7, dataset="raw")
        self.assertTrue(client.flush(30))
        gate = self.gate("r-1")
        self.assertEqual(gate["decision"], "unknown")
        subjects = [reason["subject"] for reason in gate["reasons"]]
        self.assertEqual(sorted(subjects), sorted([self.pipeline_name, "raw"]))

    def test_a_good_schema_takes_the_place_of_a_refused_one(self) -> None:
        client = self.client(URL)
        with client.pipeline(self.pipeline_name).run("r-1") as run:
            run.records("load", 10)
            run.schema(None)
            run.schema({"id": "int64"})
        self.assertTrue(client.flush(30))
        self.assertEqual(self.gate("r-1")["decision"], "pass")

    @needs("polars")
    def test_a_frame_is_profiled_in_one_call(self) -> None:
        import polars

        self.profiled(polars.DataFrame({"age": [1, 2, None, 4], "email": ["a@x", "b@x", "c@x", "d@x"]}))

    @needs("pandas")
    def test_a_frame_of_pandas_too(self) -> None:
        import pandas

        self.profiled(pandas.DataFrame({"age": [1, 2, None, 4], "email": ["a@x", "b@x", "c@x", "d@x"]}))

    def profiled(self, frame: Any) -> None:
        client = self.client(URL)
        pipeline = client.pipeline(self.pipeline_name)
        pipeline.set_reference("age", reference_from([1, 2, 3, 4, None]))
        with pipeline.run("r-1") as run:
            run.profile(frame)
        self.assertTrue(client.flush(30))
        seen = run_of(self.pipeline_name, "r-1")
        self.assertEqual([(stage["stage"], stage["count"]) for stage in seen["stages"]], [("profile", 4)])
        [schema] = get(f"/v1/schema/{self.pipeline_name}")["items"]
        self.assertEqual([column["name"] for column in schema["latest"]["columns"]], ["age", "email"])
        self.assertTrue(schema["latest"]["complete"])
        # Of a column without a reference no value is sent.
        [verdict] = get(f"/v1/drift/{self.pipeline_name}")["items"]
        self.assertEqual((verdict["feature_name"], verdict["n_current"]), ("age", 4))


if __name__ == "__main__":
    unittest.main()

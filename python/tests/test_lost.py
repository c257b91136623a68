"""What the client refuses or drops is said by the end of the run, or reaches the agent to be refused there."""

import json
import math
import os
import time
import unittest
from decimal import Decimal
from typing import Any, Callable

from sluice_client import fields
from sluice_client.losses import Lost, Losses, RunKey
from sluice_client.uuid7 import Uuid7

from .support.agent import URL, get, needs_agent, run_of, stages_of
from .support.case import SpoolCase
from .support.front import status
from .support.programs import run

REFUSED: "dict[str, tuple[Callable[[Any], Any], dict]]" = {
    "a negative count": (lambda run: run.records("load", -1), {"kind": "records", "item": "load"}),
    "a count that is NaN": (lambda run: run.records("load", math.nan), {"kind": "records", "item": "load"}),
    "half a record": (lambda run: run.records("load", 1.5, part="eu"), {"kind": "records", "item": "load/eu"}),
    "no count": (lambda run: run.records("load"), {"kind": "records", "item": "load"}),
    "a stage without a name": (lambda run: run.records("", 1), {"kind": "records", "item": "?"}),
    "a check without a name": (lambda run: run.quality("", 1), {"kind": "quality", "item": "?"}),
    "a feature of mixed values": (
        lambda run: run.drift({"age": [1, "secret"]}),
        {
            "kind": "drift",
            "item": "age",
            "why": "values[1]: a value given; the values before it are of type number; "
            'if they are names, say kind="categorical"',
        },
    ),
    "features that are no dict": (lambda run: run.drift([1]), {"kind": "drift", "item": "?"}),
}

ERRORED: "dict[str, tuple[Callable[[Any], Any], str]]" = {
    "NaN": (lambda run: run.quality("null_rate", math.nan), "not computed: score: nan given; must be a number from 0"),
    "None": (lambda run: run.quality("null_rate", None), "not computed: error: missing; a check without a score"),
    "95": (lambda run: run.quality("null_rate", 95), "not computed: score: 95 given"),
    "text": (lambda run: run.quality("null_rate", "abc"), 'not computed: score: "abc" given'),
    "a threshold of 95": (lambda run: run.quality("null_rate", 0.9, threshold=95), "not computed: threshold: 95 given"),
    "what breaks": (lambda run: run.quality("null_rate", Hostile()), "not computed: it cannot be read: RuntimeError"),
}


class Hostile:
    def __float__(self) -> float:
        raise RuntimeError("no")


@needs_agent
class Refused(SpoolCase):
    def test_the_end_of_the_run_says_what_was_lost(self) -> None:
        for what, (call, lost) in REFUSED.items():
            with self.subTest(what):
                front = self.front(URL)
                client = self.client(front.url)
                name = f"{self.pipeline_name} {what}"
                with client.pipeline(name).run("r-1") as run:
                    run.records("extract", 3)
                    call(run)
                self.assertTrue(client.flush(60))
                end = front.end_of(name)
                self.assertEqual(len(end["lost"]), 1)
                self.assertEqual(end["lost"][0], {**end["lost"][0], **lost})
                self.assertNotIn("secret", json.dumps(front.reports(name)))
                self.assertEqual((client.stats().dropped, client.stats().dead), (1, 0))

    def test_a_wrong_score_is_a_check_that_could_not_be_computed(self) -> None:
        for what, (call, error) in ERRORED.items():
            with self.subTest(what):
                client = self.client(URL)
                name = f"{self.pipeline_name} {what}"
                with client.pipeline(name).run("r-1") as run:
                    call(run)
                decision = client.gate(name, on_unreachable="block").decision(run_id="r-1")
                self.assertFalse(decision.allowed)
                self.assertIn(("check_errored", "null_rate"), [(one["code"], one["subject"]) for one in decision.reasons])
                [check] = run_of(name, "r-1")["checks"]
                self.assertIn(error, check["error"])

    def test_what_the_agent_could_not_use_is_said_once(self) -> None:
        client = self.client(URL)
        pipeline = client.pipeline(self.pipeline_name)
        pipeline.set_reference("country", {"categories": {"de": 5, "fr": 5}})
        with self.assertLogs("sluice_client", "WARNING") as said:
            for run_id in ("r-1", "r-2"):
                with pipeline.run(run_id) as run:
                    run.drift({"country": {"counts": [1, 2, 3]}, "age": {"counts": [1, 2]}})
                self.assertTrue(client.flush(60))
        [warning] = said.output
        self.assertIn("the agent could not use country (", warning)
        self.assertEqual(client.stats().dead, 0)

    def test_a_good_report_of_the_same_thing_takes_its_place(self) -> None:
        front = self.front(URL)
        client = self.client(front.url)
        with client.pipeline(self.pipeline_name).run() as run:
            run.records("load", -1)
            run.records("load", -1, part="eu")
            run.drift({"age": [1, "x"]})
            run.records("load", 5)
            run.drift({"age": [1, 2]})
        self.assertTrue(client.flush(60))
        self.assertEqual([one["item"] for one in front.end_of(self.pipeline_name)["lost"]], ["load/eu"])

    def test_a_task_sends_it_as_it_was_given_and_the_agent_refuses_it(self) -> None:
        front = self.front(URL)
        client = self.client(front.url)
        task = client.pipeline(self.pipeline_name).attach("r-1", attempt=2, try_=3)
        task.records("load", math.nan, part="eu")  # type: ignore[arg-type]
        task.drift({"age": [1, "secret"]})
        self.assertTrue(client.flush(60))
        records, drift = front.reports(self.pipeline_name)
        self.assertEqual(
            {key: records[key] for key in ("attempt", "stage", "count", "part")},
            {"attempt": 2, "stage": "load", "count": "nan", "part": "eu"},
        )
        self.assertEqual(drift["features"], {"age": {}})
        self.assertEqual((client.stats().dead, client.stats().dropped), (2, 0))

    def test_a_process_that_only_starts_the_run_sends_it_before_it_ends(self) -> None:
        front = self.front(URL)
        program = f"""
            from sluice_client import pipeline
            run = pipeline("{self.pipeline_name}").run("r-1").start()
            run.records("load", -1)
        """
        self.assertEqual(run(program, front.url, self.spool).returncode, 0)
        self.assertEqual([one.get("count") for one in front.reports(self.pipeline_name)], [None, -1])

    def test_a_start_of_what_another_process_ends_ends_nothing_here(self) -> None:
        front = self.front(URL)
        client = self.client(front.url)
        run = client.pipeline(self.pipeline_name).run("r-1", attempt=2, resumes=True).start(ends_elsewhere=True)
        run.records("load", -1)
        client.terminated()
        sent = [(one["kind"], one.get("status"), one.get("count")) for one in front.reports(self.pipeline_name)]
        self.assertEqual(sent, [("run", "started", None), ("records", None, -1)])

    def test_each_run_says_its_own(self) -> None:
        front = self.front(URL)
        client = self.client(front.url)
        pipeline = client.pipeline(self.pipeline_name)
        with pipeline.run("bad") as bad, pipeline.run("good") as good:
            bad.records("load", -1)
            good.records("load", 1)
        with pipeline.run("bad") as again:
            again.records("load", 1)
        self.assertTrue(client.flush(60))
        ends = [one for one in front.reports(self.pipeline_name) if one.get("status") == "success"]
        self.assertEqual([(one["run_id"], "lost" in one) for one in ends], [("good", False), ("bad", True), ("bad", False)])


@needs_agent
class Dropped(SpoolCase):
    def test_of_a_report_that_is_too_large(self) -> None:
        front = self.front(URL)
        client = self.client(front.url)
        with client.pipeline(self.pipeline_name).run() as run:
            run.drift({"city": {"categories": {f"a rather long name {n}": 1 for n in range(60_000)}}, "age": [1, 2]})
        self.assertTrue(client.flush(60))
        why = "the report was larger than 1 MiB"
        self.assertEqual(front.end_of(self.pipeline_name)["lost"], [{"kind": "drift", "item": "city", "why": why}])
        self.assertIn("age", json.dumps(front.reports(self.pipeline_name)))

    def test_of_a_full_memory(self) -> None:
        front = self.front(URL, [status(503)])
        client = self.client(front.url, spool_dir="/dev/null/none")
        with client.pipeline(self.pipeline_name).run() as run:
            for n in range(30):
                run.drift({f"f{n}": {"categories": {f"a rather long name {n}": 1 for n in range(12_000)}}})
        self.assertTrue(client.flush(60))
        lost = front.end_of(self.pipeline_name).get("lost", [])
        sent = {name for one in front.reports(self.pipeline_name) for name in one.get("features", {})}
        self.assertEqual({one["item"] for one in lost} | sent, {f"f{n}" for n in range(30)})

    def test_of_what_others_left_too_long_ago_by_an_end_that_waits_behind_it(self) -> None:
        front = self.front(URL)
        client = self.client(front.url)
        uuids, day, now = Uuid7(), 86_400, time.time()
        folder = os.path.join(self.spool, os.listdir(self.spool)[0])

        def left(seconds: float, **report: Any) -> None:
            at = now - seconds
            one = {"id": uuids.make(int(at * 1000)), "at": at, "pipeline_name": self.pipeline_name, "run_id": "r-1", **report}
            with open(os.path.join(folder, f"{uuids.make(int(at * 1000))}.ndjson"), "w") as file:
                file.write(json.dumps(one, separators=(",", ":")) + "\n")

        left(7 * day, kind="records", stage="load", count=5)
        left(day, kind="run", status="success")
        client.pipeline("other").attach("r-2").records("load", 1)
        self.assertTrue(client.flush(60))
        self.assertEqual([one["item"] for one in front.end_of(self.pipeline_name)["lost"]], ["load"])


class TheList(unittest.TestCase):
    def test_holds_each_thing_once_and_at_most_twenty_the_last_says_how_many_more(self) -> None:
        losses, of = Losses(), RunKey("p", "r")
        for n in [*range(20), 3]:
            losses.note(of, Lost("records", f"stage {n}", "it was dropped"))
        self.assertEqual(len(losses.take(of)), 20)
        for n in range(1000):
            losses.note(of, Lost("records", f"stage {n}", "it was dropped"))
        lost = losses.take(of)
        self.assertEqual((len(lost), lost[18]["item"], lost[19]["item"]), (20, "stage 18", "?"))
        self.assertEqual(lost[19]["why"], "981 more were lost, the first of them records stage 19: it was dropped")
        self.assertEqual((losses.take(of), losses.is_empty), ([], True))


class PlainlyMeant(unittest.TestCase):
    def test_counts(self) -> None:
        for given, wanted in ((12.0, 12), ("47500", 47500), ("12.000", 12), (" 42\n", 42), (Decimal("3"), 3), (0.0, 0)):
            with self.subTest(given):
                self.assertEqual(fields.count("count", given), wanted)
                self.assertIs(type(fields.count("count", given)), int)
        for given in (1.5, "1,000", "0x10", "nan", "", "1_000", True, None, math.inf, Decimal("NaN"), Decimal("0.5"), -1, b"1"):
            with self.subTest(given), self.assertRaises(fields.Wrong):
                fields.count("count", given)

    def test_scores(self) -> None:
        for given in ("0.97", Decimal("0.97"), 0.97):
            self.assertEqual(fields.threshold(given), 0.97)
        for given in ("97%", "nan", True, "0,97", b"0.97"):
            with self.subTest(given), self.assertRaises(fields.Wrong):
                fields.threshold(given)


@needs_agent
class WhatIsTaken(SpoolCase):
    def test_zero_as_a_float_and_text_of_a_database_are_stored_as_numbers(self) -> None:
        client = self.client(URL, strict=True)
        with client.pipeline(self.pipeline_name).run("r-1") as run:
            run.records("load", 0.0)
            run.records("extract", "47500")  # type: ignore[arg-type]
            run.quality("null_rate", "0.97", threshold=Decimal("0.95"))  # type: ignore[arg-type]
        self.assertTrue(client.flush(60))
        self.assertEqual(stages_of(self.pipeline_name, "r-1"), {"load": 0, "extract": 47500})
        [check] = run_of(self.pipeline_name, "r-1")["checks"]
        self.assertEqual((check["score"], check["threshold"]), (0.97, 0.95))
        self.assertEqual((client.stats().dead, client.stats().dropped), (0, 0))
        self.assertIn("Sluice", get("/openapi.json")["info"]["title"])

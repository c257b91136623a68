"""Wrong use gets one clear line at the call, and the pipeline goes on."""

import logging
import math
import os
import subprocess
import sys
import unittest
from typing import Any, Callable

from sluice_client import Client, GateError, Quality, UsageError

from .support.case import SpoolCase
from .support.front import free_port

WRONG: "dict[str, tuple[Callable[[Any], Any], str]]" = {
    "a score of 95": (lambda run: run.quality("c", 95), "score: 95 given; must be a number from 0 to 1"),
    "a score that is NaN": (lambda run: run.quality("c", math.nan), "score: nan given; must be a number from 0 to 1"),
    "a score that is text": (lambda run: run.quality("c", "good"), 'score: "good" given; must be'),
    "a score that is True": (lambda run: run.quality("c", True), "score: True given; must be a number from 0 to 1"),
    "a check without a name": (lambda run: run.quality("", 1), 'check_name: "" given; must be a name'),
    "no score and no error": (lambda run: run.quality("c", None), "error: missing; a check without a score must say"),
    "a threshold of 95": (lambda run: run.quality("c", 0.9, threshold=95), "threshold: 95 given; must be"),
    "a severity of its own": (lambda run: run.quality("c", 0.9, severity="bad"), 'severity: "bad" given; must be one of'),
    "a negative count": (lambda run: run.records("load", -1), "count: -1 given; must be a whole number from 0"),
    "half a record": (lambda run: run.records("load", 1.5), "count: 1.5 given; must be a whole number"),
    "a count that is NaN": (lambda run: run.records("load", math.nan), "count: nan given; must be a whole number"),
    "a count with a separator": (lambda run: run.records("load", "1,000"), 'count: "1,000" given; must be a whole number'),
    "a try before the first": (lambda run: run.records("load", 1, try_=0), "try: 0 given; must be a whole number from 1"),
    "what a minimum is of": (lambda run: run.records("load", 1, expected_min_of="run"), 'expected_min_of: "run" given'),
    "a count that is True": (lambda run: run.records("load", True), "count: True given; must be a whole number"),
    "a stage without a name": (lambda run: run.records("", 1), 'stage: "" given; must be a name'),
    "a count that is missing": (lambda run: run.records("load"), "missing 1 required positional argument: 'count'"),
    "an argument nobody knows": (lambda run: run.records("load", 1, least=2), "unexpected keyword argument 'least'"),
    "a negative latency": (lambda run: run.latency("get", -0.1), "seconds: -0.1 given; must be seconds from 0"),
    "a latency among others": (lambda run: run.latency("get", [1, "x"]), 'seconds[1]: "x" given; must be seconds'),
    "milliseconds for seconds": (lambda run: run.freshness(1732186387123), "must be Unix seconds, not milliseconds"),
    "a time that is none": (lambda run: run.freshness("yesterday"), 'data_through: "yesterday" given; must be'),
    "features that are no dict": (lambda run: run.drift([1, 2]), "a list given; must be a dict of columns"),
    "a feature of mixed values": (lambda run: run.drift({"age": [1, "x"]}), "values[1]: 'x' given; the values before"),
    "an unknown histogram field": (lambda run: run.drift({"age": {"bins": [1]}}), "bins given; a histogram has"),
    "a status nobody knows": (lambda run: run.end("done"), 'status: "done" given; must be one of success'),
}


class WrongUse(SpoolCase):
    def setUp(self) -> None:
        super().setUp()
        self.url = f"http://127.0.0.1:{free_port()}"

    def test_each_is_told_with_the_line_that_did_it_and_goes_where_a_gate_sees_it(self) -> None:
        client = self.client(self.url, flush_seconds=0)
        run = client.pipeline("orders").attach("r-1")
        run_of_its_own = client.pipeline("orders").run("r-2").start()
        for what, (call, said) in WRONG.items():
            with self.subTest(what), self.assertLogs("sluice_client", logging.WARNING) as logged:
                before = client.stats()
                call(run_of_its_own if "status" in what else run)
                # Leaves out what the sending thread logs about the agent, which is away.
                lines = [line for line in logged.output if __file__ in line]
                self.assertEqual(len(lines), 1, logged.output)
                self.assertIn(said, lines[0])
                after = client.stats()
                # Evidence goes to the agent as it was given, which refuses it; latency, freshness and a status are dropped here.
                is_evidence = not any(word in said for word in ("seconds", "data_through", "status"))
                wanted = (0, 1) if is_evidence else (1, 0)
                self.assertEqual((after.dropped - before.dropped, after.reported - before.reported), wanted)

    def test_a_strict_client_raises_at_the_call(self) -> None:
        run = self.client(self.url, flush_seconds=0, strict=True).pipeline("orders").attach("r-1")
        for what, (call, said) in WRONG.items():
            if "status" in what:
                continue
            with self.subTest(what), self.assertRaises(UsageError) as raised:
                call(run)
            self.assertIn(said, str(raised.exception))

    def test_wrong_names_and_ids_are_told_and_the_block_runs(self) -> None:
        client = self.client(self.url, flush_seconds=0)
        for call in (
            lambda: client.pipeline("a\nb").run(),
            lambda: client.pipeline("orders").run("two words"),
            lambda: client.pipeline("orders").run(attempt=0),
            lambda: client.pipeline("orders").run(traceparent="x"),
            lambda: client.pipeline("orders").run(data_interval_end="soon"),
        ):
            done = False
            with self.assertLogs("sluice_client", logging.WARNING) as logged, call() as run:
                run.records("load", 1)
                done = True
            self.assertTrue(done)
            self.assertIn("given; must be", "".join(line for line in logged.output if __file__ in line))

    def test_a_missing_url_is_told_once_and_reports_go_nowhere(self) -> None:
        with self.assertLogs("sluice_client", logging.WARNING) as logged:
            client = Client("", spool_dir=self.spool)
            with client.pipeline("orders").run() as run:
                run.records("load", 1)
        self.assertEqual(len(logged.output), 1)
        self.assertIn("SLUICE_URL: missing; set it to the agent's address", logged.output[0])
        self.assertEqual((client.stats().dropped, self.segments()), (3, []))

    def test_an_address_that_is_none_is_named(self) -> None:
        for url in ("localhost:9877", "ftp://agent", "http://", "http://agent:port"):
            with self.subTest(url), self.assertRaisesRegex(UsageError, "SLUICE_URL: '.*' given"):
                Client(url, strict=True)

    def test_a_gate_says_that_it_blocks_when_nobody_said_what_to_do(self) -> None:
        with self.assertLogs("sluice_client", logging.WARNING) as logged:
            decision = self.client("").gate("orders").decision()
        self.assertIn("on_unreachable is not said", "".join(logged.output))
        self.assertEqual((decision.decision, decision.allowed), ("unreachable", False))

    def test_a_gate_refuses_arguments_that_mean_nothing(self) -> None:
        client = self.client(self.url)
        with self.assertRaisesRegex(GateError, 'on_unreachable: "pass" given; must be block or allow'):
            client.gate("orders", on_unreachable="pass")
        with self.assertRaisesRegex(GateError, 'wait: "soon" given'):
            client.gate("orders", on_unreachable="allow").decision(wait="soon")
        with self.assertRaisesRegex(GateError, "run_id"):
            client.gate("orders", on_unreachable="allow").decision(run_id="two words")

    def test_an_error_inside_the_client_stays_there(self) -> None:
        class Hostile:
            def __float__(self) -> float:
                raise RuntimeError("no")

        run = self.client(self.url, flush_seconds=0).pipeline("orders").attach("r-1")
        with self.assertLogs("sluice_client", logging.ERROR):
            run.quality("c", Hostile())  # type: ignore[arg-type]


class WhereItIsTold(unittest.TestCase):
    PROGRAM = "from sluice_client import Client; Client('http://127.0.0.1:9', flush_seconds=0).pipeline('p').run().quality('c', 95)"

    def said(self, before: str) -> str:
        program = subprocess.run(
            [sys.executable, "-c", before + self.PROGRAM], capture_output=True, text=True, env={**os.environ, "SLUICE_SPOOL_DIR": "/dev/null/x"}
        )
        self.assertEqual(program.returncode, 0, program.stderr)
        return program.stderr

    def test_a_program_without_logging_sees_it_on_standard_error(self) -> None:
        self.assertIn("score: 95 given", self.said(""))

    def test_a_program_with_logging_sees_it_there_once(self) -> None:
        said = self.said("import logging; logging.basicConfig(format='LOG %(message)s');")
        self.assertEqual(said.count("score: 95 given"), 1)
        self.assertIn("LOG ", said)

    def test_a_program_that_silenced_the_client_sees_nothing(self) -> None:
        self.assertEqual(self.said("import logging; logging.getLogger('sluice_client').disabled = True;"), "")
        self.assertEqual(self.said("import logging; logging.getLogger('sluice_client').setLevel('ERROR');"), "")


class Checks(unittest.TestCase):
    def test_a_check_as_a_value_has_the_same_body(self) -> None:
        self.assertEqual(
            Quality("null_rate", 1, 0.95, "warn").body(),
            {"check_name": "null_rate", "score": 1.0, "threshold": 0.95, "severity": "warn"},
        )
        self.assertEqual(
            Quality("null_rate", None, error=KeyError("amount")).body(),
            {"check_name": "null_rate", "score": None, "error": "KeyError: 'amount'"},
        )

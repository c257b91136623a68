"""An agent in every kind of trouble: the pipeline does not notice, and every report arrives once."""

import time
import unittest
from typing import List

from sluice_client.answer import read_answer
from sluice_client.backoff import Backoff
from sluice_client.deliver import deliver
from sluice_client.retry_after import seconds_until_retry

from .support.agent import URL, needs_agent, stages_of
from .support.case import SpoolCase
from .support.front import (
    Trouble,
    free_port,
    garbage,
    half_an_answer,
    hang_up,
    lost_answer,
    says,
    slow,
    status,
)

TROUBLES: "dict[str, List[Trouble]]" = {
    "500": [status(500)] * 2,
    "502 from a proxy": [status(502, body=b"<h1>Bad Gateway</h1>")] * 2,
    "503": [status(503)] * 2,
    "503 with Retry-After": [status(503, "1")],
    "429 with Retry-After": [status(429, "1")],
    "408": [status(408)],
    "hangs up": [hang_up] * 2,
    "no HTTP": [garbage] * 2,
    "half an answer": [half_an_answer],
    "200 that is a login page": [says(b"<html>log in</html>")] * 2,
    "200 of another program": [says(b'{"ok": true}')] * 2,
    "200 with wrong numbers": [says(b'{"accepted": 1, "duplicates": 0, "rejected": []}')],
    "takes it, and the answer is lost": [lost_answer] * 2,
    "slow": [slow(1.0)],
    "all of it": [status(500), garbage, lost_answer, hang_up, status(429, "0"), says(b"[]"), half_an_answer],
}


@needs_agent
class Troubled(SpoolCase):
    def test_every_report_arrives_once(self) -> None:
        for what, troubles in TROUBLES.items():
            with self.subTest(what):
                front = self.front(URL, troubles)
                client = self.client(front.url)
                run_id = what.replace(" ", "-")
                with client.pipeline(self.pipeline_name).run(run_id) as run:
                    for _ in range(10):
                        run.records("load", 1)
                self.assertTrue(client.flush(60), client.stats())
                self.assertEqual(stages_of(self.pipeline_name, run_id), {"load": 10})
                stats = client.stats()
                self.assertEqual((stats.sent + stats.duplicates, stats.dead, stats.dropped), (12, 0, 0))
                self.assertEqual(self.segments(), [])

    def test_the_same_from_memory_where_there_is_no_disk(self) -> None:
        front = self.front(URL, TROUBLES["all of it"])
        client = self.client(front.url, spool_dir="/dev/null/none")
        with client.pipeline(self.pipeline_name).run("r-1") as run:
            for _ in range(10):
                run.records("load", 1)
        self.assertTrue(client.flush(60))
        self.assertEqual(stages_of(self.pipeline_name, "r-1"), {"load": 10})
        self.assertEqual(client.stats().queued, 0)

    def test_retry_after_is_honoured_also_by_a_flush(self) -> None:
        front = self.front(URL, [status(503, "2")])
        client = self.client(front.url)
        client.pipeline(self.pipeline_name).attach("r-1").records("load", 1)
        self.assertTrue(client.flush(60))
        first, second = front.times[:2]
        self.assertGreaterEqual(second - first, 1.9)

    def test_a_flush_does_not_wait_for_what_will_not_come_in_time(self) -> None:
        front = self.front(URL, [status(503, "250")])
        client = self.client(front.url, flush_seconds=0)
        client.pipeline(self.pipeline_name).attach("r-1").records("load", 1)
        started = time.monotonic()
        self.assertFalse(client.flush(120))
        self.assertLess(time.monotonic() - started, 60)
        self.assertEqual(client.stats().spooled, 1)

    def test_one_connection_serves_many_batches(self) -> None:
        front = self.front(URL)
        client = self.client(front.url)
        run = client.pipeline(self.pipeline_name).attach("r-1")
        for _ in range(3):
            run.records("load", 1)
            self.assertTrue(client.flush(30))
        self.assertEqual((len(front.times), front.connections), (3, 1))

    def test_a_wrong_key_is_no_reason_to_try_again(self) -> None:
        front = self.front(URL, [status(401, body=b'{"code": "unauthorized", "detail": "no such key"}')])
        client = self.client(front.url)
        client.pipeline(self.pipeline_name).attach("r-1").records("load", 1)
        with self.assertLogs("sluice_client", "WARNING") as logged:
            self.assertTrue(client.flush(30))
        self.assertIn("unauthorized no such key", logged.output[0])
        self.assertEqual((len(front.times), client.stats().dead), (1, 1))

    def test_a_batch_that_is_too_large_goes_in_parts(self) -> None:
        front = self.front(URL, [status(413, body=b'{"code": "body_too_large", "detail": "too large"}')] * 2)
        client = self.client(front.url)
        run = client.pipeline(self.pipeline_name).attach("r-1")
        for _ in range(8):
            run.records("load", 1)
        self.assertTrue(client.flush(30))
        self.assertEqual(stages_of(self.pipeline_name, "r-1"), {"load": 8})

    def test_no_call_waits_for_an_agent_that_does_not_answer(self) -> None:
        front = self.front(URL, [slow(600)] * 50)
        client = self.client(front.url, flush_seconds=0)
        slowest = 0.0
        run = client.pipeline(self.pipeline_name).attach("r-1")
        for _ in range(500):
            started = time.monotonic()
            run.records("load", 1)
            slowest = max(slowest, time.monotonic() - started)
        # The agent takes 600 s to answer: 60 s leave room for a busy machine.
        self.assertLess(slowest, 60)
        self.assertEqual(client.stats().spooled, 500)


class Deliver(unittest.TestCase):
    def test_a_line_refused_for_the_agents_troubles_is_sent_again_and_others_are_dead(self) -> None:
        body = b"""{"accepted": 1, "duplicates": 0, "rejected": [
            {"index": 0, "code": "store_unavailable", "detail": "later"},
            {"index": 2, "code": "invalid_report", "detail": "count: -1 given"}]}"""
        outcome = deliver([b"0", b"1", b"2"], lambda _: read_answer(200, body))
        self.assertEqual((outcome.again, outcome.accepted), ([b"0"], 1))
        self.assertEqual(outcome.refused, [(b"2", 200, "invalid_report", "count: -1 given")])

    def test_one_bad_line_of_a_refused_batch_is_found(self) -> None:
        def post(body: bytes) -> "object":
            if b"bad" in body:
                return read_answer(400, b'{"code": "bad_request", "detail": "no"}')
            count = body.count(b"\n")
            return read_answer(200, b'{"accepted": %d, "duplicates": 0, "rejected": []}' % count)

        outcome = deliver([b"1", b"2", b"bad", b"4", b"5"], post)  # type: ignore[arg-type]
        self.assertEqual((outcome.accepted, [line for line, *_ in outcome.refused]), (4, [b"bad"]))

    def test_retry_after_may_be_a_date(self) -> None:
        from email.utils import formatdate

        soon = seconds_until_retry(formatdate(time.time() + 100, usegmt=True))
        assert soon is not None
        self.assertTrue(0 < soon <= 101, soon)
        self.assertEqual(seconds_until_retry("7"), 7)
        self.assertIsNone(seconds_until_retry("after lunch"))

    def test_backoff_doubles_under_full_jitter_up_to_its_cap(self) -> None:
        backoff = Backoff(lambda: 1.0)
        self.assertEqual([backoff.after_failure(None) for _ in range(9)], [0.25, 0.5, 1, 2, 4, 8, 16, 30, 30])
        backoff.reset()
        self.assertEqual(backoff.after_failure(7), 7.25)
        self.assertEqual(Backoff(lambda: 0.0).after_failure(None), 0)


class Away(SpoolCase):
    def test_nobody_there_is_told_once(self) -> None:
        client = self.client(f"http://127.0.0.1:{free_port()}", flush_seconds=0)
        run = client.pipeline("orders").attach("r-1")
        with self.assertLogs("sluice_client", "WARNING") as logged:
            for _ in range(3):
                run.records("load", 1)
                self.assertFalse(client.flush(0.5))
        self.assertEqual(len(logged.output), 1, logged.output)
        self.assertIn("does not take reports", logged.output[0])

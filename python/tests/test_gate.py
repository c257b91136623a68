"""The gate, asked of the real agent."""

import pickle
import threading
import time

from sluice_client import GateBlocked, GateError

from .support.agent import URL, needs_agent
from .support.case import SpoolCase
from .support.front import garbage, hang_up, says, slow, status
from .support.programs import run


@needs_agent
class Gates(SpoolCase):
    def test_it_knows_what_another_process_left_in_the_spool_while_the_agent_was_away(self) -> None:
        front = self.front(URL, [status(503)] * 3)
        program = f"""
            from sluice_client import Client
            client = Client(flush_seconds=0.1)
            with client.pipeline("{self.pipeline_name}").run("r-1") as run:
                run.records("load", 100)
                run.quality("null_rate", 0.4, threshold=0.95)
        """
        self.assertEqual(run(program, front.url, self.spool).returncode, 0)
        front.troubles.clear()
        client = self.client(front.url)
        decision = client.gate(self.pipeline_name, on_unreachable="allow").decision(run_id="r-1")
        self.assertEqual((decision.decision, decision.allowed, decision.run_id), ("block", False, "r-1"))

    def test_good_data_passes_and_what_was_just_reported_counts(self) -> None:
        client = self.client(URL)
        with client.pipeline(self.pipeline_name).run("r-1") as run:
            run.records("load", 47500, expected_min=10000)
            run.quality("null_rate", 0.999, threshold=0.95)
        decision = client.gate(self.pipeline_name, on_unreachable="block").require()
        self.assertEqual((decision.decision, decision.allowed, decision.run_id), ("pass", True, "r-1"))
        self.assertIn("policy_version", decision.answer)

    def test_bad_data_blocks_with_the_reasons(self) -> None:
        client = self.client(URL)
        with client.pipeline(self.pipeline_name).run("r-1") as run:
            run.records("load", 500, expected_min=10000)
            run.quality("null_rate", 0.91, threshold=0.95)
        gate = client.gate(self.pipeline_name, on_unreachable="allow")
        with self.assertRaises(GateBlocked) as blocked:
            gate.require(run_id="r-1")
        codes = {reason["code"] for reason in blocked.exception.decision.reasons}
        self.assertLessEqual({"records_below_minimum", "quality_below_threshold"}, codes)
        said = str(blocked.exception)
        self.assertIn(f"the gate of {self.pipeline_name} (run r-1) says block\n", said)
        self.assertIn("block quality_below_threshold: null_rate scored 0.91", said)
        self.assertEqual(str(pickle.loads(pickle.dumps(blocked.exception))), said)
        self.assertFalse(gate.decision().allowed)

    def test_no_evidence_is_no_pass(self) -> None:
        decision = self.client(URL).gate(self.pipeline_name, on_unreachable="allow").decision()
        self.assertEqual((decision.decision, decision.allowed), ("unknown", False))

    def test_inside_a_run_it_decides_on_the_evidence_so_far(self) -> None:
        client = self.client(URL)
        gate = client.gate(self.pipeline_name, on_unreachable="block", consumer="dashboard")
        with client.pipeline(self.pipeline_name).run("dag/2026-11-20T00:00:00+00:00") as run:
            run.quality("null_rate", 0.99)
            self.assertEqual(gate.decision(run_id=run.run_id).decision, "pending")
            self.assertTrue(gate.require(run_id=run.run_id, while_running=True).allowed)

    def test_it_waits_while_the_run_goes_on(self) -> None:
        client, other = self.client(URL), self.client(URL, spool_dir="/dev/null/none")
        run = client.pipeline(self.pipeline_name).run("r-1").start()
        run.quality("null_rate", 0.99)
        self.assertTrue(client.flush(30))
        ended = threading.Timer(1.0, run.end)
        ended.start()
        self.addCleanup(ended.join)
        decision = other.gate(self.pipeline_name, on_unreachable="block").require(run_id="r-1", wait="2m")
        self.assertEqual(decision.decision, "pass")

    def test_a_short_trouble_of_the_agent_is_waited_for(self) -> None:
        front = self.front(URL, [status(503, "1"), hang_up, garbage, says(b"<html>")])
        decision = self.client(front.url).gate(self.pipeline_name, on_unreachable="block", timeout=60).decision()
        self.assertEqual(decision.decision, "unknown")

    def test_after_a_restart_of_the_agent_it_waits_for_what_is_left_of_the_wait(self) -> None:
        client = self.client(URL)
        client.pipeline(self.pipeline_name).run("r-1").start()
        self.assertTrue(client.flush(30))

        def stops(handler: object) -> None:
            time.sleep(3)
            status(503, "0", b'{"code": "shutting_down", "detail": "the agent is stopping"}')(handler)  # type: ignore[arg-type]

        front = self.front(URL, [stops])
        client = self.client(front.url, spool_dir="/dev/null/none")
        gate = client.gate(self.pipeline_name, on_unreachable="block", timeout=120)
        self.assertEqual(gate.decision(run_id="r-1", wait=6).decision, "pending")
        waits = [path.partition("wait=")[2] for path in front.paths]
        self.assertEqual(waits[0], "6s")
        self.assertIn(waits[1], ("3s", "2s", "1s", ""))

    def test_undelivered_evidence_is_no_pass(self) -> None:
        good = self.client(URL, spool_dir="/dev/null/none")
        with good.pipeline(self.pipeline_name).run("yesterday") as run:
            run.quality("null_rate", 1)
        self.assertTrue(good.flush(30))
        front = self.front(URL, [status(503)] * 100)
        client = self.client(front.url, flush_seconds=0)
        client.pipeline(self.pipeline_name).attach("today").quality("null_rate", 0)
        decision = client.gate(self.pipeline_name, on_unreachable="block", timeout=0.5).decision()
        self.assertEqual((decision.decision, decision.allowed), ("unreachable", False))
        self.assertIn("reported before", str(decision))

    def test_an_agent_that_does_not_answer_is_unreachable(self) -> None:
        front = self.front(URL, [slow(600)] * 10)
        started = time.monotonic()
        gate = self.client(front.url).gate(self.pipeline_name, on_unreachable="block", timeout=0.5)
        self.assertEqual(gate.decision().decision, "unreachable")
        self.assertLess(time.monotonic() - started, 60)

    def test_a_refused_question_is_neither_a_yes_nor_unreachable(self) -> None:
        front = self.front(URL, [status(401, body=b'{"code": "unauthorized", "detail": "no such key"}')])
        with self.assertRaisesRegex(GateError, "no such key"):
            self.client(front.url).gate(self.pipeline_name, on_unreachable="allow").require()

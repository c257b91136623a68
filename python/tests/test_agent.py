"""What the client says is what the agent understands."""

import datetime
import unittest
import urllib.parse

from sluice_client import GateBlocked, Quality, SluiceError, reference_from

from .support.agent import URL, get, needs_agent, run_of
from .support.case import SpoolCase
from .support.front import free_port


@needs_agent
class Reports(SpoolCase):
    def test_everything_a_run_can_say_arrives(self) -> None:
        client = self.client(URL)
        run_id = "scheduled__2026-11-20T02:00:00+00:00"
        start = datetime.datetime(2026, 11, 20, tzinfo=datetime.timezone.utc)
        orders = client.pipeline(self.pipeline_name)
        with orders.run(
            run_id,
            attempt=2,
            data_interval_start=start,
            data_interval_end=start + datetime.timedelta(days=1),
            traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ) as run:
            run.records("extract", 50000)
            run.records("load", 30000, failed=12, expected_min=10000, part="eu")
            run.records("load", 17500, part="us")
            run.quality("null_rate", 0.999, threshold=0.95)
            run.quality("schema_compliance", 0.5, severity="warn")
            run.quality("unique", None, error=ConnectionError("no warehouse"))
            run.quality(Quality("fresh", 1))
            run.freshness(datetime.date(2026, 11, 20), dataset="orders")
            run.latency("vector_search", [0.021, 0.034])
            with run.timed("publish"):
                pass
            self.assertEqual((run.run_id, run.pipeline_name), (run_id, self.pipeline_name))
        self.assertTrue(client.flush(30))
        self.assertEqual((client.stats().dead, client.stats().dropped), (0, 0))

        seen = run_of(self.pipeline_name, run_id)
        self.assertEqual((seen["status"], seen["attempt"], seen["error"]), ("success", 2, None))
        self.assertEqual(seen["data_interval_end"], "2026-11-21T00:00:00Z")
        self.assertEqual(seen["traceparent"], "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        self.assertIsNotNone(seen["duration_seconds"])
        stages = {stage["stage"]: (stage["count"], stage["failed"], stage["expected_min"]) for stage in seen["stages"]}
        self.assertEqual(stages["load"][:2], (47500, 12))
        self.assertEqual(stages["extract"], (50000, None, None))
        checks = {check["check_name"]: check for check in seen["checks"]}
        self.assertEqual((checks["null_rate"]["threshold"], checks["null_rate"]["passed"]), (0.95, True))
        self.assertEqual((checks["schema_compliance"]["severity"], checks["schema_compliance"]["passed"]), ("warn", False))
        self.assertEqual(
            (checks["unique"]["score"], checks["unique"]["passed"], checks["unique"]["error"]),
            (None, None, "ConnectionError: no warehouse"),
        )
        pipeline = get(f"/v1/pipelines/{self.pipeline_name}")
        self.assertEqual(pipeline["datasets"], [{"dataset": "orders", "data_through": "2026-11-20T00:00:00Z"}])

    def test_a_failed_attempt_that_is_retried_is_no_failed_run(self) -> None:
        client = self.client(URL)
        with self.assertRaises(ValueError), client.pipeline(self.pipeline_name).run("r-1", will_retry=True):
            raise ValueError("try again")
        self.assertTrue(client.flush(30))
        self.assertEqual(run_of(self.pipeline_name, "r-1")["status"], "retrying")

    def test_names_of_any_script_and_slashes_find_their_way(self) -> None:
        client = self.client(URL)
        name = f"aufträge/täglich 東京 {self.pipeline_name}"
        client.pipeline(name).set_reference("preis/€", reference_from([1, 2, 3, 4]))
        with client.pipeline(name).run("r-1") as run:
            run.drift({"preis/€": [1, 2, 3, 4]})
        self.assertTrue(client.flush(30))
        self.assertEqual(run_of(name, "r-1")["status"], "success")
        [verdict] = get(f"/v1/drift/{urllib.parse.quote(name, safe='')}")["items"]
        self.assertEqual((verdict["feature_name"], verdict["n_current"]), ("preis/€", 4))


@needs_agent
class Drift(SpoolCase):
    def verdicts(self) -> dict:
        items = get(f"/v1/drift/{self.pipeline_name}")["items"]
        return {item["feature_name"]: item for item in items}

    def test_values_are_counted_on_the_bins_of_the_reference(self) -> None:
        client = self.client(URL)
        users = client.pipeline(self.pipeline_name)
        training = [i % 100 for i in range(5000)]
        stored = users.set_reference("age", reference_from(training), note="training set")
        users.set_reference("country", reference_from(["de", "fr", "de"] * 1000))
        with users.run() as run:
            run.drift({"age": training[:2000], "country": ["de", "fr", "de"] * 300 + ["xx"] * 900, "new": [1.5, None]})
        self.assertTrue(client.flush(30))
        seen = self.verdicts()
        self.assertEqual(seen["age"]["verdict"], "stable")
        self.assertEqual(seen["age"]["reference_version"], stored["version"])
        self.assertNotIn("rebin_error", seen["age"])
        self.assertEqual(seen["country"]["verdict"], "drifted")
        self.assertEqual((seen["new"]["verdict"], seen["new"]["n_current"]), ("no_reference", 2))

    def test_a_histogram_goes_as_it_is(self) -> None:
        client = self.client(URL)
        users = client.pipeline(self.pipeline_name)
        users.set_reference("age", {"counts": [100, 200, 300, 250, 150]})
        with users.run() as run:
            run.drift({"age": {"counts": [80, 180, 350, 250, 140]}})
        self.assertTrue(client.flush(30))
        self.assertEqual(self.verdicts()["age"]["n_current"], 1000)

    def test_raw_values_never_leave(self) -> None:
        front = self.front(URL)
        client = self.client(front.url)
        sent = []
        front.troubles = [lambda handler: (sent.append(handler.body), handler.forward())] * 5  # type: ignore[list-item]
        with client.pipeline(self.pipeline_name).run() as run:
            run.drift({"salary": [31337.25 + i / 8 for i in range(1000)]})
        self.assertTrue(client.flush(30))
        self.assertIn(b'"salary"', b"".join(sent))
        self.assertNotIn(b'"values"', b"".join(sent))
        self.assertLess(len(b"".join(sent)), 3000)

    def test_without_the_agent_values_become_a_histogram_of_their_own(self) -> None:
        port = free_port()
        client = self.client(f"http://127.0.0.1:{port}")
        with self.assertLogs("sluice_client", "WARNING"), client.pipeline(self.pipeline_name).run("r-1") as run:
            run.drift({"age": list(range(1000))})
        users = self.client(URL, spool_dir="/dev/null/none").pipeline(self.pipeline_name)
        users.set_reference("age", reference_from(list(range(1000))))
        self.front(URL, port=port)
        self.assertTrue(client.flush(30))
        age = self.verdicts()["age"]
        self.assertEqual((age["verdict"], age["n_current"]), ("stable", 1000))
        self.assertLess(age["rebin_error"], 0.05)

    def test_a_reference_that_is_wrong_is_refused_in_the_agents_words(self) -> None:
        users = self.client(URL).pipeline(self.pipeline_name)
        with self.assertRaisesRegex(SluiceError, "counts"):
            users.set_reference("age", {"counts": [-1]})
        with self.assertRaisesRegex(SluiceError, "SLUICE_URL: missing"):
            self.client("").pipeline("p").set_reference("age", {"counts": [1]})


class Unreachable(SpoolCase):
    def test_the_gate_does_what_was_said_for_it(self) -> None:
        client = self.client(f"http://127.0.0.1:{free_port()}", flush_seconds=0)
        with self.assertRaisesRegex(GateBlocked, "could not be asked"):
            client.gate("orders", on_unreachable="block", timeout=0.2).require()
        with self.assertLogs("sluice_client", "WARNING") as logged:
            decision = client.gate("orders", on_unreachable="allow", timeout=0.2).require()
        self.assertEqual((decision.decision, decision.allowed), ("unreachable", True))
        self.assertIn("was not asked and is passed", logged.output[0])



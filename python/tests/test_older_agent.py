"""A client that is newer than its agent: fields that the agent does not know are left out, and nothing is lost with them."""

import json
import unittest
from typing import Any

from sluice_client import reference_from
from sluice_client.agent_contract import oldest_reference

from .support.agent import URL, get, needs_agent, run_of, stages_of
from .support.case import SpoolCase
from .support.front import older

NEWER = {"resumes": True, "logical_date": "2026-11-20T00:00:00Z"}


class Folded(unittest.TestCase):
    def test_folded_rows_stay_in_the_category_that_an_agent_of_1_0_keeps_for_what_is_new(self) -> None:
        self.assertEqual(oldest_reference({"categories": {"a": 1}, "folded": 2}), {"categories": {"a": 1, "other": 2}})
        self.assertEqual(oldest_reference({"categories": {"other": 1}, "folded": 2}), {"categories": {"other": 3}})


@needs_agent
class OlderAgent(SpoolCase):
    def report(self, client: Any, run_id: str) -> None:
        with client.pipeline(self.pipeline_name).run(run_id, **NEWER) as run:
            run.records("load", 7, try_=2, expected_min=5, expected_min_of="stage")
            run.quality("null_rate", 1)

    def test_everything_arrives_without_the_fields_and_that_is_said_once(self) -> None:
        front = self.front(URL, [older] * 20)
        client = self.client(front.url)
        with self.assertLogs("sluice_client", "WARNING") as logged:
            self.report(client, "r-1")
            self.assertTrue(client.flush(60))
            self.report(client, "r-2")
            self.assertTrue(client.flush(60))
        self.assertEqual(stages_of(self.pipeline_name, "r-1"), {"load": 7})
        self.assertEqual(run_of(self.pipeline_name, "r-2")["status"], "success")
        stats = client.stats()
        self.assertEqual((stats.sent, stats.dead, stats.dropped, stats.reduced), (8, 0, 0, 6))
        self.assertEqual(len([line for line in logged.output if "is older than this client" in line]), 1)

    def test_it_is_not_sent_them_again_once_it_is_known(self) -> None:
        front = self.front(URL, [older] * 20)
        client = self.client(front.url)
        self.report(client, "r-1")
        self.assertTrue(client.flush(60))
        before = len(front.bodies)
        self.report(client, "r-2")
        self.assertTrue(client.flush(60))
        sent = b"".join(front.bodies[before:])
        for field in (b'"try"', b'"resumes"', b'"logical_date"', b'"expected_min_of"'):
            self.assertNotIn(field, sent)

    def test_features_and_references_arrive_without_what_is_known_of_their_rows(self) -> None:
        front = self.front(URL, [older] * 20)
        client = self.client(front.url)
        pipeline = client.pipeline(self.pipeline_name)
        stored = pipeline.set_reference("age", reference_from([1, 2, 3, 4]))
        self.assertEqual((stored["edges"], stored["counts"]), ([1, 2.5, 4], [2, 2]))
        with pipeline.run("r-1") as run:
            run.drift({"age": [1, 4, None], "min": ["max"]})
        self.assertTrue(client.flush(60))
        self.assertEqual((client.stats().dead, client.stats().reduced), (0, 1))
        judged = get(f"/v1/drift/{self.pipeline_name}")["items"]
        self.assertEqual({one["feature_name"]: one["n_current"] for one in judged}, {"age": 3, "min": 1})

    def test_what_is_wrong_in_itself_is_refused_and_kept_as_it_was(self) -> None:
        front = self.front(URL, [older] * 20)
        client = self.client(front.url)
        client.pipeline(self.pipeline_name).attach("r-1", try_=2).records("load", -1)
        self.assertTrue(client.flush(60))
        self.assertEqual((client.stats().dead, client.stats().reduced), (1, 0))
        self.assertEqual([b'"try":2' in body for body in front.bodies], [True, False])

    def test_the_agent_of_this_release_takes_them_all(self) -> None:
        front = self.front(URL)
        client = self.client(front.url)
        self.report(client, "r-1")
        self.assertTrue(client.flush(60))
        self.assertEqual((client.stats().dead, client.stats().reduced, len(front.bodies)), (0, 0, 1))
        [records] = [json.loads(line) for line in front.bodies[0].splitlines() if b'"records"' in line]
        self.assertEqual((records["try"], records["expected_min_of"]), (2, "stage"))

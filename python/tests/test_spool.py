"""The spool on disk, by its format: two clients of two languages share it."""

import hashlib
import json
import stat
import time
from pathlib import Path

from sluice_client import Client
from sluice_client.settings import read_settings
from sluice_client.uuid7 import Uuid7, unix_ms_of

from .support.agent import URL, eventually, needs_agent, stages_of
from .support.case import SpoolCase
from .support.front import Front, free_port
from .support.programs import dead_pid, finish, start


class Format(SpoolCase):
    def test_the_folder_is_named_by_address_and_key(self) -> None:
        for url, key in (("http://127.0.0.1:9877", ""), ("https://agent/base", "secret")):
            named = hashlib.sha256(f"{url}\n{key}".encode()).hexdigest()[:16]
            self.assertEqual(read_settings({"SLUICE_URL": url + "/", "SLUICE_API_KEY": key}).destination, named)

    def test_the_directory_is_told_by_the_environment(self) -> None:
        directory = lambda **environment: str(read_settings(environment).spool_dir)  # noqa: E731
        self.assertEqual(directory(SLUICE_SPOOL_DIR="/a/b", XDG_STATE_HOME="/c"), "/a/b")
        self.assertEqual(directory(XDG_STATE_HOME="/c"), "/c/sluice/spool")
        self.assertTrue(directory().endswith("/.local/state/sluice/spool"))

    def test_a_report_is_on_disk_when_the_call_returns_and_only_its_owner_reads_it(self) -> None:
        client = self.client(f"http://127.0.0.1:{free_port()}", spool_dir=f"{self.spool}/new/er", flush_seconds=0)
        before = time.time()
        client.pipeline("orders").attach("r-1").records("load", 3, part="eu")
        folder = Path(self.spool, "new", "er", client._settings.destination)
        lines = [line for file in folder.iterdir() for line in file.read_bytes().splitlines()]
        self.assertEqual(len(lines), 1)
        report = json.loads(lines[0])
        made_ms = unix_ms_of(report.pop("id"))
        at = report.pop("at")
        self.assertEqual(at, made_ms / 1000)
        self.assertLess(abs(at - before), 60)
        self.assertEqual(
            report,
            {"kind": "records", "pipeline_name": "orders", "run_id": "r-1", "stage": "load", "count": 3, "part": "eu"},
        )
        modes = {stat.S_IMODE(path.stat().st_mode) for path in (folder, folder.parent, folder.parent.parent)}
        self.assertEqual(modes, {0o700})
        self.assertEqual({stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}, {0o600})

    def test_where_no_folder_can_be_made_reports_wait_in_memory(self) -> None:
        Path(self.spool, "file").write_text("")
        with self.assertLogs("sluice_client", "WARNING") as logged:
            client = self.client(f"http://127.0.0.1:{free_port()}", spool_dir=f"{self.spool}/file/x", flush_seconds=0)
            client.pipeline("orders").attach("r-1").records("load", 3)
        self.assertIn("cannot be written", logged.output[0])
        self.assertEqual((client.stats().queued, client.stats().spooled), (1, 0))


@needs_agent
class Drained(SpoolCase):
    def test_what_a_typescript_client_left_behind_is_sent(self) -> None:
        client = Client(URL, spool_dir=self.spool)
        folder = Path(self.spool, client._settings.destination)
        at = time.time()

        def line(n: int) -> str:
            # JSON.stringify writes no blanks and escapes nothing beyond ASCII.
            report = {
                "kind": "records", "id": Uuid7().make(int(at * 1000)), "at": at,
                "pipeline_name": self.pipeline_name, "run_id": "café-1", "stage": "load", "count": n,
            }  # fmt: skip
            return json.dumps(report, separators=(",", ":"), ensure_ascii=False)

        now_ms = int(at * 1000)
        twice = line(100)
        (folder / f"{Uuid7().make(now_ms)}.ndjson").write_text(f"{line(1)}\n{twice}\n", "utf-8")
        (folder / f"{Uuid7().make(now_ms)}.{dead_pid()}.sending").write_text(f"{twice}\n{line(10)}\n", "utf-8")
        (folder / f"{Uuid7().make(now_ms)}.{dead_pid()}.open").write_text(f'{line(1000)}\n{{"kind":"rec', "utf-8")
        client.pipeline(self.pipeline_name).attach("café-1").records("extract", 5)
        self.assertTrue(client.flush(30))
        self.assertEqual(stages_of(self.pipeline_name, "café-1"), {"load": 1111, "extract": 5})
        stats = client.stats()
        self.assertEqual((stats.sent, stats.duplicates, stats.spooled), (5, 1, 0))
        self.assertEqual(self.segments(), [])

    def test_what_the_agent_refuses_lies_in_the_dead_letters_and_its_neighbours_arrive(self) -> None:
        client = self.client(URL)
        folder = Path(self.spool, client._settings.destination)
        bad = json.dumps({"kind": "records", "pipeline_name": self.pipeline_name, "stage": "load", "count": -1})
        (folder / f"{Uuid7().make(int(time.time() * 1000))}.ndjson").write_text(f"{bad}\nno json\n")
        run = client.pipeline(self.pipeline_name).attach("r-1")
        run.records("load", 7)
        with self.assertLogs("sluice_client", "WARNING"):
            self.assertTrue(client.flush(30))
        self.assertEqual(stages_of(self.pipeline_name, "r-1"), {"load": 7})
        letters = [json.loads(line) for line in (folder / "dead.ndjson").read_text().splitlines()]
        self.assertEqual([letter["code"] for letter in letters], ["invalid_report", "invalid_json"])
        self.assertIn("count: -1 given", letters[0]["detail"])
        self.assertEqual(letters[1]["report"], "no json")
        self.assertEqual(client.stats().dead, 2)

    def test_two_processes_share_the_spool_and_every_report_arrives_once(self) -> None:
        port = free_port()
        program = f"""
            from sluice_client import pipeline
            run = pipeline("{self.pipeline_name}").attach("r-1")
            for i in range(3000):
                run.records("load", 1)
        """
        url = f"http://127.0.0.1:{port}"
        programs = [start(program, url, self.spool) for _ in range(2)]
        eventually(lambda: self.segments() != [], True)
        front = Front(URL, port=port)
        self.addCleanup(front.close)
        self.assertEqual([finish(one).returncode for one in programs], [0, 0])
        client = self.client(url)
        client.pipeline(self.pipeline_name).attach("r-1").records("last", 1)
        self.assertTrue(client.flush(60))
        self.assertEqual(stages_of(self.pipeline_name, "r-1"), {"load": 6000, "last": 1})
        self.assertEqual(self.segments(), [])

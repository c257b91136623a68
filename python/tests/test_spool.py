"""The spool on disk, by its format: two clients of two languages share it."""

import hashlib
import json
import os
import stat
import subprocess
import sys
import time
import unittest
from pathlib import Path

from sluice_client import Client
from sluice_client.dead_letters import DeadLetters
from sluice_client.disk_spool import DiskSpool
from sluice_client.memory_spool import MemorySpool
from sluice_client.settings import read_settings
from sluice_client.spool_files import list_segments
from sluice_client.uuid7 import Uuid7, unix_ms_of

from .support.agent import URL, eventually, needs_agent, stages_of
from .support.case import SpoolCase
from .support.front import free_port

DAY_MS = 86_400_000


def dead_pid() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


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


class Claims(SpoolCase):
    def setUp(self) -> None:
        super().setUp()
        self.lost: "list[bytes]" = []
        self.disk = DiskSpool(Path(self.spool), Uuid7(), lambda lines, _: self.lost.extend(lines))
        self.now_ms = int(time.time() * 1000)

    def file(self, name: str, *lines: bytes, age: float = 0) -> None:
        path = Path(self.spool, name)
        path.write_bytes(b"".join(lines))
        os.utime(path, (time.time() - age, time.time() - age))

    def uuid(self, age_ms: int = 0) -> str:
        return Uuid7().make(self.now_ms - age_ms)

    def claimed(self) -> "list[list[bytes]]":
        batches = []
        while True:
            batch = self.disk.claim()
            if batch is None:
                return batches
            batches.append(batch.lines)
            batch.done()

    def test_oldest_first_whatever_the_state_if_nobody_is_at_work(self) -> None:
        gone = dead_pid()
        self.file(f"{self.uuid(1000)}.ndjson", b"3\n")
        self.file(f"{self.uuid(3000)}.{gone}.open", b"1\n", b"incompl")
        self.file(f"{self.uuid(2000)}.{gone}.sending", b"2\n")
        self.file("dead.ndjson", b"{}\n")
        self.file("notes.txt", b"?\n")
        self.assertEqual(self.claimed(), [[b"1"], [b"2"], [b"3"]])
        self.assertEqual(self.segments(), ["dead.ndjson", "notes.txt"])

    def test_a_living_process_keeps_its_files_for_ten_minutes(self) -> None:
        parent = os.getppid()
        self.file(f"{self.uuid()}.{parent}.open", b"1\n", age=590)
        self.file(f"{self.uuid()}.{parent}.sending", b"2\n", age=590)
        self.file(f"{self.uuid()}.{os.getpid()}.sending", b"3\n")
        self.assertEqual(self.claimed(), [])
        self.file(f"{self.uuid()}.{parent}.open", b"4\n", age=610)
        self.assertEqual(self.claimed(), [[b"4"]])

    def test_a_file_of_a_former_process_with_this_pid_is_left_behind(self) -> None:
        self.file(f"{self.uuid()}.{os.getpid()}.open", b"1\n", age=300)
        self.assertEqual(self.claimed(), [[b"1"]])

    def test_a_claimed_file_is_nobody_elses(self) -> None:
        self.file(f"{self.uuid()}.ndjson", b"1\n", age=3600)
        other = DiskSpool(Path(self.spool), Uuid7(), lambda n, _: None)
        batch = self.disk.claim()
        assert batch is not None
        self.assertIsNone(other.claim())
        batch.give_back(batch.lines)
        again = other.claim()
        assert again is not None
        self.assertEqual(again.lines, [b"1"])

    def test_what_is_given_back_in_part_keeps_its_place(self) -> None:
        uuid = self.uuid()
        self.file(f"{uuid}.ndjson", b"1\n", b"2\n", b"3\n")
        batch = self.disk.claim()
        assert batch is not None
        batch.give_back([b"2"])
        self.assertEqual(self.segments(), [f"{uuid}.ndjson"])
        self.assertEqual(self.claimed(), [[b"2"]])

    def test_a_segment_taken_from_a_living_writer_is_written_anew(self) -> None:
        self.disk.append(b"1\n")
        [segment] = list_segments(self.spool)
        # As another container does that cannot see this process, and that reads before the next line is there.
        taken = Path(self.spool, segment.file)
        self.disk.append(b"2\n")
        taken.unlink()
        self.disk.seal()
        self.assertEqual(self.claimed(), [[b"1", b"2"]])

    def test_reports_older_than_six_days_are_dropped(self) -> None:
        old, young = self.uuid(6 * DAY_MS + 60_000), self.uuid(6 * DAY_MS - 60_000)
        lines = [json.dumps({"id": id, "at": 1}).encode() + b"\n" for id in (old, young)]
        by_at = json.dumps({"id": "mine", "at": (self.now_ms - 7 * DAY_MS) / 1000}).encode() + b"\n"
        self.file(f"{old}.ndjson", *lines, by_at)
        self.assertEqual(self.claimed(), [[lines[1].strip()]])
        self.assertEqual(len(self.lost), 2)

    def test_the_oldest_go_when_the_folder_is_full(self) -> None:
        disk = DiskSpool(Path(self.spool), Uuid7(), lambda lines, _: self.lost.extend(lines), most_bytes=3 << 20)
        line = b"x" * (1 << 18) + b"\n"
        first, *_ = [self.uuid(DAY_MS)]
        self.file(f"{first}.ndjson", line, line)
        for _ in range(24):
            disk.append(line)
        held = sum(Path(self.spool, name).stat().st_size for name in self.segments())
        self.assertLessEqual(held, 4 << 20)
        self.assertNotIn(f"{first}.ndjson", self.segments())
        kept = sum(Path(self.spool, name).read_bytes().count(b"\n") for name in self.segments())
        self.assertEqual(len(self.lost) + kept, 26)

    def test_memory_drops_the_oldest_and_counts_them(self) -> None:
        memory = MemorySpool(lambda lines, _: self.lost.extend(lines), most_bytes=30)
        for i in range(5):
            memory.append(b"line %d of 10\n" % i)
        batch = memory.claim()
        assert batch is not None
        self.assertEqual(batch.lines, [b"line 3 of 10", b"line 4 of 10"])
        self.assertEqual(len(self.lost), 3)
        batch.give_back(batch.lines)
        self.assertEqual(memory.waiting(), 2)

    def test_dead_letters_are_bounded(self) -> None:
        dead = DeadLetters(Path(self.spool))
        for i in range(30):
            dead.keep(b'{"kind": "records", "stage": "%s"}' % (b"s" * 100_000), 422, "invalid_report", f"{i}")
        sizes = {name: Path(self.spool, name).stat().st_size for name in self.segments()}
        self.assertEqual(set(sizes), {"dead.ndjson", "dead.1.ndjson"})
        self.assertLessEqual(max(sizes.values()), 1 << 20)
        last = json.loads(Path(self.spool, "dead.ndjson").read_text().splitlines()[-1])
        self.assertEqual((last["status"], last["code"], last["detail"]), (422, "invalid_report", "29"))
        self.assertEqual(last["report"]["kind"], "records")


@needs_agent
class Drained(SpoolCase):
    def test_what_a_typescript_client_left_behind_is_sent(self) -> None:
        client = Client(URL, spool_dir=self.spool)
        folder = Path(self.spool, client._settings.destination)
        at = time.time()

        def line(n: int) -> str:
            # As JSON.stringify writes it.
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
        from .support.front import Front
        from .support.programs import finish, start

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



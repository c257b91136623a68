"""Who takes which files of the spool, in which order, and what is dropped when it is old or full."""

import json
import os
import time
from pathlib import Path

from sluice_client.dead_letters import DeadLetters
from sluice_client.disk_spool import DiskSpool
from sluice_client.memory_spool import MemorySpool
from sluice_client.spool_files import list_segments
from sluice_client.uuid7 import Uuid7

from .support.case import SpoolCase
from .support.programs import dead_pid

DAY_MS = 86_400_000


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
        # Another container does not see this process, and takes the file before the next line is in it.
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

"""Tests with a spool of their own."""

import os
import shutil
import tempfile
import unittest
import uuid
from typing import Any

from sluice_client import Client

from .agent import URL, eventually
from .front import Front
from .programs import run


class SpoolCase(unittest.TestCase):
    def setUp(self) -> None:
        self.spool = tempfile.mkdtemp(prefix="sluice-spool-")
        self.addCleanup(shutil.rmtree, self.spool, True)
        self.pipeline_name = f"p-{uuid.uuid4()}"

    def client(self, url: str, **options: Any) -> Client:
        client = Client(url, spool_dir=options.pop("spool_dir", self.spool), **options)
        self.addCleanup(client.close)
        return client

    def front(self, *args: Any, **options: Any) -> Front:
        front = Front(*args, **options)
        self.addCleanup(front.close)
        return front

    def segments(self) -> "list[str]":
        """Names of all files in the folders of all destinations."""
        return sorted(name for _, _, names in os.walk(self.spool) for name in names)

    def spooled(self) -> int:
        """Number of reports in those files."""
        paths = [os.path.join(folder, name) for folder, _, names in os.walk(self.spool) for name in names]
        return sum(open(path, "rb").read().count(b"\n") for path in paths)


class ProgramCase(SpoolCase):
    """Tests of pipelines that are programs."""

    def reports(self, body: str, **options: str) -> str:
        """A program that reports 50 times into the open `run`, and runs the body then."""
        return f"""
import os, signal, sys, time
from sluice_client import current_run, default_client, flush, monitored, pipeline
with pipeline("{self.pipeline_name}").run("r-1") as run:
    for i in range(50):
        run.records("load", 1)
{os.linesep.join("    " + line.strip() for line in body.strip().splitlines())}
"""

    def sent_by_the_next(self, url: str = URL) -> None:
        """By the next program, or by one after it: a program does not stay for a slow agent, and leaves what is left."""

        def left_by_another() -> list[str]:
            body = f'from sluice_client import pipeline; pipeline("{self.pipeline_name}").attach("next").records("x", 1)'
            ended = run(body, url, self.spool)
            self.assertEqual(ended.returncode, 0, ended.stderr)
            return eventually(self.segments, [], 5)

        self.assertEqual(eventually(left_by_another, [], 300), [])

"""A test with a spool of its own."""

import os
import shutil
import tempfile
import unittest
import uuid
from typing import Any

from sluice_client import Client

from .front import Front


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
        """Names of all files in the destinations' folders."""
        return sorted(name for _, _, names in os.walk(self.spool) for name in names)

    def spooled(self) -> int:
        """Reports in those files."""
        paths = [os.path.join(folder, name) for folder, _, names in os.walk(self.spool) for name in names]
        return sum(open(path, "rb").read().count(b"\n") for path in paths)

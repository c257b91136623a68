"""What one report call costs the pipeline, beside json.dumps of the same report; prints {"sdk_ns": …, "json_ns": …}.

Run with the package installed, or with PYTHONPATH=src. Reports go to a spool of its own, which is deleted; SLUICE_URL may
name an agent that takes them meanwhile, without one nobody does.
"""

import json
import os
import shutil
import statistics
import tempfile
import time
from typing import Callable

from sluice_client import Client

ROUNDS = 300
CALLS = 100


def nanoseconds_a_call(work: Callable[[], object]) -> float:
    started = time.perf_counter_ns()
    for _ in range(CALLS):
        work()
    return (time.perf_counter_ns() - started) / CALLS


def main() -> None:
    spool = tempfile.mkdtemp(prefix="sluice-call-cost-")
    client = Client(os.environ.get("SLUICE_URL", "http://127.0.0.1:9"), spool_dir=spool, flush_seconds=0)
    run = client.pipeline("orders_daily").run().start()
    same = {
        "kind": "records",
        "id": "01934c1e-7000-7abc-8def-0123456789ab",
        "at": 1732186387.123,
        "pipeline_name": "orders_daily",
        "run_id": run.run_id,
        "stage": "extract",
        "count": 50000,
        "failed": 12,
    }
    sdk, dumps = [], []
    for _ in range(ROUNDS):
        sdk.append(nanoseconds_a_call(lambda: run.records("extract", 50000, failed=12)))
        dumps.append(nanoseconds_a_call(lambda: json.dumps(same)))
    client.close()
    shutil.rmtree(spool, ignore_errors=True)
    print(json.dumps({"sdk_ns": round(statistics.median(sdk)), "json_ns": round(statistics.median(dumps))}))


main()

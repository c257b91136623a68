"""Runs dbt and reports what it wrote to Sluice: `python dbt_with_sluice.py orders_daily build --select orders+`.

Models become stages (rows where the adapter tells them), tests and unit tests become quality checks (severity as
configured in dbt), source freshness becomes freshness, the invocation a run. dbt's exit code and output are untouched; the
next step asks the gate, or say --gate and this does.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from sluice_client import Evidence, GateBlocked, gate, pipeline

EXIT_BLOCKED = 20
SCORES = {"pass": 1.0, "warn": 0.0, "fail": 0.0}


def main(arguments: "list[str]") -> int:
    gated = "--gate" in arguments
    name, *command = [argument for argument in arguments if argument != "--gate"]
    target = Path(os.environ.get("DBT_TARGET_PATH", "target"))
    before = {file: file.stat().st_mtime for file in target.glob("*.json")}
    with pipeline(name).run() as run:
        code = subprocess.run([os.environ.get("DBT", "dbt"), *command]).returncode
        for file, report in (("run_results.json", report_results), ("sources.json", report_sources)):
            artifact = target / file
            # What an earlier invocation left behind says nothing about this one.
            if artifact.exists() and artifact.stat().st_mtime != before.get(artifact):
                report(run, json.loads(artifact.read_text("utf-8")), target)
        # 1: a node failed, which its checks tell; 2: dbt itself did.
        run.end("success" if code == 0 else "failed", None if code == 0 else f"dbt {' '.join(command)}: exit code {code}")
    if gated and code == 0:
        try:
            gate(name, on_unreachable="block").require(run_id=run.run_id)
        except GateBlocked as blocked:
            print(blocked, file=sys.stderr)
            return EXIT_BLOCKED
    return code


def report_results(run: Evidence, artifact: "dict[str, Any]", target: Path) -> None:
    nodes = json.loads((target / "manifest.json").read_text("utf-8"))["nodes"]
    for result in artifact["results"]:
        kind, _, name = result["unique_id"].split(".", 2)
        if kind == "model" and result["status"] == "success":
            rows = result.get("adapter_response", {}).get("rows_affected", -1)
            # Adapters say -1, or nothing, of views and where they do not know.
            if isinstance(rows, int) and rows >= 0:
                run.records(name, rows)
        elif kind in ("test", "unit_test"):
            node = nodes.get(result["unique_id"], {})
            config = node.get("config", {})
            severity = "warn" if str(config.get("severity", "error")).lower() == "warn" else "error"
            score = SCORES.get(result["status"])
            failures = f"{result.get('failures')} rows failed" if score == 0 else None
            error = result.get("message") or result["status"] if score is None else failures
            run.quality(node.get("name", name)[:200], score, severity=severity, error=error)


def report_sources(run: Evidence, artifact: "dict[str, Any]", _target: Path) -> None:
    for result in artifact["results"]:
        if result.get("max_loaded_at"):
            run.freshness(result["max_loaded_at"], dataset=result["unique_id"].split(".", 2)[2])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""A Prefect flow that reports its runs and asks the gate before it publishes.

    python orders_flow.py           runs the flow once
    python orders_flow.py 500       with so few orders that the gate blocks
"""

import sys

from prefect import flow, runtime, task

from sluice_client import gate, pipeline

PIPELINE = "orders_daily"


@task(retries=2)
def extract(rows: int) -> "list[float]":
    return [10.0 + n % 90 for n in range(rows)]


@task
def load(amounts: "list[float]", run_id: str) -> int:
    # Tasks may run in other threads or processes: they attach to the run by its id. What the last try reports speaks.
    run = pipeline(PIPELINE).attach(run_id, try_=runtime.task_run.run_count or 1)
    run.records("load", len(amounts), expected_min=10_000)
    positive = sum(amount > 0 for amount in amounts) / len(amounts) if amounts else None
    run.quality("amount_positive", positive, threshold=0.99, error=None if amounts else "there are no orders")
    run.drift({"amount": amounts})
    return len(amounts)


@task
def publish(rows: int) -> None:
    print(f"{rows} orders published")


@flow(name=PIPELINE)
def orders_daily(rows: int = 12_000) -> None:
    run_id = str(runtime.flow_run.id)
    # A flow that is retried keeps its id: each try is an attempt of the same run.
    with pipeline(PIPELINE).run(run_id, attempt=runtime.flow_run.run_count or 1):
        loaded = load(extract(rows), run_id)
    gate(PIPELINE, on_unreachable="block").require(run_id=run_id)
    publish(loaded)


if __name__ == "__main__":
    orders_daily(*map(int, sys.argv[1:]))

"""An Airflow 3 DAG with a gate: `publish` runs only when the data of this DAG run is good.

The scheduler parses this file every few seconds: nothing of Sluice is imported here, only inside tasks and callbacks.
Task retries are no problem: what a higher try_number reports replaces what the lower one said.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import dag, get_current_context, task

PIPELINE = "orders_daily"


def evidence() -> Any:
    """What this task reports belongs to the DAG run, whose start and end are not the task's to report."""
    from sluice_client import pipeline

    context = get_current_context()
    return pipeline(PIPELINE).attach(context["run_id"], attempt=context["ti"].try_number)


def report_end(status: str) -> Any:
    def callback(context: Any) -> None:
        from sluice_client import flush, pipeline

        reason = context.get("reason") if status == "failed" else None
        pipeline(PIPELINE).run(context["run_id"]).end(status, error=reason)
        flush(5)

    return callback


@dag(
    dag_id=PIPELINE,
    schedule="0 2 * * *",
    start_date=datetime(2026, 11, 1),
    catchup=False,
    params={"rows": 12_000},
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5)},
    on_success_callback=report_end("success"),
    on_failure_callback=report_end("failed"),
)
def orders_daily() -> None:
    @task
    def start() -> None:
        from sluice_client import pipeline

        context = get_current_context()
        interval = {key: context[key] for key in ("data_interval_start", "data_interval_end") if context.get(key)}
        pipeline(PIPELINE).run(context["run_id"], **interval).start()

    @task
    def extract() -> list[dict[str, Any]]:
        rows = get_current_context()["params"]["rows"]
        orders = [{"order_id": n, "amount": 10 + n % 90, "country": "de" if n % 3 else "fr"} for n in range(rows)]
        evidence().records("extract", len(orders))
        return orders

    @task
    def load(orders: list[dict[str, Any]]) -> None:
        run = evidence()
        run.records("load", len(orders), expected_min=10_000)
        run.quality("amount_positive", sum(order["amount"] > 0 for order in orders) / len(orders), threshold=0.99)
        run.drift({"amount": [order["amount"] for order in orders], "country": [order["country"] for order in orders]})

    # A blocked gate is an answer, not an accident: asking again at once would get the same one.
    @task(retries=0)
    def quality_gate() -> None:
        from sluice_client import gate

        # The run has not ended yet, so the gate decides on the evidence so far.
        gate(PIPELINE, on_unreachable="block").require(run_id=get_current_context()["run_id"], while_running=True)

    @task
    def publish() -> None:
        print("published")

    first, orders, gated = start(), extract(), quality_gate()
    first >> orders
    load(orders) >> gated >> publish()


orders_daily()

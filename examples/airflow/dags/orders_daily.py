"""An Airflow 3 DAG with a gate: `publish` runs only when the data of this DAG run is good.

The scheduler parses this file every few seconds: nothing of Sluice is imported here, only inside tasks and callbacks.

A DAG run that is cleared keeps its run_id: each clear is another attempt of it, which every task announces before it starts and
which resumes the one before, since tasks that are not cleared are not run again. A retry of a task is a try: what the greatest
one reports speaks.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import dag, get_current_context, task

PIPELINE = "orders_daily"
FAILURE = "sluice_failure"


def sluice_run(context: Any) -> Any:
    """This DAG run as its starts and ends say it."""
    from sluice_client import pipeline

    dag_run = context.get("dag_run")
    dates = ("data_interval_start", "data_interval_end", "logical_date")
    about = {name: value for name in dates if (value := getattr(dag_run, name, None)) is not None}
    if dag_run is not None:
        about["attempt"] = (dag_run.clear_number or 0) + 1
        about["resumes"] = about["attempt"] > 1
    return pipeline(PIPELINE).run(context["run_id"], **about)


def report_start(context: Any) -> None:
    sluice_run(context).start(ends_elsewhere=True)


def keep_failure(context: Any) -> None:
    """For report_failure, which is not told what went wrong."""
    error = context.get("exception")
    context["ti"].xcom_push(key=FAILURE, value=f"{type(error).__name__}: {error}"[:4000])


def report_success(context: Any) -> None:
    from sluice_client import flush

    sluice_run(context).end("success")
    flush(5)


def report_failure(context: Any) -> None:
    from sluice_client import flush

    sluice_run(context).end("failed", error=failures(context))
    flush(5)


def failures(context: Any) -> str:
    """Which tasks failed, and with what."""
    ti, reason = context.get("ti"), str(context.get("reason"))
    if ti is None:
        return reason
    try:
        states = ti.get_task_states(dag_id=ti.dag_id, run_ids=[context["run_id"]])[context["run_id"]]
        failed = [task_id for task_id, state in states.items() if state == "failed"]
        said = {task_id: ti.xcom_pull(task_ids=task_id, key=FAILURE) for task_id in failed}
    except Exception:  # what Airflow tells a callback differs from version to version
        said = {ti.task_id: None}
    return "\n".join(f"{task_id}: {error or reason}" for task_id, error in said.items()) or reason


def evidence() -> Any:
    """What this task reports belongs to the DAG run, whose start and end are not the task's to report."""
    from sluice_client import pipeline

    context = get_current_context()
    attempt = (context["dag_run"].clear_number or 0) + 1
    return pipeline(PIPELINE).attach(context["run_id"], attempt=attempt, try_=context["ti"].try_number)


@dag(
    dag_id=PIPELINE,
    schedule="0 2 * * *",
    start_date=datetime(2026, 11, 1),
    catchup=False,
    params={"rows": 12_000},
    default_args={
        "retries": 2,
        "retry_delay": timedelta(minutes=5),
        "on_execute_callback": report_start,
        "on_failure_callback": keep_failure,
    },
    on_success_callback=report_success,
    on_failure_callback=report_failure,
)
def orders_daily() -> None:
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
        positive = sum(order["amount"] > 0 for order in orders) / len(orders) if orders else None
        run.quality("amount_positive", positive, threshold=0.99, error=None if orders else "there are no orders")
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

    load(extract()) >> quality_gate() >> publish()


orders_daily()

import type { TestAgent } from "../support/agent.ts";
import { inPython, withTypeScriptClient } from "./clients.ts";

/** One way in which evidence is there, or is not. `what` is its row in docs/absence.md. */
export interface Scenario {
  what: string;
  pipeline_name: string;
  /** The run that the gate is asked about; absent: the latest. */
  run_id?: string;
  /** Whether the next step may go on. */
  cell: "open" | "closed";
  arrange(agent: TestAgent): Promise<void>;
}

export const YAML = `
gate:
  policies:
    - {pipeline_name: partly, requires: {checks: [null_rate, row_count]}}
    - {pipeline_name: missing_check, requires: {checks: [null_rate]}}
    - {pipeline_name: stale, max_age: 1h}
`;

const HOUR = 3_600_000;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

/** Reports in a batch, each taken. */
async function send(agent: TestAgent, pipeline_name: string, ...reports: object[]): Promise<void> {
  const items = reports.map((report) => ({ pipeline_name, run_id: "today", ...report }));
  const { status, text, body } = await agent.post("/v1/reports", items);
  const rejected = (body as { rejected?: object[] } | undefined)?.rejected ?? [];
  if (status !== 200 || rejected.length > 0) throw new Error(`${pipeline_name}: ${text}`);
}

/** A report that the agent refuses. */
async function refused(agent: TestAgent, route: string, body: object): Promise<void> {
  const { status, text } = await agent.post(route, body);
  if (status < 400 || status > 499) throw new Error(`${route} was not refused: ${status} ${text}`);
}

const rows = { kind: "records", stage: "load", count: 2_000 };
const good = { kind: "quality", check_name: "null_rate", score: 0.999, threshold: 0.95 };
const ended = { kind: "run", status: "success" };

export const SCENARIOS: Scenario[] = [
  {
    what: "each check passed",
    pipeline_name: "passed",
    cell: "open",
    arrange: (agent) => send(agent, "passed", rows, good, ended),
  },
  {
    what: "a check of severity `warn` failed (told as a warning)",
    pipeline_name: "warned",
    cell: "open",
    arrange: (agent) => send(agent, "warned", rows, { ...good, score: 0.5, severity: "warn" }, ended),
  },
  {
    what: "a check failed",
    pipeline_name: "failed",
    cell: "closed",
    arrange: (agent) => send(agent, "failed", rows, { ...good, score: 0.5 }, ended),
  },
  {
    what: "a check could not be computed",
    pipeline_name: "errored",
    cell: "closed",
    arrange: (agent) => send(agent, "errored", rows, { ...good, score: null, error: "no connection" }, ended),
  },
  {
    what: "a required check is missing",
    pipeline_name: "missing_check",
    cell: "closed",
    arrange: (agent) => send(agent, "missing_check", rows, ended),
  },
  {
    what: "some of what is required has arrived, some not",
    pipeline_name: "partly",
    cell: "closed",
    arrange: (agent) => send(agent, "partly", rows, good, ended),
  },
  { what: "the pipeline never ran", pipeline_name: "never_ran", cell: "closed", arrange: async () => {} },
  {
    what: "the run never ran, another did",
    pipeline_name: "other_run",
    run_id: "tomorrow",
    cell: "closed",
    arrange: (agent) => send(agent, "other_run", rows, good, ended),
  },
  {
    what: "the run has not ended",
    pipeline_name: "going_on",
    cell: "closed",
    run_id: "today",
    arrange: (agent) => send(agent, "going_on", { kind: "run", status: "started" }, rows, good),
  },
  {
    what: "nothing but the run's success was reported",
    pipeline_name: "success_alone",
    cell: "closed",
    arrange: (agent) => send(agent, "success_alone", ended),
  },
  {
    what: "the evidence is of an earlier run",
    pipeline_name: "earlier_run",
    cell: "closed",
    async arrange(agent) {
      const yesterday = { run_id: "yesterday", at: ago(24 * HOUR) };
      await send(
        agent,
        "earlier_run",
        { ...rows, ...yesterday },
        { ...good, ...yesterday },
        { ...ended, ...yesterday },
      );
      await send(agent, "earlier_run", ended);
    },
  },
  {
    what: "the evidence is of an earlier attempt",
    pipeline_name: "earlier_attempt",
    run_id: "today",
    cell: "closed",
    async arrange(agent) {
      await send(agent, "earlier_attempt", { ...rows, at: ago(3 * HOUR) }, { ...good, at: ago(3 * HOUR) });
      await send(agent, "earlier_attempt", { kind: "run", status: "failed", at: ago(2 * HOUR) });
      await send(agent, "earlier_attempt", { ...ended, started_at: ago(HOUR), at: ago(0) });
    },
  },
  {
    what: "the evidence is older than the policy's `max_age`",
    pipeline_name: "stale",
    cell: "closed",
    async arrange(agent) {
      const at = ago(3 * HOUR);
      await send(agent, "stale", { ...rows, at }, { ...good, at }, { ...ended, at });
    },
  },
  {
    what: "a failed check came after the run's end",
    pipeline_name: "late",
    cell: "closed",
    async arrange(agent) {
      await send(agent, "late", rows, good, ended);
      await send(agent, "late", { ...good, check_name: "row_count", score: 0.1 });
    },
  },
  {
    what: "a failed check came after the run's end, without its run_id",
    pipeline_name: "late_and_loose",
    cell: "closed",
    async arrange(agent) {
      await send(agent, "late_and_loose", rows, good, ended);
      await send(agent, "late_and_loose", { ...good, run_id: undefined, check_name: "row_count", score: 0.1 });
    },
  },
  {
    what: "a failed check came after the end of a run that has no run_id",
    pipeline_name: "late_and_run_less",
    cell: "closed",
    async arrange(agent) {
      const runLess = { run_id: undefined };
      await send(
        agent,
        "late_and_run_less",
        { ...rows, ...runLess, at: ago(2 * HOUR) },
        { ...ended, ...runLess, at: ago(HOUR) },
      );
      await send(agent, "late_and_run_less", { ...good, ...runLess, score: 0.1 });
    },
  },
  {
    what: "the run was retracted (invalidated)",
    pipeline_name: "retracted",
    cell: "closed",
    async arrange(agent) {
      await send(agent, "retracted", rows, good, ended);
      await agent.post("/v1/runs/retracted/today/invalidate", { actor: "anna", reason: "the wrong file" });
    },
  },
  {
    what: "a count was refused by the agent",
    pipeline_name: "refused_count",
    cell: "closed",
    async arrange(agent) {
      await send(agent, "refused_count", { kind: "run", status: "started" }, good);
      await refused(agent, "/v1/records", {
        pipeline_name: "refused_count",
        run_id: "today",
        stage: "load",
        count: -5,
      });
      await send(agent, "refused_count", ended);
    },
  },
  {
    what: "one check of several was refused by the agent",
    pipeline_name: "refused_check",
    cell: "closed",
    async arrange(agent) {
      const run = { pipeline_name: "refused_check", run_id: "today" };
      await send(agent, "refused_check", { kind: "run", status: "started" }, rows);
      const checks = [
        { check_name: "null_rate", score: 1 },
        { check_name: "row_count", score: 95 },
      ];
      await agent.post("/v1/quality", { ...run, checks });
      await send(agent, "refused_check", ended);
    },
  },
  {
    what: "a feature is of another kind than its reference",
    pipeline_name: "other_kind",
    cell: "closed",
    async arrange(agent) {
      await reference(agent, "other_kind", "amount");
      const features = { amount: { categories: { ten: 50, twenty: 50 } } };
      await send(agent, "other_kind", { kind: "run", status: "started" }, rows, good);
      await agent.post("/v1/drift", { pipeline_name: "other_kind", run_id: "today", features });
      await send(agent, "other_kind", ended);
    },
  },
  {
    what: "a column that was accepted is renamed",
    pipeline_name: "renamed",
    cell: "closed",
    async arrange(agent) {
      const columns = (name: string) => ({ kind: "schema", complete: true, columns: [{ name, type: "int64" }] });
      await send(agent, "renamed", rows, good, columns("user_id"));
      await agent.post("/v1/schema/renamed/accept", { run_id: "today", actor: "anna" });
      await send(agent, "renamed", columns("userId"), ended);
    },
  },
  {
    what: "all counts are 0",
    pipeline_name: "zero_rows",
    cell: "closed",
    arrange: (agent) => send(agent, "zero_rows", { ...rows, stage: "write", count: 0 }, good, ended),
  },
  {
    what: "the TypeScript client refused a score",
    pipeline_name: "ts_score",
    run_id: "today",
    cell: "closed",
    arrange: (agent) =>
      withTypeScriptClient(agent, "ts_score", (run) => {
        run.records("load", 2_000);
        run.quality("null_rate", Number.NaN);
      }),
  },
  {
    what: "the TypeScript client dropped a count",
    pipeline_name: "ts_count",
    run_id: "today",
    cell: "closed",
    arrange: (agent) =>
      withTypeScriptClient(agent, "ts_count", (run) => {
        run.records("load", -1);
        run.quality("null_rate", 0.999);
      }),
  },
  {
    what: "the Python client refused a score",
    pipeline_name: "py_score",
    run_id: "today",
    cell: "closed",
    arrange: (agent) =>
      inPython(
        agent,
        `
from sluice_client import pipeline
with pipeline("py_score").run("today") as run:
    run.records("load", 2000)
    run.quality("null_rate", float("nan"))`,
      ),
  },
  {
    what: "the Python client dropped a count",
    pipeline_name: "py_count",
    run_id: "today",
    cell: "closed",
    arrange: (agent) =>
      inPython(
        agent,
        `
from sluice_client import pipeline
with pipeline("py_count").run("today") as run:
    run.records("load", -1)
    run.quality("null_rate", 0.999)`,
      ),
  },
];

async function reference(agent: TestAgent, pipeline_name: string, feature_name: string): Promise<void> {
  const { status, text } = await agent.send({
    method: "PUT",
    path: `/v1/references/${pipeline_name}/${feature_name}`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ edges: [0, 10, 20], counts: [500, 500] }),
  });
  if (status !== 200) throw new Error(`no reference: ${text}`);
}

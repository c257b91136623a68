import { askJson, url } from "../../api/request.ts";
import type {
  List,
  ShownGate,
  ShownPipelineDetail,
  ShownPipelineSla,
  ShownRun,
  ShownRunDetail,
  ShownVerdict,
} from "../../api/types.ts";
import { Section } from "../../parts/section.tsx";
import { Waiting } from "../../parts/status.tsx";
import { pipelinePath, query } from "../../router.ts";
import { useLoad } from "../../state/use-load.ts";
import { Budget } from "../sla/budget.tsx";
import { SlaSentence } from "../sla/sla-sentence.tsx";
import { Decided } from "./decided.tsx";
import { DriftSummary } from "./drift-summary.tsx";
import { Freshness } from "./freshness.tsx";
import { GateHistory } from "./gate-history.tsx";
import { Neighbours } from "./neighbours.tsx";
import { Overrides } from "./overrides.tsx";
import { PipelineHead } from "./pipeline-head.tsx";
import { RunEvidence } from "./run-evidence.tsx";
import { RunsStrip } from "./runs-strip.tsx";

const RUNS = 60;

/** What is decided about a pipeline, why, and what it was decided from: in one column, the most important first. */
export function PipelineView({ pipeline_name }: { pipeline_name: string }) {
  const useAsked = <T,>(parts: string[], more: Record<string, string | number> = {}) =>
    useLoad<T>(url(parts, more), (signal) => askJson<T>(url(parts, more), { signal }), pipeline_name);
  const gate = useAsked<ShownGate>(["gates", pipeline_name]);
  const detail = useAsked<ShownPipelineDetail>(["pipelines", pipeline_name]);
  const runs = useAsked<List<ShownRun>>(["runs"], { pipeline_name, limit: RUNS });
  const drift = useAsked<List<ShownVerdict>>(["drift", pipeline_name]);
  const last = detail.data?.last_run ?? null;
  const run_id = query.value.get("run") ?? last?.run_id ?? null;
  return (
    <>
      <PipelineHead pipeline_name={pipeline_name} tab="" />
      <Waiting of={gate} what="the gate" />
      {gate.data !== null && <Decided gate={gate.data} />}
      <Overrides pipeline_name={pipeline_name} run_id={gate.data?.run_id ?? null} onChange={gate.reload} />
      <Waiting of={runs} what="the runs" />
      {runs.data !== null && <RunsStrip pipeline_name={pipeline_name} runs={runs.data.items} chosen={run_id} />}
      {run_id !== null && <ChosenRun pipeline_name={pipeline_name} run_id={run_id} last={last} />}
      <Waiting of={detail} what="the pipeline" />
      {detail.data !== null && <Freshness datasets={detail.data.datasets} />}
      {drift.data !== null && <DriftSummary pipeline_name={pipeline_name} verdicts={drift.data.items} />}
      {detail.data !== null && <SlaSummary sla={detail.data.sla} />}
      <Neighbours pipeline_name={pipeline_name} />
      <GateHistory pipeline_name={pipeline_name} />
    </>
  );
}

function ChosenRun({
  pipeline_name,
  run_id,
  last,
}: {
  pipeline_name: string;
  run_id: string;
  last: ShownRunDetail | null;
}) {
  const path = url(["runs", pipeline_name, run_id]);
  const run = useLoad<ShownRunDetail>(path, (signal) => askJson<ShownRunDetail>(path, { signal }), pipeline_name);
  // The last run came with the pipeline; there is nothing to wait for.
  const shown = run.data ?? (last?.run_id === run_id ? last : null);
  return shown === null ? (
    <Waiting of={run} what="the run" />
  ) : (
    <RunEvidence run={shown} isLast={last?.run_id === run_id} pipeline_name={pipeline_name} />
  );
}

function SlaSummary({ sla }: { sla: ShownPipelineSla }) {
  return (
    <Section title="SLA" aside={<a href={pipelinePath(sla.pipeline_name, "sla")}>Calendar and table</a>}>
      <SlaSentence sla={sla} days={30} />
      <Budget sla={sla} />
    </Section>
  );
}

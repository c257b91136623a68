import type { Paint } from "../text/paint.ts";
import { table } from "../text/table.ts";

interface ShownColumn {
  name: string;
  /** null: it was refused. */
  type: string | null;
  nullable: boolean | null;
}

interface ShownChange {
  change: "removed" | "renamed" | "retyped" | "added";
  column: string;
  renamed_to: string | null;
  was: string | null;
  is: string | null;
  source: string | null;
}

/** As GET /v1/schema/{pipeline_name} answers. */
export interface ShownSchema {
  dataset: string;
  baseline: {
    source: string;
    run_id: string | null;
    actor: string | null;
    columns: (ShownColumn & { source: string })[];
  } | null;
  latest: { run_id: string | null; at: string; complete: boolean; columns: ShownColumn[] } | null;
  diff: { changes: ShownChange[]; notes: { column: string; was: string; is: string }[]; reordered: boolean } | null;
}

/** The columns of the newest schema in their order, then those that are gone. */
export function schemaText({ dataset, baseline, latest, diff }: ShownSchema, paint: Paint): string {
  const title = `${paint("bold", dataset)}: ${latestText(latest)}; ${baselineText(baseline)}`;
  const remarks = remarksOf(diff);
  const columns = latest?.columns ?? baseline?.columns ?? [];
  const here = new Set(columns.map(({ name }) => name));
  const gone = (diff?.changes ?? []).filter(({ column }) => !here.has(column));
  const rows = [
    ...columns.map(({ name, type }) => [name, type ?? "?", remarks.get(name) ?? ""]),
    ...gone.map(({ column, was }) => [column, was ?? "?", remarks.get(column) ?? ""]),
  ];
  const header = ["COLUMN", "TYPE", ""].map((cell) => paint("bold", cell));
  const painted = rows.map(([name, type, remark]) => [name!, type!, paintRemark(remark!, paint)]);
  return `${title}\n${table([header, ...painted])}${diff?.reordered ? "\nThe columns stand in another order." : ""}`;
}

function remarksOf(diff: ShownSchema["diff"]): Map<string, string> {
  const notes = (diff?.notes ?? []).map(({ column, was }) => [column, `~ was ${was}`] as const);
  const changes = (diff?.changes ?? []).map((change) => [change.column, `! ${changeText(change)}`] as const);
  return new Map([...notes, ...changes]);
}

function changeText({ change, renamed_to, was, source }: ShownChange): string {
  if (change === "added") return "new";
  const expected = source === "learned" ? "the runs before had it" : source;
  if (change === "removed") return `gone (${expected})`;
  if (change === "renamed") return `probably ${renamed_to} now (${expected})`;
  return `was ${was} (${expected})`;
}

function paintRemark(remark: string, paint: Paint): string {
  if (remark === "! new" || remark.startsWith("~")) return paint("yellow", remark);
  return remark === "" ? "" : paint("red", remark);
}

function latestText(latest: ShownSchema["latest"]): string {
  if (latest === null) return "nothing was reported";
  const run = latest.run_id === null ? "a report without a run" : `run ${latest.run_id}`;
  return `${run} has ${latest.columns.length} columns${latest.complete ? "" : " that were named, not all"}`;
}

function baselineText(baseline: ShownSchema["baseline"]): string {
  if (baseline === null) return "nothing is expected yet";
  const { source, run_id, actor } = baseline;
  if (source === "learned") return "held against what the runs before had";
  return `held against what ${actor} ${source}${run_id === null ? "" : ` of run ${run_id}`}`;
}

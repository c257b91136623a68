import type { Paint } from "../text/paint.ts";
import { table } from "../text/table.ts";
import { type Comparison, differs, type Tested } from "./compare-run.ts";

/** Of each pipeline the runs about which the policy would have decided otherwise, then how many there are. */
export function policyText(tested: readonly Tested[], paint: Paint): string {
  const blocks = tested.filter(({ runs }) => runs.some(differs)).map((one) => pipelineText(one, paint));
  return [...blocks, summary(tested)].join("\n\n");
}

function pipelineText({ pipeline_name, runs }: Tested, paint: Paint): string {
  const different = runs.filter(differs);
  const rows = different.map((run) => [
    `  ${run.run_id}`,
    run.decided,
    coloured(run, paint),
    run.reasons[0]?.detail ?? "",
  ]);
  const header = ["  RUN", "DECIDED", "WOULD BE", "WHY"];
  return `${pipeline_name}: ${different.length} of ${counted(runs.length, "run")}\n${table([header, ...rows])}`;
}

function coloured({ proposed, decided_allowed, proposed_allowed }: Comparison, paint: Paint): string {
  if (decided_allowed === proposed_allowed) return paint("yellow", proposed);
  return paint(proposed_allowed ? "green" : "red", proposed);
}

function summary(tested: readonly Tested[]): string {
  const runs = tested.flatMap((one) => one.runs);
  const different = runs.filter(differs);
  const held = different.filter((run) => run.decided_allowed && !run.proposed_allowed).length;
  const released = different.filter((run) => !run.decided_allowed && run.proposed_allowed).length;
  const looked = `${counted(runs.length, "run")} of ${counted(tested.length, "pipeline")}`;
  if (different.length === 0) return `${looked}: every decision would be the same.`;
  return `${looked}: ${different.length} decided otherwise, ${held} newly held back, ${released} newly let through.`;
}

function counted(n: number, thing: string): string {
  return `${n} ${thing}${n === 1 ? "" : "s"}`;
}

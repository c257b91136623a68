import { isDeepStrictEqual } from "node:util";
import { some } from "./invariants.ts";

interface Gate {
  pipeline_name: string;
  decision: string;
  run_id: string | null;
  evidence_at: string | null;
  reasons: object[];
}

const PAGE = 1000;

/** Where a gate says something else than the tables of evidence do, asked again from the start. */
export async function gateProblems(url: string): Promise<string[]> {
  const list = (await (await fetch(`${url}/v1/gates?limit=${PAGE}`)).json()) as { items: Gate[] };
  const wrong: string[] = [];
  for (const gate of list.items) {
    const path = `/v1/gates/${encodeURIComponent(gate.pipeline_name)}/evaluate`;
    const headers = { "content-type": "application/json" };
    const answer = await fetch(url + path, { method: "POST", headers, body: "{}" });
    const replayed = (await answer.json()) as Gate;
    if (!isDeepStrictEqual(said(gate), said(replayed))) {
      wrong.push(
        `${gate.pipeline_name}: ${JSON.stringify(said(gate))}, the tables say ${JSON.stringify(said(replayed))}`,
      );
    }
  }
  if (list.items.length === 0) wrong.push("no gate was decided");
  return wrong.length === 0 ? [] : [`${wrong.length} gates differ from their evidence: ${some(wrong)}`];
}

function said({ decision, run_id, evidence_at, reasons }: Gate) {
  return { decision, run_id, evidence_at, reasons };
}

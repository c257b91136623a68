import type { GateDecision } from "../../client/gate/decision.ts";
import type { Paint } from "../text/paint.ts";

const COLOUR = { pass: "green", warn: "yellow", block: "red" } as const;

function coloured(paint: Paint, word: string): string {
  return paint([COLOUR[word as keyof typeof COLOUR] ?? "magenta", "bold"], word);
}

/** The decision first, then what led to it, the worst first, then who overrode it. */
export function gateText(answer: GateDecision, paint: Paint): string {
  const { pipeline_name, decision, allowed, run_id, reasons, override } = answer;
  const go = allowed ? "may go on" : "may not go on";
  const run = run_id === null || run_id === undefined ? "no run" : `run ${run_id}`;
  const lines = [`${pipeline_name}: ${coloured(paint, decision)}, ${go} (${run})`];
  for (const { severity, detail, code } of reasons) {
    lines.push(`  ${coloured(paint, severity)}  ${detail}  ${paint("dim", `(${code})`)}`);
  }
  if (override) {
    lines.push(
      `  overridden to ${override.decision} by ${override.actor} until ${override.expires_at}: ${override.reason}`,
    );
  }
  return lines.join("\n");
}

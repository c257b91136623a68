import type { ShownDecision } from "../api/types.ts";

/** A state has a shape and a word besides its colour: circle, triangle, octagon, dashed circle, diamond. */
const SHAPES: Record<ShownDecision, preact.JSX.Element> = {
  pass: (
    <>
      <circle cx="10" cy="10" r="8.5" class="shape" />
      <path d="M6 10.4l2.8 2.8L14.2 7" class="sign" />
    </>
  ),
  warn: (
    <>
      <path d="M10 1.8L19 18H1z" class="shape" />
      <path d="M10 7.4v5M10 14.6v.9" class="sign" />
    </>
  ),
  block: (
    <>
      <path d="M6.3 1h7.4L19 6.3v7.4L13.7 19H6.3L1 13.7V6.3z" class="shape" />
      <path d="M6.8 6.8l6.4 6.4M13.2 6.8l-6.4 6.4" class="sign" />
    </>
  ),
  pending: (
    <>
      <circle cx="10" cy="10" r="8.5" class="shape hollow" />
      <path d="M5.6 10h.2M9.9 10h.2M14.2 10h.2" class="sign" />
    </>
  ),
  unknown: (
    <>
      <path d="M10 .8L19.2 10 10 19.2.8 10z" class="shape hollow" />
      <path d="M7.7 8.3c0-3 4.6-3 4.6 0 0 1.6-2.3 1.7-2.3 3.2M10 13.6v.4" class="sign" />
    </>
  ),
};

export function StateIcon({ decision }: { decision: ShownDecision }) {
  return (
    <svg class={`state-icon ${decision}`} viewBox="0 0 20 20" aria-hidden="true">
      {SHAPES[decision] ?? SHAPES.unknown}
    </svg>
  );
}

export function StateMark({ decision, large = false }: { decision: ShownDecision; large?: boolean }) {
  return (
    <span class={`state ${decision} ${large ? "large" : ""}`}>
      <StateIcon decision={decision} />
      <span class="word">{decision}</span>
    </span>
  );
}

const AS_DECISION: Record<string, ShownDecision> = {
  ok: "pass",
  passed: "pass",
  success: "pass",
  stable: "pass",
  sent: "pass",
  ready: "pass",
  active: "pending",
  breaching: "block",
  "not passed": "block",
  failed: "block",
  drifted: "block",
  errored: "unknown",
  dead: "block",
  "not ready": "block",
  inconclusive: "warn",
  retrying: "warn",
  started: "pending",
  pending: "pending",
};

/** Words other than the gate's, in the same shapes and colours. */
export function WordMark({ word }: { word: string }) {
  const decision = AS_DECISION[word] ?? "unknown";
  return (
    <span class={`state ${decision}`}>
      <StateIcon decision={decision} />
      <span class="word">{word.replaceAll("_", " ")}</span>
    </span>
  );
}

import { expect, test } from "vitest";
import { nothingCommitted } from "../../../../src/domain/commit/committed.ts";
import type { GateState } from "../../../../src/domain/gate/transition.ts";
import { type GateRow, StoreError } from "../../../../src/ports.ts";
import { readAllBehind, readBehind } from "../../../../src/service/gate/answer/read-behind.ts";
import { emptyRow } from "../../../../src/service/gate/answer/read-gate.ts";
import { GateViews } from "../../../../src/service/gate/gate-views.ts";
import { Policies } from "../../../../src/service/gate/policies.ts";

const policies = new Policies({ defaults: {}, entries: [] });
const state: GateState = {
  decision: "pending",
  allowed: false,
  reasons: [],
  run_id: "r",
  evidence_at: 1,
  valid_until: null,
  decision_id: "stored",
  decided_at: 1,
  policy_version: policies.of("p").policy_version,
  override: null,
};
const shown = { pipeline_name: "p", revision: 1, state, data_interval_end: null, cause: null };

/** A pending gate with evidence that came since, and what a question of it reads. */
function pending(latestEvidence: () => Promise<GateRow[]>) {
  const gauges = { showGates: () => undefined, showUpstreams: () => undefined };
  const gateViews = new GateViews({ policies, gauges, onTouched: () => undefined });
  gateViews.observe({ ...nothingCommitted(), gates: [shown], undecided: ["p"] });
  return { gateViews, policies, clock: { now: () => 10 }, reader: { latestEvidence } };
}

const anotherEvidence = (gateViews: GateViews) => gateViews.observe({ ...nothingCommitted(), undecided: ["p"] });

test("what was read is kept until the next evidence", async () => {
  const deps = pending(async () => [emptyRow("p", null)]);
  const read = await readBehind(deps, shown, deps.gateViews.behind("p")!);
  expect(deps.gateViews.reading("p")).toBe(read);
  anotherEvidence(deps.gateViews);
  expect(deps.gateViews.reading("p")).toBeUndefined();
});

test("what was read before evidence that came meanwhile is not kept", async () => {
  const deps = pending(async () => {
    anotherEvidence(deps.gateViews);
    return [emptyRow("p", null)];
  });
  await readBehind(deps, shown, deps.gateViews.behind("p")!);
  expect(deps.gateViews.reading("p")).toBeUndefined();
});

test("a decision makes an end of it", () => {
  const { gateViews } = pending(async () => []);
  gateViews.observe({ ...nothingCommitted(), gates: [{ ...shown, revision: 2 }] });
  expect(gateViews.behind("p")).toBeNull();
});

test("while the store is away the stored decision is the answer, of many too", async () => {
  const away = () => Promise.reject(new StoreError("unavailable", "no connection", {}));
  const deps = pending(away);
  expect(await readBehind(deps, shown, 1)).toBe(shown);
  await readAllBehind(deps, ["p", "unheard of"]);
  expect(deps.gateViews.reading("p")).toBeUndefined();
});

test("a mistake of ours is no answer", async () => {
  const deps = pending(() => Promise.reject(new StoreError("broken", "no such column", {})));
  await expect(readBehind(deps, shown, 1)).rejects.toThrow("no such column");
});

import { expect, test } from "vitest";
import type { Override } from "../../../../src/domain/gate/transition.ts";
import { decideRow } from "../../../../src/service/gate/decide/decide-row.ts";
import { asking, check, evidence, MINUTE, NOW, policy, run } from "../../../domain/gate/checks/evidence.ts";

const override = (override_id: string, given: Partial<Override>): Override => ({
  override_id,
  decision: "block",
  reason: "r",
  actor: "a",
  created_at: NOW,
  expires_at: NOW + 60 * MINUTE,
  run_id: null,
  ...given,
});

/** Of two overrides, in either order. */
function winner(one: Partial<Override>, other: Partial<Override>): string[] {
  const given = evidence({ run: run({ run_id: "r2" }), checks: [check()] });
  const [a, b] = [override("one", one), override("other", other)];
  return [
    [a, b],
    [b, a],
  ].map((overrides) => decideRow({ evidence: given, overrides }, policy(), asking()).override!.override_id);
}

test.each<[string, Partial<Override>, Partial<Override>]>([
  ["a block over a pass, however long that lasts", {}, { decision: "pass", expires_at: NOW + 90 * MINUTE }],
  ["the one that lasts longer", { expires_at: NOW + 61 * MINUTE }, {}],
  ["of two that last as long, the one about the run", { run_id: "r2" }, {}],
  ["of two alike, the same one always", {}, {}],
])("of two overrides stands %s", (_, one, other) => {
  expect(winner(one, other)).toEqual(["one", "one"]);
});

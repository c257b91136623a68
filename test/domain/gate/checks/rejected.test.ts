import { expect, test } from "vitest";
import { assess } from "../../../../src/domain/gate/assess.ts";
import { checkRejected } from "../../../../src/domain/gate/checks/rejected.ts";
import type { UnknownEffect } from "../../../../src/domain/gate/policy/rules.ts";
import { asking, check, evidence, going, lines, NOW, policy, rejected, run } from "./evidence.ts";

const result = (items: Parameters<typeof rejected>[0][], effect?: UnknownEffect) =>
  checkRejected(evidence({ rejected: items.map(rejected) }), policy(effect && { rejected: effect }));

const TEXT =
  "report_rejected load: The records report of load of 2026-11-20 02:30 UTC was refused (invalid_report): " +
  "count: -5 given; must be a whole number from 0 to 9007199254740991";

test("nothing was refused", () => {
  expect(result([])).toEqual({ reasons: [], valid_until: null, judged: false });
  const { rejected: _, ...older } = evidence();
  expect(checkRejected(older, policy()).reasons).toEqual([]);
});

test("what was refused is unknown, or what the policy says of it", () => {
  expect(lines(result([{}]).reasons)).toEqual([`unknown ${TEXT}`]);
  expect(lines(result([{}], "block").reasons)).toEqual([`block ${TEXT}`]);
  expect(lines(result([{}], "warn").reasons)).toEqual([`warn ${TEXT}`]);
  expect(result([{}], "off").reasons).toEqual([]);
});

test("what nobody could read, and what a client dropped, is told as that", () => {
  const items = [
    { kind: "quality", item: "?", why: "checks: 5 given" },
    { kind: "?", item: "?", why: "kind: missing" },
    { kind: "drift", item: "amount", code: "lost", why: "the queue was full" },
  ];
  expect(lines(result(items).reasons)).toEqual([
    "unknown report_rejected ?: The quality report of 2026-11-20 02:30 UTC was refused (invalid_report): checks: 5 given",
    "unknown report_rejected ?: A report of 2026-11-20 02:30 UTC was refused (invalid_report): kind: missing",
    "unknown report_rejected amount: The drift report of amount could not be delivered by its client: the queue was full",
  ]);
});

test("beside good evidence the decision is unknown; while the run goes on it waits", () => {
  const given = { checks: [check()], rejected: [rejected()] };
  const decide = (one: ReturnType<typeof run>) => assess(evidence({ ...given, run: one }), policy(), asking());
  expect(decide(run())).toMatchObject({ decision: "unknown", allowed: false, evidence_at: NOW - 90 * 60_000 });
  expect(decide(going()).decision).toBe("pending");
  const blocking = policy({ rejected: "block" });
  expect(assess(evidence({ ...given, run: going() }), blocking, asking()).decision).toBe("pending");
});

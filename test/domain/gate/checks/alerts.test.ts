import { expect, test } from "vitest";
import { checkAlerts } from "../../../../src/domain/gate/checks/alerts.ts";
import type { AlertEvidence } from "../../../../src/domain/gate/evidence/evidence.ts";
import type { Effect } from "../../../../src/domain/gate/policy/rules.ts";
import { alert, asking, evidence, lines, MINUTE, NOW, policy } from "./evidence.ts";

const result = (alerts: AlertEvidence[], effect: Effect = "block", now = NOW) =>
  checkAlerts(evidence({ alerts }), policy({ alerts: effect }), asking({ now }));
const FIRING = "alert_firing DiskFull: Alert DiskFull has been firing since 2026-11-20 03:50 UTC";

test.each<[string, AlertEvidence[], Effect, string[]]>([
  ["none", [], "block", []],
  ["one that blocks", [alert()], "block", [`block ${FIRING}: disk of db1 is full`]],
  ["one that blocks, where alerts warn", [alert({ summary: null })], "warn", [`warn ${FIRING}`]],
  ["one that warns never blocks", [alert({ gate: "warn", summary: null })], "block", [`warn ${FIRING}`]],
  ["one that blocks, where alerts do not matter", [alert()], "off", []],
  ["one that nothing was heard of for too long", [alert({ expires_at: NOW })], "block", []],
])("%s", (_what, alerts, effect, expected) => {
  expect(lines(result(alerts, effect).reasons)).toEqual(expected);
  expect(result(alerts, effect).judged).toBe(false);
});

test("an alert lapses at the millisecond that was foretold, the first of several first", () => {
  const alerts = [alert(), alert({ fingerprint: "f2", expires_at: NOW + 5 * MINUTE })];
  const { valid_until } = result(alerts);
  expect(result(alerts, "block", valid_until! - 1).reasons).toHaveLength(2);
  expect(result(alerts, "block", valid_until!).reasons).toHaveLength(1);
});

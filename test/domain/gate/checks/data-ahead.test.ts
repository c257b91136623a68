import { expect, test } from "vitest";
import { checkDataAhead } from "../../../../src/domain/gate/checks/data-ahead.ts";
import type { Evidence } from "../../../../src/domain/gate/evidence/evidence.ts";
import { asking, evidence, lines, MINUTE, NOW, policy } from "./evidence.ts";

const look = (freshness: Evidence["freshness"], over = {}) =>
  checkDataAhead(evidence({ freshness }), policy(), asking(over));

test("data up to the report, and five minutes more, is in order", () => {
  const fine = [{ dataset: "orders", data_through: NOW + 5 * MINUTE }];
  expect(look(fine)).toEqual({ reasons: [], valid_until: null, judged: false });
});

test("what was said to reach into the future warns, with the numbers", () => {
  const { reasons, judged } = look([
    { dataset: "lines", data_through: NOW - MINUTE },
    { dataset: "orders", data_through: NOW, ahead: { data_through: NOW + 60 * MINUTE, at: NOW } },
  ]);
  expect(lines(reasons)).toEqual([
    "warn data_ahead orders: The data of orders was said at 2026-11-20 04:00 UTC to reach 2026-11-20 05:00 UTC, 1 h later: it counts up to the time of that report",
  ]);
  expect(reasons[0]).toMatchObject({ observed: 3600, threshold: 300 });
  expect(judged).toBe(false);
});

test("what lies in the future since the clock was set back warns until it does no more", () => {
  const stored = [{ dataset: "orders", data_through: NOW + 60 * MINUTE }];
  const { reasons, valid_until } = look(stored);
  expect(lines(reasons)).toEqual([
    "warn data_ahead orders: The data of orders reaches 2026-11-20 05:00 UTC, 1 h from now",
  ]);
  expect(valid_until).toBe(NOW + 55 * MINUTE);
  expect(look(stored, { now: valid_until! }).reasons).toEqual([]);
  expect(look(stored, { now: valid_until! - 1 }).reasons).toHaveLength(1);
});

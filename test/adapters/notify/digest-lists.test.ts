import { expect, test } from "vitest";
import { digestLists } from "../../../src/adapters/notify/digest-lists.ts";
import type { Digest } from "../../../src/domain/notices/digest.ts";

const NOW = Date.parse("2026-11-20T04:00:00Z");

test("an error or a reason of several lines is one line of the digest", () => {
  const detail = "Run r1 failed at 2026-11-20 02:30 UTC: exit status 3\nno rows for AT\nno rows for CH";
  const digest: Digest = {
    period: "day",
    team: null,
    from: NOW - 86_400_000,
    to: NOW,
    sla: [],
    features: [],
    blocked: [{ pipeline_name: "orders", run_id: "r1", at: NOW, code: "run_failed", detail }],
    overrides: [
      {
        pipeline_name: "orders",
        decision: "pass",
        actor: "ann",
        reason: "mended by hand\nsee the ticket",
        created_at: NOW,
        expires_at: NOW + 1,
      },
    ],
    silent: [],
    totals: { sla: 0, breaching: 0, features: 0, blocked: 1, overrides: 1, silent: 0 },
  };
  expect(digestLists(digest).flatMap(({ lines }) => lines)).toEqual([
    "11-20 04:00Z orders Run r1 failed at 2026-11-20 02:30 UTC: exit status 3",
    "11-20 04:00Z orders pass by ann: mended by hand",
  ]);
});

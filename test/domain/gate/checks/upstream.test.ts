import { expect, test } from "vitest";
import { type Upstream, upstreamFindings } from "../../../../src/domain/gate/checks/upstream.ts";
import type { Effect } from "../../../../src/domain/gate/policy/rules.ts";
import { lines } from "./evidence.ts";

const upstream = (over: Partial<Upstream> = {}): Upstream => ({
  pipeline_name: "raw",
  decision: "block",
  allowed: false,
  reasons: [{ detail: "null_rate scored 0.91, 0.95 is required" }, { detail: "and more" }],
  ...over,
});
const WHY = "null_rate scored 0.91, 0.95 is required";

test.each<[string, Upstream[], Effect, string[]]>([
  ["none", [], "block", []],
  ["one that is allowed", [upstream({ decision: "warn", allowed: true })], "block", []],
  ["one that is blocked", [upstream()], "block", [`block upstream_blocked raw: Upstream raw is blocked: ${WHY}`]],
  [
    "one that is blocked, where that warns",
    [upstream()],
    "warn",
    [`warn upstream_blocked raw: Upstream raw is blocked: ${WHY}`],
  ],
  ["one that is blocked, where that does not matter", [upstream()], "off", []],
  [
    "one that is not decided is waited for",
    [upstream({ decision: "pending" })],
    "block",
    [`pending upstream_blocked raw: Upstream raw is not decided yet: ${WHY}`],
  ],
  [
    "one that is unknown, and not allowed for that",
    [upstream({ decision: "unknown" })],
    "block",
    [`block upstream_blocked raw: Upstream raw is unknown: ${WHY}`],
  ],
  ["one that is unknown, and allowed all the same", [upstream({ decision: "unknown", allowed: true })], "block", []],
  [
    "one that was never heard of",
    [upstream({ decision: "unknown", reasons: [] })],
    "block",
    ["block upstream_blocked raw: Upstream raw is unknown: nothing has been reported of it"],
  ],
  [
    "one that gives no reason",
    [upstream({ reasons: [] })],
    "block",
    ["block upstream_blocked raw: Upstream raw is blocked: it gives no reason"],
  ],
])("%s", (_what, upstreams, effect, expected) => {
  expect(lines(upstreamFindings({ upstream: effect }, upstreams))).toEqual(expected);
});

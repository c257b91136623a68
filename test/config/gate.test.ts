import { describe, expect, test } from "vitest";
import { describeConfig } from "../../src/config.ts";
import { DEFAULT_POLICY } from "../../src/domain/gate/policy/policy.ts";
import { resolvePolicy } from "../../src/domain/gate/policy/resolve-policy.ts";
import { errors, load } from "./load.ts";

const wrong = (text: string) => errors({}, { "sluice.yaml": text });
const config = (text: string) => load({}, { "sluice.yaml": text }).config;
const HOUR = 3_600_000;

const FILE = `gate:
  max_age: 26h
  quality: {minimum: 0.95}
  policies:
    - pipeline_name: "orders_*"
      max_duration: 90m
      max_age: null
      depends_on: [raw]
      records:
        minimum: [{stage: load, count: 10000}]
      latency: [{operation: vector_search, quantile: 0.99, maximum_seconds: 1}]
      requires: {checks: [null_rate], features:}
      consumers:
        ml:
          quality: {minimum: null, checks: [{check_name: "null_*", minimum: 0.99}]}
          freshness: {max_lag: 15m}
        bi:
`;

test("a policy is the entry's over the file's over the default, and a consumer sees its own on top", () => {
  const { gate } = config(FILE);
  const own = {
    ...DEFAULT_POLICY,
    max_age: null,
    max_duration: 1.5 * HOUR,
    depends_on: ["raw"],
    quality: { ...DEFAULT_POLICY.quality, minimum: 0.95 },
    records: { ...DEFAULT_POLICY.records, minimum: [{ stage: "load", count: 10_000 }] },
    latency: [{ operation: "vector_search", quantile: 0.99, maximum_seconds: 1, effect: "block" }],
    requires: { checks: ["null_rate"], stages: [], features: [] },
  };
  expect(resolvePolicy(gate, "orders_daily", null)).toEqual(own);
  expect(resolvePolicy(gate, "orders_daily", "bi")).toEqual(own);
  expect(resolvePolicy(gate, "orders_daily", "ml")).toEqual({
    ...own,
    quality: { ...own.quality, minimum: null, checks: [{ check_name: "null_*", minimum: 0.99 }] },
    freshness: { max_lag: 0.25 * HOUR, datasets: [], stale: "block" },
  });
  expect(resolvePolicy(gate, "clicks", "ml")).toEqual({
    ...DEFAULT_POLICY,
    max_age: 26 * HOUR,
    quality: { ...DEFAULT_POLICY.quality, minimum: 0.95 },
  });
});

test("what `config check` prints is read as the same", () => {
  const read = config(FILE);
  const printed = JSON.stringify({ gate: describeConfig(read).gate });
  expect(printed).toContain('"max_duration":"90m"');
  expect(config(printed).gate).toEqual(read.gate);
});

describe("a wrong policy is told with line, column, key and what is allowed:", () => {
  test.each([
    ["gate: {qualty: {}}", "1:8: gate.qualty: this key is not known; did you mean quality?"],
    ["gate: {drift: {drifts: warn}}", "1:16: gate.drift.drifts: this key is not known; did you mean drifted?"],
    ["gate: {run: stop}", '1:13: gate.run: "stop" given; must be one of block, warn, off'],
    ["gate: {on_unknown: warn}", '1:20: gate.on_unknown: "warn" given; must be one of block, allow'],
    [
      "gate: {quality: {minimum: 95}}",
      "1:27: gate.quality.minimum: 95 given; must be a number from 0 to 1 such as 0.95, or null (not looked at); did you mean 0.95?",
    ],
    [
      "gate: {quality: {checks: [{check_name: a, minimum: 99.5%}]}}",
      '1:52: gate.quality.checks[0].minimum: "99.5%" given; must be a number from 0 to 1 such as 0.95; did you mean 0.995?',
    ],
    [
      "gate: {quality: {minimum: -0.5}}",
      "1:27: gate.quality.minimum: -0.5 given; must be a number from 0 to 1 such as 0.95, or null (not looked at)",
    ],
    [
      "gate: {latency: [{operation: a, quantile: 99, maximum_seconds: 1}]}",
      "1:43: gate.latency[0].quantile: 99 given; must be a number above 0 and at most 1 such as 0.99; did you mean 0.99?",
    ],
    [
      "gate: {latency: [{operation: a, quantile: 0.5, maximum_seconds: -1}]}",
      "1:65: gate.latency[0].maximum_seconds: -1 given; must be seconds, a number above 0",
    ],
    [
      "gate: {quality: {checks: [{check_name: a}]}}",
      "1:27: gate.quality.checks[0]: keys and values given; must be a check_name (or glob), and a minimum or an effect",
    ],
    [
      "gate: {max_age: 26 hours}",
      '1:17: gate.max_age: "26 hours" given; must be a duration above 0 such as 90s, 45m, 26h, 7d, or null (no limit)',
    ],
    [
      "gate: {max_duration: 0s}",
      '1:22: gate.max_duration: "0s" given; must be a duration above 0 such as 90s, 45m, 26h, 7d, or null (no limit)',
    ],
    [
      "gate: {records: {minimum: [{stage: load, count: 1.5}]}}",
      "1:49: gate.records.minimum[0].count: 1.5 given; must be a whole number from 0",
    ],
    [
      "gate: {records: {ratios: [{stage: a, of: b, minimum: 1.05, maximum: 0.95}]}}",
      "1:54: gate.records.ratios[0].minimum: the minimum (1.05) is above the maximum (0.95), so no ratio could be in range",
    ],
    [
      "gate: {policies: [{pipeline_name: x, records: {ratios: [{stage: a, of: b, minimum: 2, maximum: 1}]}}]}",
      "1:84: gate.policies[0].records.ratios[0].minimum: the minimum (2) is above the maximum (1), so no ratio could be in range",
    ],
    [
      "gate: {policies: [{run: warn}]}",
      "1:19: gate.policies[0].pipeline_name: missing; must be the name of a pipeline, or a glob in which * is any text and ? one character",
    ],
    [
      'gate: {policies: [{pipeline_name: ""}]}',
      '1:35: gate.policies[0].pipeline_name: "" given; must be the name of a pipeline, or a glob in which * is any text and ? one character',
    ],
    [
      "gate: {policies: [{pipeline_name: *_daily}]}",
      '1:35: a value that starts with * must be quoted, such as "*" or "*_daily"',
    ],
    [
      'gate: {policies: [{pipeline_name: x, depends_on: ["raw_*"]}]}',
      '1:51: gate.policies[0].depends_on[0]: "raw_*" given; must be the name of a pipeline (no glob: which pipelines it waits for has to be said)',
    ],
    [
      "gate: {policies: [{pipeline_name: x, consumers: {ml: {depends_on: [y]}}}]}",
      "1:67: gate.policies[0].consumers.ml.depends_on: a list given; must be left out: a pipeline has the same upstreams, whoever asks (see upstream for what they mean to this consumer)",
    ],
    [
      "gate: {policies: [{pipeline_name: x, consumers: {ml: {consumers: {}}}}]}",
      "1:66: gate.policies[0].consumers.ml.consumers: keys and values given; must be left out: a consumer has no consumers of its own",
    ],
    [
      "gate: {policies: [{pipeline_name: x, consumers: {ml: {run: of}}}]}",
      '1:60: gate.policies[0].consumers.ml.run: "of" given; must be one of block, warn, off',
    ],
  ])("%s", (text, message) => expect(wrong(`${text}\n`)).toEqual([`sluice.yaml:${message}`]));
});

describe("what is there twice is refused, because which of them holds would be chance:", () => {
  const twice = (list: string) => wrong(`gate: {${list}}\n`).map((line) => line.replace(/^.*?: /, ""));

  test.each([
    [
      "policies: [{pipeline_name: a*}, {pipeline_name: a*}]",
      "a second policy for a*; the first is at sluice.yaml:1:19",
    ],
    [
      "quality: {checks: [{check_name: a, minimum: 1}, {check_name: a, effect: off}]}",
      "gate.quality.checks[1]: a second rule for a; the first is at sluice.yaml:1:27",
    ],
    [
      "records: {minimum: [{stage: a, count: 1}, {stage: a, count: 2}]}",
      "gate.records.minimum[1]: a second rule for a; the first is at sluice.yaml:1:28",
    ],
    [
      "records: {ratios: [{stage: a, of: b, minimum: 0, maximum: 1}, {stage: a, of: b, minimum: 0, maximum: 2}]}",
      "gate.records.ratios[1]: a second rule for a/b; the first is at sluice.yaml:1:27",
    ],
    [
      "drift: {features: [{feature_name: a, drifted: off}, {feature_name: a, missing: off}]}",
      "gate.drift.features[1]: a second rule for a; the first is at sluice.yaml:1:27",
    ],
    [
      "latency: [{operation: a, quantile: 0.5, maximum_seconds: 1}, {operation: a, quantile: 0.5, maximum_seconds: 2}]",
      "gate.latency[1]: a second rule for quantile 0.5 of a; the first is at sluice.yaml:1:18",
    ],
    ["depends_on: [a, a]", "gate.depends_on: a list given; must be a list of at most 100 pipeline names, each once"],
  ])("%s", (list, message) => expect(twice(list)).toEqual([message]));

  test("in the overlay of a consumer too", () => {
    const text =
      "gate: {policies: [{pipeline_name: x, consumers: {ml: {records: {minimum: [{stage: a, count: 1}, {stage: a, count: 2}]}}}}]}";
    expect(wrong(text)).toEqual([
      "sluice.yaml:1:97: gate.policies[0].consumers.ml.records.minimum[1]: a second rule for a; the first is at sluice.yaml:1:75",
    ]);
  });
});

describe("pipelines that would wait for each other for ever are refused:", () => {
  const entries = (...lines: string[]) => `gate:\n  policies:\n${lines.map((line) => `    - {${line}}\n`).join("")}`;

  test("one that depends on itself", () => {
    expect(wrong(entries("pipeline_name: a, depends_on: [a]"))).toEqual([
      "sluice.yaml:3:38: gate.policies[0].depends_on: a would wait for itself: a → a",
    ]);
  });

  test("a circle of three, told once", () => {
    const text = entries(
      "pipeline_name: b, depends_on: [c]",
      "pipeline_name: c, depends_on: [x, a]",
      "pipeline_name: a, depends_on: [b]",
    );
    expect(wrong(text)).toEqual([
      "sluice.yaml:5:38: gate.policies[2].depends_on: these pipelines would wait for each other: a → b → c → a",
    ]);
  });

  test("a glob that one of its own upstreams matches", () => {
    expect(wrong(entries('pipeline_name: "orders_*", depends_on: [orders_raw]'))).toEqual([
      "sluice.yaml:3:47: gate.policies[0].depends_on: orders_raw would wait for itself: orders_raw → orders_raw; this holds for orders_*, so orders_raw needs an entry of its own with depends_on: []",
    ]);
    const own = entries(
      'pipeline_name: "orders_*", depends_on: [orders_raw]',
      "pipeline_name: orders_raw, depends_on: []",
    );
    expect(wrong(own)).toEqual([]);
  });

  test("a circle through a glob and a default", () => {
    const text = `gate:\n  depends_on: [base]\n  policies:\n    - {pipeline_name: "b*", depends_on: [z]}\n`;
    expect(wrong(text)).toEqual([
      "sluice.yaml:4:41: gate.policies[0].depends_on: these pipelines would wait for each other: base → z → base; this holds for b*, so base needs an entry of its own with depends_on: []",
    ]);
  });

  test("not a diamond, and not a long chain", () => {
    const chain = Array.from({ length: 300 }, (_, i) => `pipeline_name: p${i}, depends_on: [p${i + 1}, p${i + 2}]`);
    expect(wrong(entries(...chain))).toEqual([]);
  });
});

describe("teams", () => {
  test("have their pipelines by names and globs", () => {
    const text = 'teams: [{team: payments, pipelines: ["orders_*", refunds]}, {team: search, pipelines: ["*"]}]';
    expect(config(text).teams).toEqual([
      { team: "payments", pipelines: ["orders_*", "refunds"] },
      { team: "search", pipelines: ["*"] },
    ]);
  });

  test.each([
    ["teams: [{team: a, pipelines: [x]}, {team: b, pipelines: [y, x]}]", "1:61: x is given to two teams, a and b"],
    [
      "teams: [{team: a, pipelines: [x]}, {team: a, pipelines: [y]}]",
      "1:36: a second entry for team a; the first is at sluice.yaml:1:9",
    ],
    [
      "teams: [{team: a, pipelines: []}]",
      "1:30: teams[0].pipelines: an empty list given; must be a list of 1 to 1000 pipeline names or globs, each once",
    ],
    [
      "teams: [{team: a}]",
      "1:9: teams[0].pipelines: missing; must be a list of 1 to 1000 pipeline names or globs, each once",
    ],
  ])("that are wrong are refused: %s", (text, message) => expect(wrong(text)).toEqual([`sluice.yaml:${message}`]));
});

describe("aliases", () => {
  test("give old names their new one, several the same if need be", () => {
    expect(config("aliases: {orders: orders_daily, orders_v1: orders_daily}").aliases).toEqual({
      orders: "orders_daily",
      orders_v1: "orders_daily",
    });
  });

  test.each([
    ["aliases: {a: b, b: c}", ["1:14: aliases.a: b is an old name itself (a → b → c); write a: c"]],
    ["aliases: {a: a}", ["1:14: aliases.a: a is its own new name; take the line away"]],
    [
      "aliases: {a: b, b: a}",
      [
        "1:14: aliases.a: the new names go round in a circle: a → b → a",
        "1:20: aliases.b: the new names go round in a circle: b → a → b",
      ],
    ],
    [
      'aliases: {a: ""}',
      [
        `1:14: aliases.a: "" given; must be a name of 1 to 200 characters without invisible ones and outer blanks, not '.' or '..'`,
      ],
    ],
    ["aliases: [a]", ["1:10: aliases: a list given; must be old names of pipelines, each with the new name"]],
  ])("that lead nowhere are refused: %s", (text, messages) => {
    expect(wrong(text)).toEqual(messages.map((message) => `sluice.yaml:${message}`));
  });

  test("are followed where upstreams are: a circle through an old name is seen once it is written anew", () => {
    const text = (upstream: string) =>
      `aliases: {old: a}\ngate: {policies: [{pipeline_name: a, depends_on: [b]}, {pipeline_name: b, depends_on: [${upstream}]}]}\n`;
    expect(wrong(text("old"))).toContain(
      "sluice.yaml:2:88: gate.policies[1].depends_on[0]: old is an old name (aliases); write a",
    );
    expect(wrong(text("old"))).toContain(
      "sluice.yaml:2:50: gate.policies[0].depends_on: these pipelines would wait for each other: a → b → a",
    );
  });

  test("leave nothing to be said of the old name, which would hold for nobody", () => {
    const text = `aliases: {old: new}
gate: {policies: [{pipeline_name: old}]}
teams: [{team: t, pipelines: [old]}]
sla: {targets: [{pipeline_name: old, target: 99}]}
drift: {features: [{pipeline_name: old, feature_name: f, alpha: 0.1}]}
`;
    expect(wrong(text).map((line) => line.replace("sluice.yaml:", ""))).toEqual([
      "2:35: gate.policies[0].pipeline_name: old is an old name (aliases); write new",
      "3:31: teams[0].pipelines[0]: old is an old name (aliases); write new",
      "4:33: sla.targets[0].pipeline_name: old is an old name (aliases); write new",
      "5:36: drift.features[0].pipeline_name: old is an old name (aliases); write new",
    ]);
  });
});

test("everything that is wrong is told at once, from top to bottom", () => {
  const text = `gate:
  rum: off
  quality: {minimum: 95}
  records: {ratios: [{stage: a, of: b, minimum: 2, maximum: 1}]}
  policies:
    - {pipeline_name: x, drift: {drifted: no}}
    - {pipeline_name: y}
    - {pipeline_name: y}
teams: [{team: a}]
aliases: {a: b, b: c}
`;
  expect(wrong(text).map((line) => line.split(": ")[0])).toEqual(
    ["2:3", "3:22", "4:49", "6:43", "8:7", "9:9", "10:14"].map((place) => `sluice.yaml:${place}`),
  );
});

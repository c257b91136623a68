import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ReportKind } from "../../../src/domain/reports/report.ts";
import { SluiceError } from "../../../src/errors.ts";
import { readItem, readReport } from "../../../src/intake/native/native.ts";

const NOW = Date.UTC(2026, 10, 20, 12);
const DAY = 86_400_000;
const OPTIONS = { now: NOW, oldest: NOW - 400 * DAY };
const read = (kind: ReportKind, body: unknown) => readReport(kind, body, OPTIONS);
const base = { pipeline_name: "p", run_id: null, attempt: null, try: null, at: NOW, traceparent: null };

describe("a report becomes what the domain knows", () => {
  test("with defaults filled in", () => {
    expect(read("run", { pipeline_name: "p", status: "started" })).toEqual({
      kind: "run",
      ...base,
      at_stated: false,
      status: "started",
      started_at: null,
      finished_at: null,
      duration_seconds: null,
      error: null,
      data_interval_start: null,
      data_interval_end: null,
      logical_date: null,
      resumes: false,
      lost: [],
    });
    expect(read("records", { pipeline_name: "p", stage: "load", count: 0 })).toEqual({
      kind: "records",
      ...base,
      stage: "load",
      count: 0,
      failed: null,
      expected_min: null,
      expected_min_of: "part",
      part: "",
    });
    const check = { check_name: "c", score: 0, threshold: 0.8, severity: "error", error: null };
    expect(read("quality", { pipeline_name: "p", check_name: "c", score: 0 })).toEqual({
      kind: "quality",
      ...base,
      checks: [check],
    });
    expect(read("quality", { pipeline_name: "p", checks: [{ check_name: "c", score: 0 }] })).toMatchObject({
      checks: [check],
    });
    expect(read("freshness", { pipeline_name: "p", data_through: 0 })).toEqual({
      kind: "freshness",
      ...base,
      dataset: "p",
      data_through: 0,
      ahead: null,
    });
    expect(read("latency", { pipeline_name: "p", seconds: 0.05 })).toMatchObject({
      operation: "vector_search",
      histogram: { count: 1, sum_nanoseconds: 50_000_000n, buckets: [0, 1, 0, 0, 0, 0, 0, 0, 0] },
    });
  });

  test("with everything that was said", () => {
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const said = {
      pipeline_name: "p",
      run_id: "r",
      attempt: 3,
      try: 2,
      at: "2026-11-19T00:00:00Z",
      traceparent,
      id: "i",
    };
    expect(
      read("run", {
        ...said,
        status: "failed",
        will_retry: true,
        started_at: Date.UTC(2026, 10, 19, 1) / 1000,
        finished_at: "2026-11-19T02:00:00+01:00",
        duration_seconds: 0.25,
        error: "a\u0000b",
        data_interval_start: 3,
        data_interval_end: 3,
        logical_date: 2,
        resumes: true,
        lost: [{ kind: "quality", item: "rows", why: "the queue was full" }],
      }),
    ).toEqual({
      kind: "run",
      pipeline_name: "p",
      run_id: "r",
      attempt: 3,
      try: 2,
      at: Date.UTC(2026, 10, 19),
      at_stated: true,
      traceparent,
      status: "retrying",
      started_at: Date.UTC(2026, 10, 19, 1),
      finished_at: Date.UTC(2026, 10, 19, 1),
      duration_seconds: 0.25,
      error: "a\ufffdb",
      data_interval_start: 3000,
      data_interval_end: 3000,
      logical_date: 2000,
      resumes: true,
      lost: [{ kind: "quality", item: "rows", why: "the queue was full" }],
    });
  });

  test("at the bounds of time, and not beyond", () => {
    const at = (ms: number) => () => read("latency", { pipeline_name: "p", seconds: 1, at: ms / 1000 });
    expect(at(NOW + 300_000)().at).toBe(NOW + 300_000);
    expect(at(OPTIONS.oldest)().at).toBe(OPTIONS.oldest);
    for (const ms of [NOW + 300_001, OPTIONS.oldest - 1]) {
      expect(at(ms)).toThrow(expect.objectContaining({ code: "at_out_of_range" }));
    }
  });

  test.each(["started_at", "finished_at"])("%s is held to the same bounds: it happened", (field) => {
    const end = (ms: number) => () => read("run", { pipeline_name: "p", status: "success", [field]: ms / 1000 });
    expect(end(NOW + 300_000)()).toMatchObject({ [field]: NOW + 300_000 });
    expect(end(OPTIONS.oldest)()).toMatchObject({ [field]: OPTIONS.oldest });
    for (const ms of [NOW + 300_001, OPTIONS.oldest - 1]) {
      expect(end(ms)).toThrow(
        expect.objectContaining({
          code: "at_out_of_range",
          message: expect.stringMatching(
            new RegExp(`^${field}: \\S+Z given; must lie between \\S+Z \\(the retention\\)`),
          ),
        }),
      );
    }
  });

  test.each([
    ["run", "data_interval_start"],
    ["run", "data_interval_end"],
    ["run", "logical_date"],
    ["freshness", "data_through"],
  ] as const)("a %s's %s names data, and may lie 26 hours ahead, or as far back as it likes", (kind, field) => {
    const body = (ms: number) => ({
      pipeline_name: "p",
      ...(kind === "run" && { status: "success" }),
      [field]: ms / 1000,
    });
    const latest = NOW + 26 * 3_600_000;
    expect(() => read(kind, body(latest))).not.toThrow();
    expect(() => read(kind, body(0))).not.toThrow();
    expect(() => read(kind, body(latest + 1))).toThrow(expect.objectContaining({ code: "at_out_of_range" }));
  });

  test("data that is said to reach further than its report reaches up to the report, and it is kept that it was said", () => {
    const said = (at: number, data_through: number) =>
      read("freshness", { pipeline_name: "p", at: at / 1000, data_through: data_through / 1000 });
    expect(said(NOW, NOW + 300_000)).toMatchObject({ data_through: NOW + 300_000, ahead: null });
    expect(said(NOW, NOW + 300_001)).toMatchObject({ data_through: NOW, ahead: NOW + 300_001 });
    // Not the agent's clock, the report's time: what was true yesterday did not reach till now.
    expect(said(NOW - DAY, NOW)).toMatchObject({ data_through: NOW - DAY, ahead: NOW });
  });

  test("with categories kept as free text is, and those that are the same then counted as one", () => {
    const features = {
      a: { categories: { "x\u0000": 1, "x\u0001": 2, plain: 3 } },
      b: { values: ["\ud800", null, "y"], reference: { categories: { "\u0007": 5 } } },
      c: { values: [1, 2] },
    };
    expect(read("drift", { pipeline_name: "p", features })).toMatchObject({
      features: [
        { feature_name: "a", input: { categories: { "x\ufffd": 3, plain: 3 } }, reference: null },
        { input: { values: ["\ufffd", null, "y"] }, reference: { categories: { "\ufffd": 5 } } },
        { input: { values: [1, 2] } },
      ],
    });
  });
});

describe("an item of a batch", () => {
  test("is told by its kind", () => {
    expect(readItem({ kind: "latency", pipeline_name: "p", seconds: 1 }, OPTIONS)).toMatchObject({ kind: "latency" });
    for (const item of [null, [], "x", 1, {}, { kind: "toString" }, { kind: null }, { kind: "quality_batch" }]) {
      expect(() => readItem(item, OPTIONS)).toThrow(SluiceError);
    }
  });
});

test("whatever is sent is a report or a SluiceError that names fields", () => {
  const field = fc.constantFrom(
    "pipeline_name",
    "status",
    "stage",
    "count",
    "checks",
    "check_name",
    "score",
    "seconds",
    "data_through",
    "features",
    "at",
    "error",
    "kind",
  );
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<unknown>("p", 1, 0.5, "run", "quality", "latency", "success", NOW / 1000),
  );
  fc.assert(
    fc.property(fc.dictionary(field, value), (item) => {
      try {
        expect(readItem(item, OPTIONS).pipeline_name).toBe(item.pipeline_name);
      } catch (error) {
        expect(error).toBeInstanceOf(SluiceError);
        expect((error as SluiceError).status).toBe(422);
      }
    }),
    { numRuns: 3000 },
  );
});

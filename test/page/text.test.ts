import { describe, expect, test } from "vitest";
import { criticalPsi } from "../../src/domain/drift/stats/critical-psi.ts";
import { psi } from "../../src/domain/drift/stats/distances/psi.ts";
import { rowsNeeded } from "../../src/domain/drift/stats/planning/rows-needed.ts";
import { readEvents } from "../../src/page/api/events.ts";
import type { ShownGate, ShownVerdict } from "../../src/page/api/types.ts";
import { worstFirst } from "../../src/page/text/decisions.ts";
import { chance, figure, figureBeside, rate } from "../../src/page/text/numbers.ts";
import { ago, moment, span } from "../../src/page/text/time.ts";
import { psiOfBin, verdictInWords, whatCanBeSeen, whenEnough } from "../../src/page/text/verdicts.ts";

const ALPHA = 0.01;
const THRESHOLD = 0.2;

function inconclusive(bins: number, n_reference: number, n_current: number): ShownVerdict {
  const critical_psi = criticalPsi(ALPHA, bins, n_reference, n_current);
  const sizes = { critical_psi, threshold: THRESHOLD, n_reference, n_current };
  return { verdict: "inconclusive", ...sizes, rows_needed: rowsNeeded(sizes) } as ShownVerdict;
}

describe("how many rows are enough", () => {
  test.each([
    [5, 1000, 20],
    [10, 1000, 50],
    [20, 5000, 3],
  ])(
    "with %i bins and %i rows in the reference: the fewest with which chance stays below the threshold",
    (bins, n, m) => {
      const needed = rowsNeeded(inconclusive(bins, n, m))!;
      expect(criticalPsi(ALPHA, bins, n, needed)).toBeLessThanOrEqual(THRESHOLD);
      expect(criticalPsi(ALPHA, bins, n, needed - 1)).toBeGreaterThan(THRESHOLD);
    },
  );

  test("none are with a reference that is too small itself, and the page says so", () => {
    const verdict = inconclusive(10, 60, 40);
    expect(criticalPsi(ALPHA, 10, 60, Number.POSITIVE_INFINITY)).toBeGreaterThan(THRESHOLD);
    expect(rowsNeeded(verdict)).toBeNull();
    expect(whenEnough(verdict, [])).toContain("A larger reference is needed");
  });

  test("are told in reports of the usual size", () => {
    const verdict = inconclusive(5, 1000, 20);
    const reports = Math.ceil(rowsNeeded(verdict)! / 20);
    expect(whenEnough(verdict, [verdict, verdict])).toContain(`about ${reports} reports of the usual 20 rows`);
  });
});

test("what this many rows can show is told in standard deviations", () => {
  const verdict = { detectable_psi: 0.2731, detectable_shift: 0.5349 } as ShownVerdict;
  expect(whatCanBeSeen(verdict)).toBe(
    "With this many rows a true PSI of 0.273, which is a shift of 0.535 standard deviations, is found in four of five reports.",
  );
  expect(whatCanBeSeen({ detectable_psi: 0.25 } as ShownVerdict)).not.toContain("standard deviations");
  expect(whatCanBeSeen({} as ShownVerdict)).toBeNull();
});

describe("a verdict in words says which limit decided, and its own", () => {
  const said = (over: Partial<ShownVerdict>) => {
    const numbers = { psi: 0.31, threshold: 0.2, p_value: 3.8e-306, critical_psi: 0.159, alpha: 0.01 };
    const rows = { n_current: 1721, n_reference: 20_000 };
    const verdict = { feature_name: "airport", verdict: "stable", ...numbers, ...rows, ...over } as ShownVerdict;
    return verdictInWords(verdict).replaceAll(/[\u2068\u2069]/g, "");
  };

  test.each<[string, Partial<ShownVerdict>, string]>([
    [
      "drifted",
      { verdict: "drifted" },
      "airport has drifted: its PSI of 0.31 is above 0.2, and the chance of one this large with nothing changed is less than 1 in 10 000 (drift is less than 1 %).",
    ],
    [
      "drifted by a share that no PSI shows",
      {
        verdict: "drifted",
        psi: 0.12,
        decided_by: ["nulls"],
        detail: "nulls 5 % in the reference, 15.2 % now",
      },
      "airport has drifted, and not by chance: nulls 5 % in the reference, 15.2 % now.",
    ],
    [
      "held back by bins of its own",
      { verdict: "inconclusive", psi: 2.54, decided_by: [], held_back_by: "rebin_error" },
      "Nobody can tell whether airport has drifted: its rows were counted on bins of their own, and where the rows of cut bins lie decides whether its PSI is above 0.2 (spread evenly it is 2.54). Counts on the reference's bins tell.",
    ],
    [
      "drifted by a hair",
      { verdict: "drifted", psi: 0.20003, p_value: 0.002 },
      "airport has drifted: its PSI of 0.20003 is above 0.2, and the chance of one this large with nothing changed is about 1 in 500 (drift is less than 1 %).",
    ],
    [
      "stable above the threshold, by chance",
      { psi: 0.219, p_value: 0.9997 },
      "airport is stable: its PSI of 0.219 is above 0.2, but that may be chance: more than 99 %, where drift is less than 1 % (bins that are empty on one side weigh a lot in the PSI and little in the test for chance).",
    ],
    [
      "stable above the threshold, by the second test",
      { psi: 0.219, p_value: 0.002 },
      "airport is stable: its PSI of 0.219 is above 0.2, but a second test takes it for chance, as bins hold few rows.",
    ],
    [
      "stable, though it changed",
      { psi: 0.05, p_value: 0.002 },
      "airport is stable enough: it did change (chance alone: about 1 in 500), but its PSI of 0.05 is not above 0.2.",
    ],
    ["stable", { psi: 0.05, p_value: 0.4 }, "airport is stable: its PSI of 0.05 is not above 0.2."],
    [
      "inconclusive with no difference at all",
      { verdict: "inconclusive", psi: 0, p_value: 1, critical_psi: 1.4, n_current: 12 },
      "Nobody can tell whether airport has drifted: with 12 rows against 20,000 in the reference, chance alone reaches a PSI of 1.4, which is above the threshold of 0.2.",
    ],
  ])("%s", (_what, over, text) => expect(said(over)).toBe(text));
});

test("what the bins add makes up the PSI", () => {
  const [expected, actual] = [
    [100, 200, 300, 250, 150],
    [80, 180, 350, 250, 0],
  ];
  const bins = expected.map((count, i) => ({ label: `${i}`, expected: count / 1000, actual: actual[i]! / 860 }));
  expect(bins.map(psiOfBin).reduce((sum, one) => sum + one)).toBeCloseTo(psi(expected, actual)!, 9);
});

describe("numbers and times", () => {
  test("a rate is never rounded up to what was not reached", () => {
    expect(rate(99.999)).toBe("99.99\u00a0%");
    expect(rate(100)).toBe("100\u00a0%");
  });

  test.each([
    [0, "0"],
    [0.0975512, "0.0976"],
    [4120, "4,120"],
    [0.00003, "3.0e-5"],
  ])("%d is shown as %s", (value, text) => expect(figure(value)).toBe(text));

  test.each([
    [0.31, 0.2, "0.31"],
    [0.2004, 0.2, "0.2004"],
    [0.92996, 0.93, "0.92996"],
    [12_000.4, 12_000, "12000.4"],
    [1204, 10_000, "1,204"],
  ])("%d beside %d is shown as %s", (value, limit, text) => expect(figureBeside(value, limit)).toBe(text));

  test.each([
    [3.8e-306, "less than 1 in 10 000"],
    [0.0021, "about 1 in 480"],
    [0.3, "30 %"],
    [0.9997, "more than 99 %"],
  ])("a chance of %d is shown as %s", (p, text) => expect(chance(p)).toBe(text));

  test.each([
    [0, "0 s"],
    [0.25, "250 ms"],
    [59.4, "59 s"],
    [190, "3 min 10 s"],
    [12_000, "3 h 20 min"],
    [90_000, "1 d 1 h"],
    [900_000, "10 d"],
  ])("%d seconds are %s", (seconds, text) => expect(span(seconds)).toBe(text));

  test("a time tells its day, and its year where it is another", () => {
    const now = Date.parse("2026-01-02T12:00:00Z");
    expect(moment("2026-01-02T03:04:05Z", now)).toBe("2 Jan 03:04 UTC");
    expect(moment("2025-12-31T23:59:59Z", now)).toBe("31 Dec 2025 23:59 UTC");
    expect(ago("2026-01-02T11:59:55Z", now)).toBe("just now");
    expect(ago("2026-01-02T09:30:30Z", now)).toBe("2 h 29 min ago");
  });
});

test("causes come before what only follows from them, and both before doubt", () => {
  const gate = (pipeline_name: string, decision: string, code: string | null, allowed = false) =>
    ({ pipeline_name, decision, allowed, decided_at: "", reasons: code === null ? [] : [{ code }] }) as ShownGate;
  const sorted = [
    gate("fine", "pass", null, true),
    gate("warned", "warn", "feature_missing", true),
    gate("doubtful but allowed", "unknown", "no_evidence", true),
    gate("waiting", "pending", "run_in_progress"),
    gate("doubtful", "unknown", "no_evidence"),
    gate("held up", "block", "upstream_blocked"),
    gate("broken", "block", "run_failed"),
  ].sort(worstFirst);
  expect(sorted.map(({ pipeline_name }) => pipeline_name)).toEqual([
    "broken",
    "held up",
    "doubtful",
    "waiting",
    "doubtful but allowed",
    "warned",
    "fine",
  ]);
});

test("a stream of events is read however it is cut", async () => {
  const text =
    ': connected\n\nid: a-1\nevent: gate\ndata: {"pipeline_name":"تقرير 📦"}\n\n: still here\n\nevent: run\r\ndata: {"a":\r\ndata: 1}\r\n\r\n';
  const bytes = new TextEncoder().encode(text);
  for (const size of [1, 2, 3, 7, bytes.length]) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.slice(i * size, (i + 1) * size),
    );
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk);
        controller.close();
      },
    });
    const events = [];
    for await (const event of readEvents(stream)) events.push(event);
    expect(events, `in parts of ${size}`).toEqual([
      { type: "alive", id: null, data: {} },
      { type: "gate", id: "a-1", data: { pipeline_name: "تقرير 📦" } },
      { type: "alive", id: null, data: {} },
      { type: "run", id: null, data: { a: 1 } },
    ]);
  }
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markOf } from "../../../../src/domain/runs/attempts/run-mark.ts";
import { applyRunReport, newRun, summarize } from "../../../../src/domain/runs/run.ts";
import type { RunEntry } from "../../../../src/domain/runs/run-entry.ts";
import { coverageOf } from "../../../../src/domain/runs/runless/runless-run.ts";
import { RunlessRuns } from "../../../../src/domain/runs/runless/runless-runs.ts";
import { ordersOf } from "../../../support/orders.ts";
import { runReport, SECOND } from "../run-reports.ts";

type What = "start" | "end" | "rows" | "check";
interface Event {
  what: What;
  at: number;
}

/** A store of one pipeline: each event is a commit of its own. */
class Pipeline {
  readonly entries: RunEntry[] = [];
  readonly evidence: { event: Event; owner: RunEntry | null }[] = [];

  take(event: Event): void {
    const loose = this.evidence.filter(({ owner }) => owner === null).map((one) => one.event.at * SECOND);
    const timeline = new RunlessRuns(this.entries, {
      make: (at) => {
        const run = { ...newRun("p", `auto-${this.entries.length}`, { at, heard_at: 0 }), runless: true };
        const entry = {
          run,
          key: this.entries.length,
          before: null,
          placed: [],
          word: null,
          dirty: true,
          has_run_report: false,
        };
        this.entries.push(entry);
        return entry;
      },
      around: (key, time) => this.#around(key, time),
      last_loose_at: loose.length === 0 ? null : Math.max(...loose),
    });
    const at = event.at * SECOND;
    if (event.what === "start" || event.what === "end") {
      const report = runReport(event.what === "start" ? "started" : "success", event.at);
      const entry = timeline.seatReport(markOf(report));
      applyRunReport(entry.run, report);
      this.#deal(timeline);
      return;
    }
    const owner = timeline.seatEvidence(at, event.what === "rows");
    if (owner !== null) owner.run.last_at = Math.max(owner.run.last_at ?? at, at);
    this.#deal(timeline);
    this.evidence.push({ event, owner });
  }

  #around(key: number, time: number) {
    const own = this.evidence.filter(({ owner }) => owner?.key === key);
    const before = own.map(({ event }) => event.at * SECOND).filter((at) => at <= time);
    const after = own.flatMap(({ event: { what, at } }) => (what === "rows" && at * SECOND > time ? at * SECOND : []));
    return {
      before: before.length === 0 ? null : Math.max(...before),
      after: after.length === 0 ? null : Math.min(...after),
    };
  }

  #deal({ reseated, adopts }: RunlessRuns): void {
    for (const piece of this.evidence) {
      if (piece.owner === null ? !adopts : !reseated.has(piece.owner)) continue;
      const at = piece.event.at * SECOND;
      const covering = [...reseated].filter(({ run }) => coverageOf(run).from <= at && at <= coverageOf(run).to);
      piece.owner = covering.sort((a, b) => b.run.first_at - a.run.first_at)[0] ?? null;
    }
  }

  /** Each run by its times, its state, and what belongs to it; then what belongs to none. */
  story(): string[] {
    const of = (entry: RunEntry | null) =>
      this.evidence
        .filter(({ owner }) => owner === entry)
        .sort((a, b) => a.event.at - b.event.at)
        .map(({ event }) => `${event.what} ${event.at}`);
    const runs = [...this.entries].sort((a, b) => a.run.first_at - b.run.first_at);
    const stories = runs.map((entry) => {
      const { status } = summarize(entry.run);
      const marks = entry.run.marks.map((mark) => `${mark.status} ${mark.own_at / SECOND}`);
      return [entry.run.first_at / SECOND, status, ...marks, ...of(entry)].join(", ");
    });
    return [...stories, `none: ${of(null).join(", ")}`];
  }
}

function storyOf(events: readonly Event[]): string[] {
  const pipeline = new Pipeline();
  for (const event of events) pipeline.take(event);
  return pipeline.story();
}

/** The same from all events at once: starts and ends cut the line, and what makes runs is grouped between the cuts. */
function expected(events: readonly Event[]): string[] {
  const inOrder = [...events].sort((a, b) => a.at - b.at);
  const runs: { events: Event[]; given_up: boolean }[] = [];
  let open: Event[] | null = null;
  for (const event of inOrder) {
    if (event.what === "check") continue;
    if (event.what === "start" || open === null) {
      if (open !== null) runs.at(-1)!.given_up = true;
      open = [];
      runs.push({ events: open, given_up: false });
    }
    open.push(event);
    if (event.what === "end") open = null;
  }
  const none: Event[] = [];
  for (const event of inOrder.filter(({ what }) => what === "check")) {
    const run = runs.findLast(({ events: [first] }) => first!.at < event.at);
    const end = run?.events.find(({ what }) => what === "end");
    if (run === undefined || (end !== undefined && end.at < event.at)) none.push(event);
    else run.events.push(event);
  }
  const stories = runs.map(({ events: own, given_up }) => {
    const has = (what: What) => own.some((event) => event.what === what);
    const status = has("end") ? "success" : given_up || !has("start") ? "unknown" : "started";
    const marks = own.filter(({ what }) => what === "start" || what === "end");
    const evidence = own.filter(({ what }) => what === "rows" || what === "check").sort((a, b) => a.at - b.at);
    const rest = evidence.map(({ what, at }) => `${what} ${at}`);
    const names = marks.map(({ what, at }) => `${what === "start" ? "started" : "success"} ${at}`);
    return [own[0]!.at, status, ...names, ...rest].join(", ");
  });
  return [...stories, `none: ${none.map(({ at }) => `check ${at}`).join(", ")}`];
}

describe("run-less runs", () => {
  it("are made by counts, begun by starts and closed by ends, by the times at which these were true", () => {
    const events: Event[] = [
      { what: "rows", at: 1 },
      { what: "start", at: 2 },
      { what: "rows", at: 3 },
      { what: "end", at: 4 },
      { what: "check", at: 5 },
      { what: "rows", at: 6 },
      { what: "start", at: 7 },
    ];
    expect(storyOf(events)).toEqual([
      "1, unknown, rows 1",
      "2, success, started 2, success 4, rows 3",
      "6, unknown, rows 6",
      "7, started, started 7",
      "none: check 5",
    ]);
  });

  it("end alike in each of the 5040 orders of seven events: a crash, a good run, a check after it, a late start", () => {
    const events: Event[] = [
      { what: "start", at: 1 },
      { what: "rows", at: 2 },
      { what: "start", at: 3 },
      { what: "rows", at: 4 },
      { what: "end", at: 5 },
      { what: "check", at: 6 },
      { what: "rows", at: 7 },
    ];
    const stories = new Set(ordersOf(events).map((order) => storyOf(order).join(" | ")));
    expect([...stories]).toEqual([expected(events).join(" | ")]);
  });

  it("end as all events at once would have it, in any order", () => {
    const event = fc.tuple(fc.constantFrom<What>("start", "end", "rows", "check"), fc.integer({ min: 1, max: 30 }));
    const events = fc
      .uniqueArray(event, { maxLength: 12, selector: ([, at]) => at })
      .map((all) => all.map(([what, at]) => ({ what, at })));
    fc.assert(
      fc.property(events, (all) => {
        expect(storyOf(all)).toEqual(expected(all));
      }),
      { numRuns: 3000 },
    );
  });

  it("leave none open for ever where they overlap: the one that was given up is not going on", () => {
    const [given_up, second] = storyOf([
      { what: "start", at: 1 },
      { what: "start", at: 2 },
      { what: "end", at: 3 },
    ]);
    expect([given_up, second]).toEqual(["1, unknown, started 1", "2, success, started 2, success 3"]);
  });

  it("may end and start within the same second: the end is of the one before", () => {
    const story = ["1, success, started 1, success 5", "5, success, started 5, success 8", "none: "];
    const [first, end, second, last]: Event[] = [
      { what: "start", at: 1 },
      { what: "end", at: 5 },
      { what: "start", at: 5 },
      { what: "end", at: 8 },
    ];
    expect(storyOf([first!, end!, second!, last!])).toEqual(story);
    expect(storyOf([first!, second!, end!, last!])).toEqual(story);
  });
});

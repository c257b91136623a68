import { describe, expect, test } from "vitest";
import type { NoticeMute } from "../../../../src/domain/notices/plan/mutes.ts";
import { planNotices } from "../../../../src/domain/notices/plan/plan.ts";
import type { Member, NoticeThread, Planned, PlanSettings } from "../../../../src/domain/notices/plan/planned.ts";
import type { TroubleState } from "../../../../src/domain/notices/trouble.ts";
import { finding, NOW, trouble, troubleState } from "../../../support/notify/messages.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SETTINGS: PlanSettings = {
  channels: [{ name: "oncall", threads: true }],
  routes: [{ covers: () => true, severity: "warning", channels: ["oncall"] }],
  pace: { group_wait: 2000, repeat_interval: 4 * HOUR, quiet_hours: null },
  group_at: 5,
};

/** Plans again and again as the courier does, and remembers what was said. */
class Story {
  readonly said: { at: number; message: Planned; thread_id: number }[] = [];
  readonly states = new Map<number, TroubleState>();
  mutes: NoticeMute[] = [];
  now = NOW;
  looks = new Map<number, number | null>();
  readonly #settings: PlanSettings;
  #members: Member[] = [];
  #threads: NoticeThread[] = [];

  constructor(settings: Partial<PlanSettings> = {}) {
    this.#settings = { ...SETTINGS, ...settings };
  }

  /** The pipeline's gate says so now. */
  set(pipeline_id: number, open: boolean, more: Partial<TroubleState> = {}): this {
    return this.note(pipeline_id, open, more).plan();
  }

  note(pipeline_id: number, open: boolean, more: Partial<TroubleState> = {}): this {
    const before = this.states.get(pipeline_id);
    const turned = before?.open !== open;
    this.states.set(pipeline_id, {
      ...troubleState(),
      pipeline_id,
      pipeline_name: `p${pipeline_id}`,
      trouble: before?.trouble ?? trouble(),
      ...more,
      open,
      opened_at: open && turned ? this.now : (before?.opened_at ?? this.now),
      closed_at: open ? null : this.now,
      flips: turned ? [...(before?.flips ?? []), this.now] : before!.flips,
    });
    return this;
  }

  /** Time goes on, and everything is looked at when it asked to be. */
  wait(ms: number): this {
    const end = this.now + ms;
    for (;;) {
      const due = [...this.looks.values()].filter((at) => at !== null && at > this.now && at <= end) as number[];
      if (due.length === 0) break;
      this.now = Math.min(...due);
      this.plan();
    }
    this.now = end;
    return this.plan();
  }

  plan(): this {
    const { messages, looks } = planNotices(
      {
        now: this.now,
        states: [...this.states.values()],
        members: this.#members,
        threads: this.#threads,
        mutes: this.mutes,
      },
      this.#settings,
    );
    this.looks = looks;
    for (const message of messages) this.#keep(message);
    return this;
  }

  get words(): string[] {
    return this.said.map(({ message }) => message.say);
  }

  #keep(message: Planned): void {
    const { channel, code, grouped, closes } = message;
    const thread_id = message.thread?.thread_id ?? this.#threads.length + 1;
    const opened_at = message.thread?.opened_at ?? this.now;
    const thread = {
      thread_id,
      channel,
      code,
      grouped,
      opened_at,
      last_at: this.now,
      closed_at: closes ? this.now : null,
    };
    this.#threads = [...this.#threads.filter((other) => other.thread_id !== thread_id), thread];
    for (const { pipeline_id, told } of message.tells) {
      const others = this.#members.filter((m) => m.channel !== channel || m.pipeline_id !== pipeline_id);
      this.#members = [...others, { channel, pipeline_id, thread_id, told, told_at: this.now }];
    }
    this.said.push({ at: this.now, message, thread_id });
  }
}

const warns = trouble({
  severity: "warning",
  decision: "warn",
  allowed: true,
  reasons: [finding({ severity: "warn" })],
});

describe("one trouble", () => {
  test("is told once, after the time it waits for others, and once more when it is over", () => {
    const story = new Story().set(1, true);
    expect(story.words).toEqual([]);
    expect(story.looks.get(1)).toBe(NOW + 2000);
    story.wait(HOUR);
    expect(story.words).toEqual(["opened"]);
    expect(story.said[0]!.at).toBe(NOW + 2000);
    story.set(1, false).wait(24 * HOUR);
    expect(story.words).toEqual(["opened", "resolved"]);
    expect(new Set(story.said.map(({ thread_id }) => thread_id)).size).toBe(1);
  });

  test("that is over before it was told is not told", () => {
    expect(new Story().set(1, true).set(1, false).wait(HOUR).words).toEqual([]);
  });

  test("with other numbers is no news; with other reasons it is, once a minute at most", () => {
    const story = new Story().set(1, true).wait(10_000);
    story.set(1, true, { trouble: trouble({ reasons: [finding({ observed: 0.5, detail: "other" })] }) }).wait(HOUR);
    expect(story.words).toEqual(["opened"]);
    const failed = finding({ code: "run_failed", subject: null, detail: "the run failed" });
    story.set(1, true, { trouble: trouble({ reasons: [failed] }) });
    story.set(1, true, { trouble: trouble({ reasons: [finding(), failed] }) }).wait(HOUR);
    expect(story.words).toEqual(["opened", "updated", "updated"]);
    expect(story.said[2]!.at - story.said[1]!.at).toBe(MINUTE);
  });

  test("that only warns after it blocked is told, threads or not: the last word must not be that it blocks", () => {
    const story = new Story({ channels: [{ name: "oncall", threads: false }] }).set(1, true).wait(10_000);
    story.set(1, true, { trouble: warns }).wait(HOUR);
    expect(story.words).toEqual(["opened", "updated"]);
  });

  test("with other reasons is not told again where there are no threads", () => {
    const story = new Story({ channels: [{ name: "oncall", threads: false }] }).set(1, true).wait(10_000);
    const failed = finding({ code: "run_failed", subject: null, detail: "the run failed" });
    story.set(1, true, { trouble: trouble({ reasons: [failed] }) }).wait(HOUR);
    expect(story.words).toEqual(["opened"]);
  });

  test("that gets worse is told at once", () => {
    const story = new Story().set(1, true, { trouble: warns }).wait(10_000);
    story.set(1, true, { trouble: trouble() });
    expect(story.words).toEqual(["opened", "updated"]);
  });

  test("is told again each repeat interval", () => {
    const story = new Story().set(1, true).wait(9 * HOUR);
    expect(story.words).toEqual(["opened", "reminder", "reminder"]);
  });

  test("that somebody lets through is told, and not again until that ends", () => {
    const story = new Story().set(1, true).wait(10_000);
    const let_through = { actor: "ann", reason: "known", expires_at: NOW + 12 * HOUR };
    story.set(1, true, { trouble: trouble({ let_through, decision: "pass", allowed: true, severity: "info" }) });
    story.wait(10 * HOUR);
    expect(story.words).toEqual(["opened", "updated"]);
    story.set(1, true, { trouble: trouble() }).wait(HOUR);
    expect(story.words).toEqual(["opened", "updated", "updated"]);
  });

  test("that is back soon goes on in its thread, later it is a new one", () => {
    const story = new Story()
      .set(1, true)
      .wait(MINUTE)
      .set(1, false)
      .wait(10 * MINUTE)
      .set(1, true)
      .wait(MINUTE);
    expect(story.words).toEqual(["opened", "resolved", "again"]);
    story
      .set(1, false)
      .wait(2 * HOUR)
      .set(1, true)
      .wait(MINUTE);
    expect(story.words).toEqual(["opened", "resolved", "again", "resolved", "opened"]);
    expect(story.said.map(({ thread_id }) => thread_id)).toEqual([1, 1, 1, 1, 2]);
  });

  test("that comes and goes is told so, and then only where it came to rest", () => {
    const story = new Story().set(1, true).wait(10_000);
    for (let turn = 0; turn < 10; turn++) story.set(1, turn % 2 === 1).wait(2 * MINUTE);
    expect(story.words.filter((say) => say === "flapping")).toHaveLength(1);
    const before = story.words.length;
    expect(story.words.at(-1)).toBe("flapping");
    story.wait(20 * MINUTE);
    expect(story.words.slice(before)).toEqual(["updated"]);
    story.set(1, false).wait(HOUR);
    expect(story.words.at(-1)).toBe("resolved");
  });
});

describe("routes", () => {
  test("tell each channel what it wants, and no channel the rest", () => {
    const story = new Story({
      channels: [
        { name: "pager", threads: true },
        { name: "team", threads: true },
      ],
      routes: [
        { covers: () => true, severity: "critical", channels: ["pager"] },
        { covers: (name) => name === "p1", severity: "warning", channels: ["team"] },
      ],
    });
    story.set(1, true, { trouble: warns }).set(2, true, { trouble: warns }).wait(MINUTE);
    expect(story.said.map(({ message }) => [message.channel, message.about[0]!.pipeline_name])).toEqual([
      ["team", "p1"],
    ]);
    story.set(1, true, { trouble: trouble() }).wait(MINUTE);
    expect(story.said.slice(1).map(({ message }) => [message.channel, message.say])).toEqual([
      ["pager", "opened"],
      ["team", "updated"],
    ]);
  });
});

describe("quiet hours", () => {
  // It is 02:15 UTC.
  const quiet_hours = { from: 22 * 60, to: 7 * 60, timezone: "UTC", weekends: false };
  const settings = { pace: { ...SETTINGS.pace, quiet_hours } };

  test("hold back what only warns until the morning, and say nothing of what is over by then", () => {
    const story = new Story(settings).set(1, true, { trouble: warns }).set(2, true, { trouble: warns }).wait(HOUR);
    expect(story.words).toEqual([]);
    story.set(2, false).wait(12 * HOUR);
    expect(
      story.said.map(({ at, message }) => [new Date(at).toISOString(), message.about[0]!.pipeline_name])[0],
    ).toEqual(["2026-11-20T07:00:00.000Z", "p1"]);
    expect(story.said.every(({ message }) => message.about[0]!.pipeline_name === "p1")).toBe(true);
  });

  test("do not hold back what is critical", () => {
    expect(new Story(settings).set(1, true).wait(MINUTE).words).toEqual(["opened"]);
  });
});

describe("a mute", () => {
  test("keeps quiet while it holds; what is still wrong afterwards is told", () => {
    const story = new Story();
    story.mutes = [{ pipeline_name: "p*", code: null, expires_at: NOW + HOUR }];
    story
      .set(1, true)
      .set(2, true)
      .wait(30 * MINUTE);
    expect(story.words).toEqual([]);
    story.set(2, false).wait(HOUR);
    expect(story.said.map(({ message }) => message.about[0]!.pipeline_name)).toEqual(["p1"]);
  });

  test("of a code keeps quiet of what has no other reason", () => {
    const story = new Story();
    story.mutes = [{ pipeline_name: null, code: "quality_below_threshold", expires_at: NOW + HOUR }];
    const failed = finding({ code: "run_failed", subject: null, detail: "the run failed" });
    story
      .set(1, true)
      .set(2, true, { trouble: trouble({ reasons: [failed, finding()] }) })
      .wait(MINUTE);
    expect(story.said.map(({ message }) => message.about[0]!.pipeline_name)).toEqual(["p2"]);
  });

  test("that somebody ends is over within a minute", () => {
    const story = new Story();
    story.mutes = [{ pipeline_name: "p1", code: null, expires_at: NOW + HOUR }];
    story.set(1, true).wait(10_000);
    story.mutes = [];
    expect(story.wait(MINUTE).words).toEqual(["opened"]);
  });
});

describe("forty pipelines that fail for one reason", () => {
  const failed = trouble({ reasons: [finding({ code: "run_failed", subject: null, detail: "the run failed" })] });

  test("are one message, with its progress and its end", () => {
    const story = new Story();
    for (let id = 1; id <= 40; id++) story.set(id, true, { trouble: failed });
    story.wait(MINUTE);
    expect(story.said.map(({ message }) => [message.say, message.about.length])).toEqual([["opened", 40]]);
    for (let id = 1; id <= 38; id++) story.set(id, false);
    story.wait(30 * MINUTE);
    expect(story.words).toEqual(["opened", "updated"]);
    expect(story.said[1]!.message.about.filter(({ open }) => open)).toHaveLength(2);
    story
      .note(39, false)
      .set(40, false)
      .wait(24 * HOUR);
    expect(story.words).toEqual(["opened", "updated", "resolved"]);
  });

  test("one after the other are a few messages, not forty", () => {
    const story = new Story();
    for (let id = 1; id <= 40; id++) story.set(id, true, { trouble: failed }).wait(3000);
    story.wait(2 * MINUTE);
    const threads = new Set(story.said.map(({ thread_id }) => thread_id));
    expect(threads.size).toBe(5);
    expect(story.said.length).toBeLessThanOrEqual(9);
    expect(story.said.at(-1)!.message.about).toHaveLength(36);
    for (let id = 1; id <= 40; id++) story.set(id, false);
    expect(story.wait(HOUR).words.filter((say) => say === "resolved")).toHaveLength(5);
  });

  test("are not told again while they are all muted", () => {
    const story = new Story();
    for (let id = 1; id <= 10; id++) story.set(id, true, { trouble: failed });
    story.wait(MINUTE);
    story.mutes = [{ pipeline_name: "p*", code: null, expires_at: story.now + 10 * HOUR }];
    expect(story.wait(9 * HOUR).words).toEqual(["opened"]);
    expect(story.wait(6 * HOUR).words).toEqual(["opened", "reminder", "reminder"]);
  });

  const names = (ids: ReadonlySet<number>) => [...ids].sort((a, b) => a - b);

  test("say by number who is new and who is over, and these stand first", () => {
    const story = new Story();
    for (let id = 1; id <= 19; id++) story.set(id, true, { trouble: failed });
    story
      .wait(MINUTE)
      .set(20, true, { trouble: failed })
      .wait(2 * MINUTE);
    const joined = story.said[1]!.message;
    expect([joined.say, names(joined.news.begun), joined.about[0]!.pipeline_id]).toEqual(["updated", [20], 20]);
    story.set(7, false).wait(HOUR);
    const over = story.said[2]!.message;
    expect([names(over.news.begun), names(over.news.ended), over.about[0]!.pipeline_id]).toEqual([[], [7], 7]);
  });

  test("and one that fails when their wave is over: it has a thread of its own, also where it was among them", () => {
    const story = new Story();
    for (let id = 1; id <= 19; id++) story.set(id, true, { trouble: failed });
    story
      .wait(10 * MINUTE)
      .set(20, true, { trouble: failed })
      .wait(MINUTE);
    expect(story.said.map(({ message }) => [message.say, message.about.length])).toEqual([
      ["opened", 19],
      ["opened", 1],
    ]);
    story.set(3, false).wait(HOUR).set(3, true).wait(MINUTE);
    const again = story.said.at(-1)!;
    expect([again.message.say, again.message.about.map(({ pipeline_id }) => pipeline_id)]).toEqual(["opened", [3]]);
    expect(again.thread_id).toBe(3);
    for (let id = 1; id <= 20; id++) story.note(id, false);
    story.plan().wait(HOUR);
    const closing = story.said.filter(({ message }) => message.say === "resolved");
    expect(new Set(closing.map(({ thread_id }) => thread_id))).toEqual(new Set([1, 2, 3]));
  });

  test("and one after the other within five minutes make one thread, those after it another", () => {
    const story = new Story();
    for (let id = 1; id <= 10; id++) story.set(id, true, { trouble: failed }).wait(3000);
    story.wait(6 * MINUTE);
    for (let id = 11; id <= 20; id++) story.set(id, true, { trouble: failed });
    story.wait(MINUTE);
    const last = story.said.at(-1)!.message;
    expect([last.say, last.about.length]).toEqual(["opened", 10]);
  });

  test("with other reasons among them are told apart", () => {
    const story = new Story();
    for (let id = 1; id <= 10; id++) story.set(id, true, { trouble: failed });
    story.set(11, true).wait(MINUTE);
    expect(story.said.map(({ message }) => [message.code, message.about.length])).toEqual([
      ["run_failed", 10],
      ["quality_below_threshold", 1],
    ]);
  });
});

test("planning twice says nothing twice", () => {
  const story = new Story().set(1, true).set(2, true).wait(MINUTE);
  const before = story.said.length;
  for (let again = 0; again < 5; again++) story.plan();
  expect(story.said).toHaveLength(before);
});

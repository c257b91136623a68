import { randomUUID } from "node:crypto";
import { beforeAll, expect, it } from "vitest";
import type { PipelineRow, StoreTx } from "../../../../src/ports.ts";
import { archivePipeline } from "../../../../src/service/runs/archive-pipelines.ts";
import { NOON, restored, type TestAcceptor } from "../../../support/acceptor.ts";
import { gateDeps } from "../../../support/gates.ts";
import { message } from "../../../support/notify/messages.ts";
import type { WrittenStore } from "./open-store.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
const UNTIL_NOON = { at: NOON / 1000 - 60 };

/** Overrides, archived and renamed pipelines, the outbox, and what is too old. */
export function operationsContract(open: () => WrittenStore): void {
  let opened: WrittenStore;
  let agent: TestAcceptor;
  beforeAll(() => {
    opened = open();
    agent = opened.agent;
  });

  const report = (pipeline_name: string, more: object = {}) => {
    return { kind: "run" as const, pipeline_name, run_id: "r1", status: "success", ...UNTIL_NOON, ...more };
  };
  const locked = <T>(name: string, work: (tx: StoreTx, pipeline: PipelineRow) => Promise<T>) => {
    return opened.store.transaction(async (tx) => work(tx, (await tx.lockPipelines([name])).get(name)!));
  };
  const shown = async (pipeline_name: string) => {
    const series = await restored(opened.store);
    return [...series.keys()].filter((name) => name.includes(`pipeline_name="${pipeline_name}"`));
  };

  it("holds so many overrides of a gate at once, each until it ends or expires", async () => {
    await agent.send(report("overridden"), report("not overridden"));
    const override = (minutes: number) => ({
      ...{ override_id: randomUUID(), decision: "pass" as const, reason: "seen", actor: "ana", run_id: null },
      ...{ created_at: NOON, expires_at: NOON + minutes * MINUTE },
    });
    const [short, long, third] = [override(5), override(60), override(60)];
    const holding = (now: number) =>
      locked("overridden", async (tx, { pipeline_id }) => {
        const attach = { attach_window: 0, max_duration: 0 };
        const [gate] = await tx.loadGates([{ pipeline_id, any_run: false, going_on: false, attach }], now);
        return gate!.overrides.map(({ override_id }) => override_id).sort();
      });
    const ids = (...overrides: { override_id: string }[]) => overrides.map(({ override_id }) => override_id).sort();
    await locked("overridden", async (tx, { pipeline_id }) => {
      expect(await tx.addOverride(pipeline_id, short, null, 2)).toBe(true);
      expect(await tx.addOverride(pipeline_id, long, null, 2)).toBe(true);
      expect(await tx.addOverride(pipeline_id, third, null, 2)).toBe(false);
    });
    expect(await holding(NOON)).toEqual(ids(short, long));
    expect(await holding(NOON + 6 * MINUTE)).toEqual(ids(long));
    const end = (pipeline_name: string, now: number) =>
      locked(pipeline_name, (tx, { pipeline_id }) => tx.endOverride(pipeline_id, long.override_id, "bo", now));
    expect(await end("not overridden", NOON)).toBe(false);
    expect(await end("overridden", NOON + MINUTE)).toBe(true);
    expect(await end("overridden", NOON + 2 * MINUTE)).toBe(false);
    expect(await holding(NOON)).toEqual(ids(short));
    const listed = await opened.reader.listOverrides("overridden", null, 10);
    expect(listed.find(({ override_id }) => override_id === long.override_id)).toMatchObject({
      ended_at: NOON + MINUTE,
      ended_by: "bo",
    });
  });

  it("shows nothing of an archived pipeline, keeps its history, and goes on counting when it is back", async () => {
    const { store, reader } = opened;
    await agent.send(report("archived"), report("beside"));
    const deps = { ...gateDeps(), store, afterCommit: agent.recorder, clock: { now: () => NOON }, onRoom() {} };
    await archivePipeline(deps, "archived");
    expect(await shown("archived")).toEqual([]);
    for await (const { archived } of store.restore(["archived", "beside"])) expect(archived).toEqual(["archived"]);
    expect(await shown("beside")).not.toEqual([]);
    expect(await reader.pipelineNames()).not.toContain("archived");
    expect(await reader.readRun("archived", "r1")).toMatchObject({ status: "success" });
    await agent.send(report("archived", { run_id: "r2" }));
    expect((await restored(store)).get('pipeline_runs_total{pipeline_name="archived",status="success"}')).toBe(2);
  });

  it("restores the pipelines that are asked for alone", async () => {
    await agent.send(report("one of two"), report("the other"));
    const names: string[] = [];
    for await (const part of opened.store.restore(["one of two", "never heard of"])) {
      names.push(...part.births.map(({ pipeline_name }) => pipeline_name));
    }
    expect(names).toEqual(["one of two"]);
  });

  it("gives a pipeline another name with all its history, where nothing goes by that name", async () => {
    const { store, reader } = opened;
    await agent.send(report("old name"), report("taken"), report("stays"));
    await store.prepare({ pipeline_names: ["new name"], names: [], times: [] });
    expect(await store.findPipelines(["old name", "nobody"])).toEqual(["old name"]);
    expect(await store.renamePipelines({ "old name": "new name", stays: "taken", nobody: "else" })).toEqual([
      "old name",
    ]);
    expect(await reader.readRun("new name", "r1")).toMatchObject({ status: "success" });
    expect(await reader.readRun("old name", "r1")).toBeNull();
    expect(await reader.pipelineNames()).toEqual(expect.arrayContaining(["new name", "taken", "stays"]));
  });

  it("hands a notice to one at a time, the earliest first, and to another when the lease has ended", async () => {
    const { notices } = opened;
    const notice = (once: string | null) => {
      return { notice_id: randomUUID(), channel: "hook", message: message(), pipeline_names: [], once };
    };
    const [first, second, third] = [notice("digest of today"), notice("digest of today"), notice(null)];
    expect(await notices.add([first], NOON)).toBe(1);
    expect(await notices.add([second], NOON + 1)).toBe(0);
    expect(await notices.add([third], NOON + 2)).toBe(1);
    const lease = (now: number) => notices.lease("hook", randomUUID(), now, now + MINUTE);
    expect(await notices.lease("elsewhere", randomUUID(), NOON + 3, NOON + MINUTE)).toBeNull();
    const early = (await lease(NOON + 3))!;
    const late = (await lease(NOON + 3))!;
    expect([early.notice_id, late.notice_id]).toEqual([first.notice_id, third.notice_id]);
    expect(await lease(NOON + 3)).toBeNull();

    const again = (await lease(NOON + 4 + MINUTE))!;
    expect(again).toMatchObject({ notice_id: first.notice_id, attempts: 2, message: first.message });
    expect(await notices.settle(early, { state: "sent", ref: null }, NOON + 4 + MINUTE)).toBe(false);
    expect(await notices.settle(again, { state: "sent", ref: null }, NOON + 4 + MINUTE)).toBe(true);
    const later = { state: "pending" as const, reason: "busy", next_attempt_at: NOON + 5 * MINUTE };
    expect(await notices.settle(late, later, NOON + 4 + MINUTE)).toBe(true);
    expect(await lease(NOON + 4 * MINUTE)).toBeNull();
    expect(await notices.waiting(NOON + 4 * MINUTE)).toEqual({
      ...{ pending: 1, oldest_at: NOON + 2, due: [] },
      channels: ["hook"],
    });

    await notices.forget(NOON + DAY);
    const all = await notices.list({ pipeline_name: null, state: null, allowed: null, after: null, limit: 10 });
    expect(all).toMatchObject([{ notice_id: third.notice_id, state: "pending", last_error: "busy" }]);
  });

  it("ends what waits for a channel that is gone, unless it is being sent, and nothing of one that is kept", async () => {
    const { notices } = opened;
    const notice = (channel: string) => {
      return { notice_id: randomUUID(), channel, message: message(), pipeline_names: [], once: null };
    };
    const [sending, waiting, kept] = [notice("gone"), notice("gone"), notice("hook")];
    await notices.add([sending, waiting, kept], NOON);
    const leased = (await notices.lease("gone", randomUUID(), NOON, NOON + MINUTE))!;
    expect(await notices.abandon(["hook"], "no more", NOON + 1)).toEqual([
      { notice_id: waiting.notice_id, channel: "gone" },
    ]);
    expect(await notices.abandon(["hook"], "no more", NOON + 2)).toEqual([]);
    expect((await notices.waiting(NOON + 2)).channels).toEqual(["gone", "hook"]);
    expect(await notices.settle(leased, { state: "sent", ref: null }, NOON + 3)).toBe(true);
    const all = await notices.list({ pipeline_name: null, state: null, allowed: null, after: null, limit: 10 });
    const states = new Map(all.map(({ notice_id, state, last_error }) => [notice_id, [state, last_error]]));
    expect([sending, waiting, kept].map(({ notice_id }) => states.get(notice_id))).toEqual([
      ["sent", null],
      ["dead", "no more"],
      ["pending", null],
    ]);
  });

  it("keeps what was refused of a run that is not there, for a run to come or until it is too old", async () => {
    await agent.send(report("refused"));
    const items = [{ kind: "records", item: "load", code: "invalid_report", why: "count: -1 given" }];
    const seen = ["0123456789abcdef0123456789abcdef"];
    const refused = (run_id: string, now: number) =>
      locked("refused", (tx, pipeline) => {
        const rejection = { pipeline_name: "refused", run_id, attempt: null, at: NOON - DAY, items, seen };
        return tx.saveRejected([{ rejection, pipeline, run_key: null }], [], now);
      });
    const come = async (run_id: string, run_key: number) => {
      const changed = await locked("refused", (tx, { pipeline_id }) =>
        tx.saveRejected([], [{ pipeline_id, run_id, run_key }], NOON),
      );
      return changed.size;
    };
    const waits = () => locked("refused", async (_, { has_early_rejections }) => has_early_rejections);
    expect(await waits()).toBe(false);
    expect(await refused("old", NOON - DAY)).toEqual(new Set());
    await refused("young", NOON);
    await refused("younger", NOON);
    expect(await waits()).toBe(true);
    await opened.store.deleteReportIds(NOON - DAY + 1);
    expect(await come("old", 901)).toBe(0);
    expect(await come("young", 902)).toBe(1);
    expect(await waits()).toBe(true);
    expect(await come("younger", 903)).toBe(1);
    expect(await waits()).toBe(false);
    expect(await come("younger", 904)).toBe(0);
  });

  it("forgets ids and months that are too old, and keeps what counts since ever", async () => {
    const { store, reader } = opened;
    const old = report("past", { run_id: "old", at: (NOON - 90 * DAY) / 1000 });
    await agent.send({ ...old, id: "past-1" });
    await agent.send(report("past", { run_id: "new" }));
    const total = 'pipeline_runs_total{pipeline_name="past",status="success"}';
    await store.dropHistory(NOON - 30 * DAY);
    expect(await reader.readRun("past", "old")).toBeNull();
    expect(await reader.readRun("past", "new")).not.toBeNull();
    expect((await restored(store)).get(total)).toBe(2);

    const other = report("past", { run_id: "other", id: "past-1" });
    expect(await agent.send(other)).toMatchObject([{ accepted: false, error: { code: "report_conflict" } }]);
    expect(await store.deleteReportIds(NOON)).toBe(0);
    expect(await store.deleteReportIds(NOON + 1)).toBeGreaterThan(0);
    expect(await agent.send(other)).toMatchObject([{ accepted: true, duplicate: false }]);
  });
}

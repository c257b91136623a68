import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { emailNotifier } from "../../../src/adapters/notify/email/email.ts";
import { slackWebhookNotifier } from "../../../src/adapters/notify/slack/slack.ts";
import { webhookNotifier } from "../../../src/adapters/notify/webhook/webhook.ts";
import type { Notifier } from "../../../src/ports.ts";
import { LEASE_MS } from "../../../src/service/notices/deliver-notices.ts";
import { OK, type ToldServer, toldServer } from "../../support/notify/http-server.ts";
import { type MailServer, mailServer } from "../../support/notify/mail-server.ts";
import { message } from "../../support/notify/messages.ts";
import { Workbench } from "./bench.ts";

const WITHIN = { timeout: 300_000, interval: 20 };

let bench: Workbench;
let server: ToldServer;
let mails: MailServer;
beforeAll(async () => {
  [bench, server, mails] = await Promise.all([Workbench.open(), toldServer(), mailServer()]);
});
afterEach(async () => {
  server.behave(OK);
  mails.answer(null);
  await bench.clear();
  server.received.length = 0;
  mails.mails.length = 0;
});
afterAll(async () => {
  await Promise.all([bench.close(), server.stop(), mails.stop()]);
});

const slack = (url = server.url) =>
  slackWebhookNotifier({ name: "slack", webhook_url: `${url}/services/T0/B0/secret` });
const hook = (timeout?: number): Notifier =>
  webhookNotifier({ name: "hook", url: server.url, secret: null, ...(timeout === undefined ? {} : { timeout }) });
const mail = (port = mails.port) =>
  emailNotifier({
    name: "mail",
    smtp_url: `smtp://127.0.0.1:${port}`,
    from: "sluice@example.com",
    to: ["a@example.com"],
  });

const titles = () => server.received.map(({ body }) => (body as { title?: string; text?: string }).title);
const kinds = () => server.received.map(({ body }) => (body as { kind: string }).kind);

describe("a channel that is down", () => {
  test("gets each notice exactly once when it is back: Slack", async () => {
    const port = Number(new URL(server.url).port);
    await server.stop();
    const courier = bench.courier([slack(`http://127.0.0.1:${port}`)]);
    await bench.say(["orders", "users"], true);
    await bench.until(courier, { pending: 2 });
    await vi.waitFor(
      () =>
        expect(bench.settled).toEqual([
          ["slack", "retried"],
          ["slack", "retried"],
        ]),
      WITHIN,
    );
    for (let minutes = 0; minutes < 3; minutes++) {
      const before = bench.settled.length;
      bench.now += 10 * 60_000;
      await vi.waitFor(() => {
        courier.wake();
        expect(bench.settled.length).toBe(before + 2);
      }, WITHIN);
    }
    server = await toldServer(OK, port);
    bench.now += 10 * 60_000;
    await bench.until(courier, { sent: 2 });
    expect(server.received).toHaveLength(2);
    const { rows } = await bench.database.pool.query("SELECT attempts, last_error FROM notice");
    expect(rows).toEqual([
      { attempts: 5, last_error: null },
      { attempts: 5, last_error: null },
    ]);
  });

  test("gets each notice exactly once when it is back: SMTP", async () => {
    mails.answer({ code: 451, text: "try again later" });
    const courier = bench.courier([mail()]);
    await bench.say(["orders"], true);
    await vi.waitFor(() => {
      courier.wake();
      expect(bench.settled).toEqual([["mail", "retried"]]);
    }, WITHIN);
    mails.answer(null);
    bench.now += 60_000;
    await bench.until(courier, { sent: 1 });
    expect(mails.mails.map(({ subject }) => subject)).toEqual([
      "[critical] orders is blocked: null_rate scored 0.91, 0.95 is required",
    ]);
  });

  test("is given up after a day, with the reason, and a notice can be sent again", async () => {
    server.behave({ status: 503, body: "maintenance" });
    const courier = bench.courier([hook()]);
    await bench.say(["orders"], true);
    await bench.until(courier, { pending: 1 });
    await vi.waitFor(() => expect(bench.settled).toHaveLength(1), WITHIN);
    bench.now += 25 * 3_600_000;
    // The reminder that is due by then is a notice of its own.
    await vi.waitFor(async () => {
      courier.wake();
      expect((await bench.states()).dead).toBe(1);
    }, WITHIN);
    const [dead] = await bench.notices.list({
      pipeline_name: null,
      state: "dead",
      allowed: null,
      after: null,
      limit: 9,
    });
    expect(dead).toMatchObject({
      kind: "opened",
      last_error: "given up: HTTP 503: maintenance",
      next_attempt_at: null,
    });
    server.behave(OK);
    server.received.length = 0;
    await bench.notices.resend(dead!.notice_id, null, bench.now, bench.now + 1000);
    bench.now += 60_000;
    await bench.until(courier, { sent: 2 });
    expect(kinds().sort()).toEqual(["opened", "reminder"]);
  });

  test("is dead at once where trying again would not help", async () => {
    server.behave({ status: 404, body: "no_service" });
    const courier = bench.courier([slack()]);
    await bench.say(["orders"], true);
    await bench.until(courier, { dead: 1 });
    expect(server.received).toHaveLength(1);
    expect(bench.settled).toEqual([["slack", "dead"]]);
  });

  test("keeps no other channel waiting", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    server.behave(async (_got, response) => {
      await held;
      response.writeHead(200).end();
    });
    const courier = bench.courier([hook(), mail()]);
    await bench.say(["orders"], true);
    courier.wake();
    await expect.poll(() => mails.mails.length, WITHIN).toBe(1);
    await expect.poll(() => bench.states(), WITHIN).toEqual({ pending: 1, sent: 1 });
    release();
    await bench.until(courier, { sent: 2 });
    expect(server.received).toHaveLength(1);
  });
});

test("429 with Retry-After: nothing goes to the channel before that, and everything goes once after it", async () => {
  server.behave({ status: 429, headers: { "retry-after": "120" } });
  const courier = bench.courier([slack()]);
  await bench.say(["orders", "users", "clicks"], true);
  await vi.waitFor(() => {
    courier.wake();
    expect(bench.settled).toHaveLength(1);
  }, WITHIN);
  server.behave(OK);
  bench.now += 119_000;
  for (let again = 0; again < 5; again++) {
    courier.wake();
    await bench.states();
  }
  expect(server.received).toHaveLength(1);
  bench.now += 1000;
  await bench.until(courier, { sent: 3 });
  expect(server.received).toHaveLength(4);
});

test("a courier that dies between sending and settling: the notice goes again when its lease ends, with the same id", async () => {
  const courier = bench.courier([hook()]);
  await bench.say(["orders"], true);
  const settle = bench.notices.settle;
  // The process is gone: what it wanted to say reaches the store no more.
  let bury: ((error: Error) => void) | null = null;
  bench.notices.settle = () =>
    new Promise((_resolve, reject) => {
      bury = reject;
    });
  courier.wake();
  await expect.poll(() => bury, WITHIN).not.toBeNull();
  expect(server.received).toHaveLength(1);
  bench.notices.settle = settle;
  const other = bench.courier([hook()]);
  bench.now += LEASE_MS - 1000;
  other.wake();
  await bench.states();
  expect(server.received).toHaveLength(1);
  bench.now += 2000;
  await bench.until(other, { sent: 1 });
  const keys = server.received.map(({ headers }) => headers["idempotency-key"]);
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
  bury!(new Error("it never came to this"));
});

test("a store that is away when a notice is to be settled is asked until it answers: the notice goes once", async () => {
  const courier = bench.courier([hook()]);
  await bench.say(["orders"], true);
  const settle = bench.notices.settle;
  let failures = 3;
  bench.notices.settle = (...given) => (failures-- > 0 ? Promise.reject(new Error("away")) : settle(...given));
  await bench.until(courier, { sent: 1 });
  bench.notices.settle = settle;
  expect(failures).toBeLessThan(0);
  expect(server.received).toHaveLength(1);
});

test("two couriers at once send each notice once, each thread in its order", async () => {
  const names = Array.from({ length: 30 }, (_, i) => `p${i}`);
  const couriers = [bench.courier([hook()], { group_at: 1000 }), bench.courier([hook()], { group_at: 1000 })];
  const wake = () => {
    for (const courier of couriers) courier.wake();
  };
  await bench.say(names, true);
  await vi.waitFor(async () => {
    wake();
    expect(await bench.states()).toEqual({ sent: 30 });
  }, WITHIN);
  await bench.say(names, false);
  await vi.waitFor(async () => {
    wake();
    expect(await bench.states()).toEqual({ sent: 60 });
  }, WITHIN);
  const ids = server.received.map(({ headers }) => headers["idempotency-key"]);
  expect(new Set(ids).size).toBe(60);
  expect(ids).toHaveLength(60);
  const threads = new Map<number, string[]>();
  for (const { body } of server.received) {
    const { thread_id, kind } = body as { thread_id: number; kind: string };
    threads.set(thread_id, [...(threads.get(thread_id) ?? []), kind]);
  }
  expect([...threads.values()]).toEqual(names.map(() => ["opened", "resolved"]));
});

test("forty pipelines that fail for one reason are one message, and its end is another", async () => {
  const names = Array.from({ length: 40 }, (_, i) => `etl_${String(i).padStart(2, "0")}`);
  const failed = { code: "run_failed", severity: "block", subject: null, observed: null, threshold: null } as const;
  const courier = bench.courier([hook()]);
  await bench.say(names, true, { reasons: [{ ...failed, detail: "the run failed: connection refused" }] });
  await bench.until(courier, { sent: 1 });
  expect(titles()).toEqual(["40 pipelines failed: etl_00, etl_01, etl_02 and 37 more"]);
  expect(server.received[0]!.body).toMatchObject({
    news: "the run failed: connection refused",
    pipelines_total: 40,
    pipelines_open: 40,
  });
  bench.now += 3_600_000;
  await bench.say(names, false);
  await bench.until(courier, { sent: 2 });
  expect(titles()[1]).toBe("All 40 pipelines are fine again");
});

test("whoever fails beside nineteen that linger is told by name, and so is who is over", async () => {
  const failed = { code: "run_failed", severity: "block", subject: null, observed: null, threshold: null } as const;
  const reasons = [{ ...failed, detail: "the run failed" }];
  const lingering = Array.from({ length: 19 }, (_, i) => `old_${String(i).padStart(2, "0")}`);
  const courier = bench.courier([hook()]);
  await bench.say(lingering, true, { reasons });
  await bench.until(courier, { sent: 1 });
  bench.now += 2 * 60_000;
  await bench.say(["brand_new_payments"], true, { reasons });
  await bench.until(courier, { sent: 2 });
  expect(titles()[1]).toBe("New: brand_new_payments; 20 pipelines failed");
  expect(server.received[1]!.body).toMatchObject({
    pipelines: expect.arrayContaining([
      expect.objectContaining({ pipeline_name: "brand_new_payments", change: "new" }),
    ]),
  });
  bench.now += 3_600_000;
  await bench.say(["late_refunds"], true, { reasons });
  await bench.until(courier, { sent: 3 });
  expect(titles()[2]).toBe("late_refunds is blocked: the run failed");
  await bench.say(["old_07"], false);
  await bench.until(courier, { sent: 4 });
  expect(titles()[3]).toBe("Over: old_07; 19 of 20 pipelines failed");
  expect(server.received[3]!.body).toMatchObject({ news: "Over: old_07. 19 are in trouble, 1 is over." });
});

test("the opening that waits for its channel holds back what follows in its thread", async () => {
  server.behave({ status: 500 });
  const courier = bench.courier([hook()]);
  await bench.say(["orders"], true);
  await bench.until(courier, { pending: 1 });
  await vi.waitFor(() => expect(bench.settled).toHaveLength(1), WITHIN);
  await bench.say(["orders"], false);
  await bench.until(courier, { pending: 2 });
  server.behave(OK);
  server.received.length = 0;
  bench.now += 60_000;
  await bench.until(courier, { sent: 2 });
  expect(kinds()).toEqual(["opened", "resolved"]);
});

test("a mute keeps quiet, and what is still wrong afterwards is told", async () => {
  const courier = bench.courier([hook()]);
  bench.mutes = [
    {
      mute_id: "m",
      pipeline_name: "or*",
      code: null,
      reason: "migration",
      actor: "ann",
      created_at: bench.now,
      expires_at: bench.now + 60_000,
    },
  ];
  await bench.say(["orders", "users"], true);
  await bench.until(courier, { sent: 1 });
  expect(titles()).toEqual(["users is blocked: null_rate scored 0.91, 0.95 is required"]);
  bench.now += 61_000;
  await bench.until(courier, { sent: 2 });
  expect(titles()[1]).toMatch(/^orders is blocked/);
});

test("the trouble of a pipeline that is archived is over", async () => {
  const courier = bench.courier([hook()]);
  await bench.say(["orders"], true);
  await bench.until(courier, { sent: 1 });
  await bench.database.pool.query("UPDATE pipeline SET archived_at = to_timestamp($1) WHERE pipeline_name = 'orders'", [
    bench.now / 1000,
  ]);
  bench.now += 24 * 3_600_000;
  await bench.until(courier, { sent: 2 });
  expect(titles()[1]).toBe("orders was archived");
  await bench.database.pool.query("UPDATE pipeline SET archived_at = NULL");
});

test("a digest is kept once for all agents", async () => {
  const digest = {
    notice_id: crypto.randomUUID(),
    channel: "hook",
    message: message(),
    pipeline_names: [],
    once: "day 1",
  };
  expect(await bench.notices.add([digest], bench.now)).toBe(1);
  expect(await bench.notices.add([{ ...digest, notice_id: crypto.randomUUID() }], bench.now)).toBe(0);
  expect(await bench.states()).toEqual({ pending: 1 });
});

test("a trouble that changes while it is planned is looked at again", async () => {
  await bench.say(["orders"], true);
  await bench.notices.plan(bench.now, bench.now, async ({ states }) => {
    await bench.say(["orders"], false);
    return { looks: new Map(states.map(({ pipeline_id }) => [pipeline_id, null])), notices: [] };
  });
  let looked = 0;
  await bench.notices.plan(bench.now, bench.now, async ({ states }) => {
    looked = states.length;
    return { looks: new Map(states.map(({ pipeline_id }) => [pipeline_id, null])), notices: [] };
  });
  expect(looked).toBe(1);
});

test("what is old is forgotten, what is pending or goes on is not", async () => {
  const courier = bench.courier([hook()]);
  await bench.say(["orders", "users"], true);
  await bench.until(courier, { sent: 2 });
  await bench.say(["orders"], false);
  await bench.until(courier, { sent: 3 });
  await bench.notices.forget(bench.now + 1);
  const count = async (table: string) =>
    (await bench.database.pool.query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)).rows[0]!.n;
  expect([await count("notice"), await count("notice_thread"), await count("notice_member")]).toEqual([0, 1, 1]);
});

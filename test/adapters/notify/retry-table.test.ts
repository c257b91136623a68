import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../../scripts/lib/free-port.mjs";
import { emailNotifier } from "../../../src/adapters/notify/email/email.ts";
import { createNotifiers } from "../../../src/adapters/notify/notifiers.ts";
import { pagerDutyNotifier } from "../../../src/adapters/notify/pagerduty/pagerduty.ts";
import { slackWebhookNotifier } from "../../../src/adapters/notify/slack/slack.ts";
import { slackBotNotifier } from "../../../src/adapters/notify/slack/slack-bot.ts";
import { webhookNotifier } from "../../../src/adapters/notify/webhook/webhook.ts";
import type { Notifier, SendOutcome } from "../../../src/ports.ts";
import { type Behaviour, type ToldServer, toldServer } from "../../support/notify/http-server.ts";
import { type MailServer, mailServer } from "../../support/notify/mail-server.ts";
import { message } from "../../support/notify/messages.ts";

const notice = { notice_id: "0190f5c6-0000-7000-8000-000000000001", message: message(), thread: null };
/** Long enough for a busy machine to answer, for those that are meant to answer. */
const PATIENT = 15_000;
const IMPATIENT = 300;

let server: ToldServer;
let mails: MailServer;
beforeAll(async () => {
  server = await toldServer();
  mails = await mailServer();
});
afterAll(async () => {
  await Promise.all([server.stop(), mails.stop()]);
});
afterEach(() => {
  mails.answer(null);
  mails.beforeAnswer(async () => {});
});

async function send(notifier: Notifier): Promise<SendOutcome> {
  try {
    return await notifier.send(notice);
  } finally {
    notifier.close();
  }
}

type Made = (base: string, timeout: number) => Notifier;

const HTTP: [string, Made, { status: number; body: string }][] = [
  [
    "Slack by webhook",
    (base, timeout) => slackWebhookNotifier({ name: "s", webhook_url: `${base}/services/T0/B0/x`, timeout }),
    { status: 200, body: "ok" },
  ],
  [
    "Slack by bot",
    (base, timeout) =>
      slackBotNotifier({ name: "b", bot_token: "xoxb-1", slack_channel: "C1", api_url: `${base}/api/`, timeout }),
    { status: 200, body: '{"ok":true,"channel":"C1","ts":"1.2"}' },
  ],
  [
    "a webhook",
    (base, timeout) => webhookNotifier({ name: "w", url: `${base}/hook`, secret: "s3cret-word", timeout }),
    { status: 204, body: "" },
  ],
  [
    "PagerDuty",
    (base, timeout) => pagerDutyNotifier({ name: "p", url: `${base}/v2/enqueue`, routing_key: "R0", timeout }),
    { status: 202, body: '{"status":"success"}' },
  ],
];

const never: Behaviour = () => {};
const ANSWERS: [string, Behaviour, number, Partial<SendOutcome>][] = [
  [
    "429 with Retry-After in seconds",
    { status: 429, headers: { "retry-after": "7" } },
    PATIENT,
    { outcome: "retry", after: 7000 },
  ],
  ["500", { status: 500, body: "oops" }, PATIENT, { outcome: "retry" }],
  [
    "503 with Retry-After",
    { status: 503, headers: { "retry-after": "2" } },
    PATIENT,
    { outcome: "retry", after: 2000 },
  ],
  ["400", { status: 400, body: "invalid_blocks" }, PATIENT, { outcome: "permanent" }],
  ["403", { status: 403, body: "no" }, PATIENT, { outcome: "permanent" }],
  ["404", { status: 404, body: "no_service" }, PATIENT, { outcome: "permanent" }],
  ["410", { status: 410, body: "channel_is_archived" }, PATIENT, { outcome: "permanent" }],
  ["a redirect elsewhere", { status: 302, headers: { location: "http://127.0.0.1:1/" } }, PATIENT, {}],
  ["nothing for too long", never, IMPATIENT, { outcome: "retry", after: null }],
  ["a connection that breaks", (_got, response) => void response.destroy(), PATIENT, { outcome: "retry", after: null }],
];

describe.each(HTTP)("%s", (_name, make, ok) => {
  test("is ok when it is taken, in one request", async () => {
    server.behave(ok);
    const before = server.received.length;
    expect(await send(make(server.url, PATIENT))).toMatchObject({ outcome: "ok" });
    expect(server.received.length - before).toBe(1);
  });

  test.each(ANSWERS)("answered with %s", async (_what, behaviour, timeout, wanted) => {
    server.behave(behaviour);
    const before = server.received.length;
    const outcome = await send(make(server.url, timeout));
    expect(outcome).toMatchObject(wanted);
    expect(outcome.outcome).not.toBe("ok");
    expect((outcome as { reason: string }).reason).not.toBe("");
    // Trying again is not the notifier's business.
    expect(server.received.length - before).toBe(1);
  });

  test("with nobody listening is tried again", async () => {
    const outcome = await send(make(`http://127.0.0.1:${await freePort()}`, PATIENT));
    expect(outcome).toMatchObject({ outcome: "retry", after: null });
    expect((outcome as { reason: string }).reason).toMatch(/ECONNREFUSED/);
  });
});

test("Slack's own refusals that pass are tried again, the others are not", async () => {
  const [, make] = HTTP[1]!;
  const says = async (error: string) => {
    server.behave({ status: 200, body: JSON.stringify({ ok: false, error }) });
    return (await send(make(server.url, PATIENT))).outcome;
  };
  expect(await says("internal_error")).toBe("retry");
  expect(await says("service_unavailable")).toBe("retry");
  expect(await says("channel_not_found")).toBe("permanent");
  expect(await says("invalid_auth")).toBe("permanent");
  expect(await says("is_archived")).toBe("permanent");
});

const LOGIN_PAGE = {
  status: 200,
  headers: { "content-type": "text/html" },
  body: "<!DOCTYPE html><title>Log in</title>",
};

test.each([HTTP[0]!, HTTP[1]!, HTTP[3]!])(
  "%s: a page that answers 200 in its place is not the channel's word",
  async (_name, make) => {
    server.behave(LOGIN_PAGE);
    expect(await send(make(server.url, PATIENT))).toMatchObject({ outcome: "retry" });
  },
);

test("a webhook of one's own may answer with a page", async () => {
  server.behave(LOGIN_PAGE);
  expect(await send(HTTP[2]![1](server.url, PATIENT))).toMatchObject({ outcome: "ok" });
});

test.each([HTTP[0]!, HTTP[2]!, HTTP[3]!])(
  "%s: user and password of its URL go as Basic authentication",
  async (_name, make, ok) => {
    server.behave(ok);
    const withLogin = server.url.replace("http://", "http://anna:p%40ss@");
    expect(await send(make(withLogin, PATIENT))).toMatchObject({ outcome: "ok" });
    const { headers, path } = server.received.at(-1)!;
    expect(headers.authorization).toBe(`Basic ${Buffer.from("anna:p@ss").toString("base64")}`);
    expect(path).not.toContain("anna");
  },
);

test("an HTTP date in Retry-After is a time to wait until", async () => {
  server.behave({ status: 429, headers: { "retry-after": new Date(Date.now() + 60_000).toUTCString() } });
  const outcome = (await send(HTTP[2]![1](server.url, PATIENT))) as { after: number };
  expect(outcome.after).toBeGreaterThan(30_000);
  expect(outcome.after).toBeLessThanOrEqual(60_000);
});

describe("mail", () => {
  const make = (port: number, timeout = PATIENT) =>
    emailNotifier({
      name: "m",
      smtp_url: `smtp://127.0.0.1:${port}`,
      from: "a@example.com",
      to: ["b@example.com"],
      timeout,
    });

  test("is ok when it is taken", async () => {
    expect(await send(make(mails.port))).toEqual({
      outcome: "ok",
      ref: { message_id: `<${notice.notice_id}@example.com>` },
    });
  });

  test.each([
    [421, "retry"],
    [451, "retry"],
    [452, "retry"],
    [550, "permanent"],
    [554, "permanent"],
  ] as const)("answered with %d is %s", async (code, outcome) => {
    mails.answer({ code, text: "no" });
    expect(await send(make(mails.port))).toMatchObject({ outcome });
  });

  test("that is not answered is tried again", async () => {
    let release = () => {};
    mails.beforeAnswer(
      () =>
        new Promise((resolve) => {
          release = resolve;
        }),
    );
    expect(await send(make(mails.port, IMPATIENT))).toMatchObject({ outcome: "retry", after: null });
    release();
  });

  test("with nobody listening is tried again", async () => {
    const outcome = await send(make(await freePort()));
    expect(outcome).toMatchObject({ outcome: "retry" });
    expect((outcome as { reason: string }).reason).toMatch(/ECONNREFUSED/);
  });
});

test("every type of channel has its notifier, under the channel's name", () => {
  const made = createNotifiers([
    { name: "a", type: "slack", webhook_url: "https://hooks.slack.com/x" },
    { name: "b", type: "slack", bot_token: "xoxb-1", slack_channel: "C", api_url: "https://slack.com/api/" },
    { name: "c", type: "email", smtp_url: "smtp://localhost", from: "a@b.c", to: ["d@e.f"] },
    { name: "d", type: "webhook", url: "https://example.com", secret: null },
    { name: "e", type: "pagerduty", routing_key: "R", url: "https://events.pagerduty.com/v2/enqueue" },
  ]);
  expect(made.map(({ channel, threads }) => [channel, threads])).toEqual([
    ["a", false],
    ["b", true],
    ["c", true],
    ["d", true],
    ["e", true],
  ]);
  for (const notifier of made) notifier.close();
});

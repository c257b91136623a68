import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { emailNotifier } from "../../../src/adapters/notify/email/email.ts";
import { slackWebhookNotifier } from "../../../src/adapters/notify/slack/slack.ts";
import { webhookNotifier } from "../../../src/adapters/notify/webhook/webhook.ts";
import { type ToldServer, toldServer } from "../../support/notify/http-server.ts";
import { type MailServer, mailServer } from "../../support/notify/mail-server.ts";
import { finding } from "../../support/notify/messages.ts";
import { Workbench } from "./bench.ts";

const MINUTE = 60_000;

let bench: Workbench;
let slack: ToldServer;
let hook: ToldServer;
let mails: MailServer;
beforeAll(async () => {
  [bench, slack, hook, mails] = await Promise.all([Workbench.open(), toldServer(), toldServer(), mailServer()]);
});
afterEach(async () => {
  await bench.clear();
  slack.received.length = 0;
  hook.received.length = 0;
  mails.mails.length = 0;
});
afterAll(async () => {
  await Promise.all([bench.close(), slack.stop(), hook.stop(), mails.stop()]);
});

function courier() {
  return bench.courier([
    slackWebhookNotifier({ name: "slack", webhook_url: `${slack.url}/services/T0/B0/secret` }),
    webhookNotifier({ name: "hook", url: hook.url, secret: null }),
    emailNotifier({
      name: "mail",
      smtp_url: `smtp://127.0.0.1:${mails.port}`,
      from: "s@example.com",
      to: ["a@example.com"],
    }),
  ]);
}

/** The last words on each channel: what is read without opening it. */
function lastTitles(): string[] {
  const { text } = slack.received.at(-1)!.body as { text: string };
  const { title } = hook.received.at(-1)!.body as { title: string };
  return [text, title, mails.mails.at(-1)!.subject!];
}

function allOfTheLast(): string[] {
  return [slack.received.at(-1)!.text, hook.received.at(-1)!.text, mails.mails.at(-1)!.text!];
}

const LINGERING = Array.from({ length: 19 }, (_, i) => `lingering_${String(i + 1).padStart(2, "0")}`);
const failed = (detail = "run r failed") => ({ reasons: [finding({ code: "run_failed", subject: null, detail })] });

test("with 19 lingering failures, the pipeline that fails now stands in the title of each channel, and so does its end", async () => {
  const one = courier();
  await bench.say(LINGERING, true, failed());
  await bench.until(one, { sent: 3 });

  bench.now += 2 * MINUTE;
  await bench.say(["brand_new_payments"], true, failed());
  await bench.until(one, { sent: 6 });
  for (const title of lastTitles()) expect(title).toContain("brand_new_payments");

  bench.now += 11 * MINUTE;
  await bench.say(["brand_new_payments"], false);
  await bench.until(one, { sent: 9 });
  for (const title of lastTitles()) expect(title).toContain("brand_new_payments");

  bench.now += 11 * MINUTE;
  await bench.say(["later_orders"], true, failed());
  await bench.until(one, { sent: 12 });
  for (const title of lastTitles()) expect(title).toContain("later_orders is blocked");
  for (const text of allOfTheLast()) expect(text).not.toContain("lingering");
});

test("a gate that blocked and only warns now is told on each channel, with or without threads", async () => {
  const one = courier();
  await bench.say(["orders"], true);
  await bench.until(one, { sent: 3 });
  bench.now += 2 * MINUTE;
  await bench.say(["orders"], true, { decision: "warn", reasons: [finding({ severity: "warn" })] });
  await bench.until(one, { sent: 6 });
  for (const title of lastTitles()) expect(title).not.toContain("blocked");
  for (const title of lastTitles()) expect(title).toMatch(/orders/);
});

test("an error of several lines leaves a title of one line on each channel, and is read whole below", async () => {
  const one = courier();
  await bench.say(
    ["orders"],
    true,
    failed(`Traceback (most recent call last):\n  File "load.py"\nValueError: ${"x".repeat(250)}`),
  );
  await bench.until(one, { sent: 3 });
  for (const title of lastTitles()) {
    expect(title).not.toContain("\n");
    expect(title.length).toBeLessThanOrEqual(180);
  }
  for (const text of allOfTheLast()) expect(text).toContain("ValueError");
});

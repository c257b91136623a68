import { createHmac } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { digest } from "../../../scripts/lib/sample-notices.ts";
import { emailNotifier } from "../../../src/adapters/notify/email/email.ts";
import { pagerDutyNotifier } from "../../../src/adapters/notify/pagerduty/pagerduty.ts";
import { slackWebhookNotifier } from "../../../src/adapters/notify/slack/slack.ts";
import { slackMessage } from "../../../src/adapters/notify/slack/slack-blocks.ts";
import { slackBotNotifier } from "../../../src/adapters/notify/slack/slack-bot.ts";
import { webhookNotifier } from "../../../src/adapters/notify/webhook/webhook.ts";
import type { LeasedNotice } from "../../../src/ports.ts";
import { type ToldServer, toldServer } from "../../support/notify/http-server.ts";
import { MAIL_PASSWORD, MAIL_USER, type MailServer, mailServer } from "../../support/notify/mail-server.ts";
import { finding, message, NOW, PICTURE, trouble, troubleState } from "../../support/notify/messages.ts";

type Notice = Pick<LeasedNotice, "notice_id" | "message" | "thread">;
const ids = ["0190f5c6-0000-7000-8000-000000000001", "0190f5c6-0000-7000-8000-000000000002"] as const;
const opened: Notice = {
  notice_id: ids[0],
  message: message([troubleState()], {}, PICTURE),
  thread: { thread_id: 7, ref: null },
};
const over = troubleState({ open: false, opened_at: NOW - 7_980_000, closed_at: NOW });
const resolved: Notice = {
  notice_id: ids[1],
  message: message([over], { say: "resolved", closes: true }),
  thread: { thread_id: 7, ref: null },
};

let server: ToldServer;
let mails: MailServer;
beforeAll(async () => {
  server = await toldServer();
  mails = await mailServer({ login: true });
});
beforeEach(() => {
  server.received.length = 0;
  server.behave({ status: 200, body: '{"ok":true,"channel":"C1","ts":"17.42"}' });
});
afterAll(async () => {
  await Promise.all([server.stop(), mails.stop()]);
});

describe("a message in Slack", () => {
  test("says in its first line what broke and why, and below it since when, what it holds back and what to do", () => {
    const { text, attachments } = slackMessage(opened.message);
    expect(text).toBe("🔴 *orders_daily is blocked: null_rate scored 0.91, 0.95 is required*");
    const said = JSON.stringify(attachments);
    expect(attachments[0]!.color).toBe("#c0392b");
    expect(said).toContain("• null_rate scored 0.91, 0.95 is required  `quality_below_threshold`");
    expect(said).toContain(
      `*Since*\\n<!date^${(NOW - 120_000) / 1000}^{date_short_pretty} {time}|2026-11-20T02:13:00Z> (2m)`,
    );
    expect(said).toContain("*Holds back*\\norders_report, churn_features");
    expect(said).toContain("*Run*\\n`scheduled__2026-11-20T02:00:00+00:00`");
    expect(said).toContain("*What to do*\\n• Look at the rows that fail the check");
    const actions = attachments[0]!.blocks.at(-1) as { elements: { url: string; text: { text: string } }[] };
    expect(actions.elements.map(({ text: label, url }) => [label.text, url])).toEqual([
      ["Open in Sluice", "https://sluice.example.com/pipelines/orders_daily"],
      ["Dashboard", "https://grafana.example.com/d/sluice"],
      ["Runbook", "https://wiki.example.com/quality_below_threshold"],
    ]);
  });

  test("is green when it is over, and says for how long it was", () => {
    const { text, attachments } = slackMessage(resolved.message);
    expect(text).toBe("🟢 *orders_daily is fine again after 2h 13m*");
    expect(attachments[0]!.color).toBe("#1e8449");
    expect(JSON.stringify(attachments)).not.toContain("What to do");
  });

  test("stays within Slack's limits and mentions nobody, whatever it is about", () => {
    const nasty = "<!channel> & <@U1> `code` *bold* ".repeat(200);
    const reasons = Array.from({ length: 60 }, (_, i) => finding({ subject: `${nasty}${i}`, detail: `${nasty}${i}` }));
    const states = Array.from({ length: 200 }, (_, i) =>
      troubleState({
        pipeline_id: i,
        pipeline_name: `${"<!here>".repeat(20)}${i}`,
        trouble: trouble({ reasons, run_id: "r".repeat(200) }),
      }),
    );
    const bins = Array.from({ length: 24 }, (_, i) => ({
      label: `${"<>&".repeat(50)}${i}`,
      expected: i / 276,
      actual: 1 / 24,
    }));
    for (const about of [states.slice(0, 1), states]) {
      const sent = slackMessage(message(about, {}, { ...PICTURE, feature_name: nasty.slice(0, 200), bins }));
      expect(sent.text.length).toBeLessThanOrEqual(3000);
      expect(sent.attachments[0]!.blocks.length).toBeLessThanOrEqual(50);
      for (const block of sent.attachments[0]!.blocks) {
        if ("text" in block) expect(block.text.text.length).toBeLessThanOrEqual(3000);
        if ("fields" in block) {
          expect(block.fields.length).toBeLessThanOrEqual(10);
          for (const field of block.fields) expect(field.text.length).toBeLessThanOrEqual(2000);
        }
      }
      // The one thing in angle brackets that is ours is a date.
      expect(JSON.stringify(sent).replaceAll(/<!date\^\d+\^/g, "")).not.toMatch(/<[!@#]/);
    }
  });

  test("by webhook is one POST of this", async () => {
    const notifier = slackWebhookNotifier({ name: "s", webhook_url: `${server.url}/services/T0/B0/x` });
    expect(await notifier.send(opened)).toEqual({ outcome: "ok", ref: null });
    expect(server.received.map(({ method, path, body }) => [method, path, body])).toEqual([
      ["POST", "/services/T0/B0/x", JSON.parse(JSON.stringify(slackMessage(opened.message)))],
    ]);
  });

  test("by bot starts a thread; what follows goes into it, and the first message shows how it stands", async () => {
    const notifier = slackBotNotifier({
      name: "b",
      bot_token: "xoxb-t",
      slack_channel: "#data",
      api_url: `${server.url}/api/`,
    });
    const first = await notifier.send(opened);
    expect(first).toEqual({ outcome: "ok", ref: { channel: "C1", ts: "17.42" } });
    const ref = (first as { ref: unknown }).ref;
    expect(await notifier.send({ ...resolved, thread: { thread_id: 7, ref } })).toEqual({ outcome: "ok", ref: null });
    const calls = server.received.map(({ path, headers, text }) => ({
      path,
      authorization: headers.authorization,
      form: Object.fromEntries(new URLSearchParams(text)),
    }));
    expect(calls.map(({ path }) => path)).toEqual([
      "/api/chat.postMessage",
      "/api/chat.update",
      "/api/chat.postMessage",
    ]);
    expect(calls.every(({ authorization }) => authorization === "Bearer xoxb-t")).toBe(true);
    expect(calls[0]!.form).toMatchObject({ channel: "#data", text: expect.stringContaining("is blocked") });
    expect(calls[0]!.form).not.toHaveProperty("thread_ts");
    expect(calls[1]!.form).toMatchObject({ channel: "C1", ts: "17.42", text: expect.stringContaining("fine again") });
    expect(calls[2]!.form).toMatchObject({ channel: "C1", thread_ts: "17.42" });
  });

  test("by bot stands by itself where the first message was deleted", async () => {
    server.behave(({ path }, response) => {
      const gone = path.endsWith("chat.update");
      response.writeHead(200, { "content-type": "application/json" });
      response.end(gone ? '{"ok":false,"error":"message_not_found"}' : '{"ok":true,"channel":"C1","ts":"18.1"}');
    });
    const notifier = slackBotNotifier({
      name: "b",
      bot_token: "x",
      slack_channel: "C1",
      api_url: `${server.url}/api/`,
    });
    const thread = { thread_id: 7, ref: { channel: "C1", ts: "17.42" } };
    expect(await notifier.send({ ...resolved, thread })).toMatchObject({ outcome: "ok" });
  });
});

describe("a mail", () => {
  const make = () =>
    emailNotifier({
      name: "m",
      smtp_url: `smtp://${MAIL_USER}:${encodeURIComponent(MAIL_PASSWORD)}@127.0.0.1:${mails.port}`,
      from: "Sluice <sluice@example.com>",
      to: ["a@example.com", "b@example.com"],
    });

  test("has the words as text and HTML, the drift as a picture inside, and what follows in its thread", async () => {
    const notifier = make();
    const first = await notifier.send(opened);
    expect(first).toEqual({ outcome: "ok", ref: { message_id: `<${ids[0]}@example.com>` } });
    await notifier.send({ ...resolved, thread: { thread_id: 7, ref: (first as { ref: unknown }).ref } });
    notifier.close();
    const [mail, end] = mails.mails;
    expect(mail).toMatchObject({
      subject: "[critical] orders_daily is blocked: null_rate scored 0.91, 0.95 is required",
      from: { name: "Sluice", address: "sluice@example.com" },
      to: [{ address: "a@example.com" }, { address: "b@example.com" }],
      messageId: `<${ids[0]}@example.com>`,
    });
    expect(mail!.headers).toContainEqual(expect.objectContaining({ key: "auto-submitted", value: "auto-generated" }));
    for (const said of [
      "null_rate scored 0.91",
      "orders_report, churn_features",
      "2026-11-20 02:13 UTC (2m)",
      "What to do",
    ]) {
      expect(mail!.text).toContain(said);
      expect(mail!.html).toContain(said);
    }
    expect(mail!.html).toContain('src="cid:drift@sluice"');
    const [picture] = mail!.attachments;
    expect(picture).toMatchObject({ mimeType: "image/png", contentId: "<drift@sluice>" });
    const bytes = Buffer.from(picture!.content as ArrayBuffer);
    expect(bytes.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
    // Twice the size of the drawing.
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1120, 300]);
    expect(end).toMatchObject({
      subject: "[over] orders_daily is fine again after 2h 13m",
      inReplyTo: `<${ids[0]}@example.com>`,
      references: `<${ids[0]}@example.com>`,
    });
    expect(end!.attachments).toEqual([]);
  });

  test("runs nothing of what others wrote", async () => {
    const detail = '<script>alert(1)</script><img src=x onerror="y">\r\nBcc: c@example.com';
    const nasty = troubleState({ pipeline_name: "<b>p</b>", trouble: trouble({ reasons: [finding({ detail })] }) });
    const notifier = make();
    await notifier.send({ ...opened, message: message([nasty]) });
    notifier.close();
    const mail = mails.mails.at(-1)!;
    expect(mail.html).not.toMatch(/<script|<img src=x|<b>p/);
    expect(mail.bcc ?? []).toEqual([]);
    expect(mail.subject).not.toMatch(/[\r\n]/);
  });
});

test("a digest goes to Slack as text, and by mail with the days of each pipeline as a picture", async () => {
  const sent = slackMessage(digest);
  expect(sent.text).toContain("The day for commerce: 2 pipelines below their target, 2 blocked runs");
  expect(JSON.stringify(sent)).toMatch(/✗ orders_daily +93\.75 % of 99 %/);
  const notifier = emailNotifier({
    name: "m",
    smtp_url: `smtp://${MAIL_USER}:${encodeURIComponent(MAIL_PASSWORD)}@127.0.0.1:${mails.port}`,
    from: "sluice@example.com",
    to: ["a@example.com"],
  });
  expect(await notifier.send({ ...opened, message: digest, thread: null })).toMatchObject({ outcome: "ok" });
  notifier.close();
  const mail = mails.mails.at(-1)!;
  expect(mail.subject).toMatch(/^\[digest\] The day for commerce/);
  expect(mail.attachments.map(({ contentId }) => contentId)).toEqual([0, 1, 2, 3, 4].map((i) => `<sla-${i}@sluice>`));
  for (const i of [0, 1, 2, 3, 4]) expect(mail.html).toContain(`src="cid:sla-${i}@sluice"`);
  expect(mail.text).toContain("Went silent\nprice_import");
});

describe("a webhook", () => {
  test("is signed as GitHub signs, over the bytes that were sent", async () => {
    const notifier = webhookNotifier({ name: "w", url: `${server.url}/hook`, secret: "s3cret-word" });
    await notifier.send(opened);
    const [got] = server.received;
    const expected = `sha256=${createHmac("sha256", "s3cret-word").update(got!.text).digest("hex")}`;
    expect(got!.headers["sluice-signature"]).toBe(expected);
    expect(got!.headers["idempotency-key"]).toBe(ids[0]);
    expect(got!.body).toMatchObject({
      notice_id: ids[0],
      thread_id: 7,
      kind: "opened",
      severity: "critical",
      since: "2026-11-20T02:13:00Z",
      until: null,
      pipelines: [{ pipeline_name: "orders_daily", blocks: ["orders_report", "churn_features"] }],
    });
  });

  test("without a secret is not signed", async () => {
    await webhookNotifier({ name: "w", url: server.url, secret: null }).send(opened);
    expect(server.received[0]!.headers).not.toHaveProperty("sluice-signature");
  });
});

test("PagerDuty is told of one incident a thread: triggered, then resolved", async () => {
  const notifier = pagerDutyNotifier({ name: "p", url: `${server.url}/v2/enqueue`, routing_key: "R0" });
  await notifier.send(opened);
  await notifier.send(resolved);
  expect(server.received.map(({ body }) => body)).toMatchObject([
    {
      routing_key: "R0",
      event_action: "trigger",
      dedup_key: "sluice-7",
      payload: {
        summary: "orders_daily is blocked: null_rate scored 0.91, 0.95 is required",
        source: "orders_daily",
        severity: "critical",
        timestamp: "2026-11-20T02:13:00Z",
        class: "quality_below_threshold",
      },
      links: [{ text: "Open in Sluice" }, { text: "Dashboard" }, { text: "Runbook" }],
    },
    { event_action: "resolve", dedup_key: "sluice-7" },
  ]);
});

import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { emailNotifier } from "../../../src/adapters/notify/email/email.ts";
import { hideSecrets, secretsOfUrl } from "../../../src/adapters/notify/hide-secrets.ts";
import { pagerDutyNotifier } from "../../../src/adapters/notify/pagerduty/pagerduty.ts";
import { slackWebhookNotifier } from "../../../src/adapters/notify/slack/slack.ts";
import { slackBotNotifier } from "../../../src/adapters/notify/slack/slack-bot.ts";
import { webhookNotifier } from "../../../src/adapters/notify/webhook/webhook.ts";
import { describeConfig, loadConfig } from "../../../src/config.ts";
import type { Notifier } from "../../../src/ports.ts";
import { Workbench } from "../../service/notices/bench.ts";
import { type Behaviour, type ToldServer, toldServer } from "../../support/notify/http-server.ts";
import { MAIL_PASSWORD, MAIL_USER, type MailServer, mailServer } from "../../support/notify/mail-server.ts";

const SECRETS = {
  slack: "B0HOOKxyzSECRETzyxwvu",
  token: "xoxb-1234567890-SECRETtoken",
  query: "query-SECRET-0123456789",
  hmac: "hmac SECRET/+&word",
  routing: "R0SECRETroutingkey0123456789abcd",
  password: "wrong pass/word&SECRET",
};
/** In all the forms that a log or an answer may show them in. */
const FORMS = [...Object.values(SECRETS), MAIL_PASSWORD].flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString("base64"),
  JSON.stringify(secret).slice(1, -1),
]);

let bench: Workbench;
let server: ToldServer;
let mails: MailServer;
let open: MailServer;
beforeAll(async () => {
  [bench, server, mails, open] = await Promise.all([
    Workbench.open(),
    toldServer(),
    mailServer({ login: true }),
    mailServer(),
  ]);
});
afterEach(() => bench.clear());
afterAll(async () => {
  await Promise.all([bench.close(), server.stop(), mails.stop(), open.stop()]);
});

/** A server that says aloud everything it was sent. */
const echo =
  (status: number): Behaviour =>
  ({ path, headers, text }, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    const all = `${path} ${decodeURIComponent(path)} ${JSON.stringify(headers)} ${text} ${decodeURIComponent(text.replaceAll("%", "%25"))}`;
    response.end(JSON.stringify({ ok: false, error: all }));
  };

const NOTIFIERS: [string, (base: string) => Notifier][] = [
  [
    "Slack by webhook",
    (base) =>
      slackWebhookNotifier({ name: "c", webhook_url: `${base}/services/T0/B0/${SECRETS.slack}`, timeout: 2000 }),
  ],
  [
    "Slack by bot",
    (base) =>
      slackBotNotifier({
        name: "c",
        bot_token: SECRETS.token,
        slack_channel: "C1",
        api_url: `${base}/api/`,
        timeout: 2000,
      }),
  ],
  [
    "a webhook",
    (base) =>
      webhookNotifier({ name: "c", url: `${base}/hook?key=${SECRETS.query}`, secret: SECRETS.hmac, timeout: 2000 }),
  ],
  ["PagerDuty", (base) => pagerDutyNotifier({ name: "c", url: base, routing_key: SECRETS.routing, timeout: 2000 })],
];

const ANSWERS: [string, Behaviour | null][] = [
  ["a 400 that says everything it was sent", echo(400)],
  ["a 500 that says everything it was sent", echo(500)],
  ["a 200 that says everything it was sent", echo(200)],
  ["a broken connection", (_got, response) => void response.destroy()],
  ["nobody listening", null],
];

/** Everything that is printed while this runs. */
async function printed(work: () => Promise<void>): Promise<string> {
  let text = "";
  const take = (chunk: unknown) => {
    text += String(chunk);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation(take as never),
    vi.spyOn(process.stderr, "write").mockImplementation(take as never),
    ...(["log", "info", "warn", "error", "debug"] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation((...all) => take(inspect(all)) as never),
    ),
  ];
  try {
    await work();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return text;
}

/** What a person can see of a notice that was tried once: logs, rows, the list, what was printed. */
async function tracesOf(notifier: Notifier): Promise<string> {
  const courier = bench.courier([notifier]);
  const output = await printed(async () => {
    await bench.say(["orders"], true);
    await vi.waitFor(
      () => {
        courier.wake();
        expect(bench.settled).toHaveLength(1);
      },
      { timeout: 25_000, interval: 20 },
    );
  });
  const rows = await bench.database.pool.query("SELECT * FROM notice");
  const threads = await bench.database.pool.query("SELECT * FROM notice_thread");
  const items = await bench.notices.list({ pipeline_name: null, state: null, allowed: null, after: null, limit: 10 });
  expect(items).toHaveLength(1);
  const logged = bench.lines.filter(({ message }) => message.startsWith("notice"));
  expect(logged.length).toBeGreaterThan(0);
  return inspect([output, bench.lines, rows.rows, threads.rows, items], {
    depth: 20,
    maxStringLength: null,
    maxArrayLength: null,
  });
}

function expectNoSecret(text: string): void {
  for (const form of FORMS) expect(text.includes(form), `${form} in ${text.slice(0, 3000)}`).toBe(false);
}

describe.each(NOTIFIERS)("%s shows no secret", (_name, make) => {
  test.each(ANSWERS)("after %s", async (_what, behaviour) => {
    if (behaviour !== null) server.behave(behaviour);
    // Port 9 of loopback: nobody is there.
    expectNoSecret(await tracesOf(make(behaviour === null ? "http://127.0.0.1:9" : server.url)));
  });
});

describe("mail shows no secret", () => {
  const make = (port: number, password: string) =>
    emailNotifier({
      name: "c",
      smtp_url: `smtp://${MAIL_USER}:${encodeURIComponent(password)}@127.0.0.1:${port}`,
      from: "a@example.com",
      to: ["b@example.com"],
      timeout: 5000,
    });

  test("after a refused login of a server that says the password aloud", async () => {
    const traces = await tracesOf(make(mails.port, SECRETS.password));
    expect(traces).toContain("no login for sluice");
    expectNoSecret(traces);
  });

  test("when it is sent", async () => {
    expectNoSecret(await tracesOf(make(mails.port, MAIL_PASSWORD)));
  });

  test("with nobody listening", async () => {
    expectNoSecret(await tracesOf(make(9, SECRETS.password)));
  });
});

test("the configuration is printed without any of them", () => {
  const text = `
notices:
  channels:
    - {name: a, type: slack, webhook_url: "https://hooks.slack.com/services/T0/B0/${SECRETS.slack}"}
    - {name: b, type: slack, bot_token: ${SECRETS.token}, slack_channel: C1}
    - {name: c, type: email, smtp_url: "smtp://u:${encodeURIComponent(SECRETS.password)}@mail:587", from: a@b.c, to: [d@e.f]}
    - {name: d, type: webhook, url: "https://x/?key=${SECRETS.query}", secret: ${JSON.stringify(SECRETS.hmac)}}
    - {name: e, type: pagerduty, routing_key: ${SECRETS.routing}}
`;
  const files = { directory: "/w", read: (path: string) => (path === "/w/sluice.yaml" ? text : null) };
  const { config } = loadConfig({}, files);
  const shown = describeConfig(config);
  expectNoSecret(inspect(shown, { depth: 20 }));
  expect((shown as { notices: { channels: object[] } }).notices.channels).toHaveLength(5);
});

test("every form of a secret is hidden, the longest first, and the rest is left as it is", () => {
  const hide = hideSecrets(["abcd", "abcdefgh", "p w/d", "x"]);
  expect(hide("abcdefgh abcd p%20w%2Fd cCB3L2Q= x")).toBe("<secret> <secret> <secret> <secret> x");
  const url = "https://hooks.slack.com/services/T012AB34C/B012AB34C/xyzXYZ0123";
  expect(hideSecrets(secretsOfUrl(url))(`POST ${url} /services/T012AB34C/B012AB34C/xyzXYZ0123 at services`)).toBe(
    "POST <secret> <secret> at services",
  );
});

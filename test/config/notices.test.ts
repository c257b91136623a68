import { describe, expect, test } from "vitest";
import { describeConfig } from "../../src/config.ts";
import { errors, load } from "./load.ts";

const notices = (text: string, files = {}) => load({}, { "sluice.yaml": `notices:\n${text}`, ...files }).config.notices;
const wrong = (text: string, files = {}) => errors({}, { "sluice.yaml": `notices:\n${text}`, ...files });
const HOOK = "  channels: [{name: hook, type: webhook, url: https://example.com/x}]\n";

describe("channels", () => {
  test("of every type, secrets from files without the line break at their end", () => {
    const text = `
  channels:
    - {name: a, type: slack, webhook_url_file: slack}
    - {name: b, type: slack, bot_token_file: secrets/token, slack_channel: C1}
    - {name: c, type: email, smtp_url_file: smtp, from: Sluice <s@example.com>, to: [a@example.com]}
    - {name: d, type: webhook, url_file: url, secret_file: secret}
    - {name: e, type: pagerduty, routing_key_file: key}
`;
    const files = {
      slack: "https://hooks.slack.com/services/T/B/X\n",
      "secrets/token": "xoxb-1\r\n",
      smtp: "smtps://u:p@mail:465",
      url: "https://example.com/y?key=1\n",
      secret: "s3cret\n",
      key: "R0\n",
    };
    expect(notices(text, files).channels).toEqual([
      { name: "a", type: "slack", webhook_url: "https://hooks.slack.com/services/T/B/X" },
      { name: "b", type: "slack", bot_token: "xoxb-1", slack_channel: "C1", api_url: "https://slack.com/api/" },
      {
        name: "c",
        type: "email",
        smtp_url: "smtps://u:p@mail:465",
        from: "Sluice <s@example.com>",
        to: ["a@example.com"],
      },
      { name: "d", type: "webhook", url: "https://example.com/y?key=1", secret: "s3cret" },
      { name: "e", type: "pagerduty", routing_key: "R0", url: "https://events.pagerduty.com/v2/enqueue" },
    ]);
  });

  test("a Slack webhook in a variable is a channel by itself", () => {
    const env = { SLUICE_SLACK_WEBHOOK_URL: "https://hooks.slack.com/services/T/B/X" };
    expect(load(env).config.notices.channels).toEqual([
      { name: "slack", type: "slack", webhook_url: env.SLUICE_SLACK_WEBHOOK_URL },
    ]);
    const file = { SLUICE_SLACK_WEBHOOK_URL_FILE: "hook" };
    expect(load(file, { hook: "https://hooks.slack.com/services/T/B/Y\n" }).config.notices.channels).toMatchObject([
      { name: "slack", webhook_url: "https://hooks.slack.com/services/T/B/Y" },
    ]);
    expect(errors({ SLUICE_SLACK_WEBHOOK_URL: "hooks.slack.com/SECRET" })).toEqual([
      "SLUICE_SLACK_WEBHOOK_URL: <secret> given; must be a URL that starts with http:// or https://",
    ]);
  });

  test.each([
    ["{name: a, type: slack}", "sluice.yaml:2:14: notices.channels[0]: a channel of type slack needs webhook_url"],
    [
      "{name: a, type: slack, bot_token: xoxb-SECRET}",
      "sluice.yaml:2:14: notices.channels[0]: a channel of type slack needs slack_channel",
    ],
    [
      "{name: a, type: slack, webhook_url: hooks.slack.com/SECRET}",
      "sluice.yaml:2:50: notices.channels[0].webhook_url: <secret> given as webhook_url; must be a URL that starts with http:// or https://",
    ],
    [
      "{name: a, type: slack, webhook_url: https://x/SECRET, webhook_url_file: y}",
      "sluice.yaml:2:86: notices.channels[0].webhook_url_file: webhook_url is given as well; keep one of them",
    ],
    [
      "{name: a, type: slack, webhook_url_file: nowhere}",
      'sluice.yaml:2:55: "nowhere" given; there is no such file (looked for in /work)',
    ],
    [
      "{name: a, type: email, smtp_url: mail:25, from: a@b.c, to: [d@e.f]}",
      "sluice.yaml:2:47: notices.channels[0].smtp_url: <secret> given as smtp_url; must be a URL that starts with smtp:// or smtps://",
    ],
    [
      "{name: a, type: webhook, url: https://x, routing_key: SECRET}",
      "sluice.yaml:2:68: notices.channels[0].routing_key: a channel of type webhook has no such key; its keys are url, url_file, secret, secret_file",
    ],
    [
      "{name: a, type: teams}",
      'sluice.yaml:2:30: notices.channels[0].type: "teams" given; must be one of slack, email, webhook, pagerduty',
    ],
    [
      "{name: a b, type: slack}",
      'sluice.yaml:2:21: notices.channels[0].name: "a b" given; must be 1 to 64 letters, digits, dots, dashes and underscores',
    ],
  ])("%s is refused", (channel, message) => {
    const told = wrong(`  channels: [${channel}]\n`);
    expect(told).toContain(message);
    expect(told.join("\n")).not.toContain("SECRET");
  });

  test("with the same name twice are refused", () => {
    const told = wrong(
      "  channels: [{name: a, type: pagerduty, routing_key: R}, {name: a, type: pagerduty, routing_key: S}]\n",
    );
    expect(told).toEqual(['notices.channels: a second channel with the name "a"']);
  });
});

describe("routes and digests", () => {
  test("have their defaults", () => {
    const text = `${HOOK}  routes: [{channels: [hook]}]\n  digests: [{period: day, channels: [hook]}, {period: week, channels: [hook]}]\n`;
    expect(notices(text)).toMatchObject({
      routes: [{ pipeline_name: null, team: null, severity: "warning", channels: ["hook"] }],
      digests: [
        { period: "day", team: null, cron: "0 8 * * *", timezone: "UTC", channels: ["hook"] },
        { period: "week", team: null, cron: "0 8 * * 1", timezone: "UTC", channels: ["hook"] },
      ],
    });
  });

  test.each([
    ["routes: [{channels: [hok]}]", 'notices.routes[0].channels: no channel has the name "hok"; they are hook'],
    ["routes: [{team: x, channels: [hook]}]", 'notices.routes[0].team: no team has the name "x"; there is none'],
    [
      "routes: [{team: x, pipeline_name: y, channels: [hook]}]",
      "notices.routes[0]: pipeline_name and team given; say one of them",
    ],
    [
      "routes: [{severity: loud, channels: [hook]}]",
      '"loud" given; must be one of critical, warning, info: the least that is told',
    ],
    [
      "digests: [{period: day, cron: '0 8 * *', channels: [hook]}]",
      '"0 8 * *" given; must be a cron expression of five fields such as 0 8 * * *',
    ],
    ["digests: [{period: day, cron: '61 8 * * *', channels: [hook]}]", '"61 8 * * *" given; must be a cron expression'],
    [
      "digests: [{period: day, timezone: Mars/Base, channels: [hook]}]",
      '"Mars/Base" given; must be an IANA time zone such as Europe/Berlin or UTC',
    ],
    ["digests: [{period: month, channels: [hook]}]", '"month" given; must be one of day, week'],
  ])("%s is refused", (text, message) => {
    expect(wrong(`${HOOK}  ${text}\n`).join("\n")).toContain(message);
  });
});

describe("quiet hours", () => {
  test("are read and written as times of day", () => {
    const text = '  quiet_hours: {from: "22:00", to: "07:30", timezone: Europe/Berlin}\n';
    expect(notices(text).quiet_hours).toEqual({ from: 1320, to: 450, timezone: "Europe/Berlin", weekends: false });
    const { config } = load({}, { "sluice.yaml": `notices:\n${text}` });
    expect(describeConfig(config)).toMatchObject({
      notices: { quiet_hours: { from: "22:00", to: "07:30", timezone: "Europe/Berlin", weekends: false } },
    });
  });

  test("can be the weekends alone", () => {
    expect(notices("  quiet_hours: {weekends: true}\n").quiet_hours).toMatchObject({ from: 0, to: 0, weekends: true });
  });

  test.each([
    ['{from: "22:00"}', "notices.quiet_hours.to: missing; quiet hours need from and to"],
    ['{from: "24:00", to: "7:00"}', '"24:00" given; must be a time of day such as "22:00", in quotes'],
    ['{from: "22:00", to: "07:00", timezone: Berlin}', '"Berlin" given; must be an IANA time zone'],
  ])("%s is refused", (quiet, message) => {
    expect(wrong(`  quiet_hours: ${quiet}\n`).join("\n")).toContain(message);
  });
});

test("what is printed of the channels can be read, and shows no secret", () => {
  const text = `${HOOK.replace("}]", ", secret: hunter2}]")}`;
  const { config } = load({}, { "sluice.yaml": `notices:\n${text}` });
  expect(describeConfig(config)).toMatchObject({
    notices: { channels: [{ name: "hook", type: "webhook", url: "<secret>", secret: "<secret>" }] },
  });
});

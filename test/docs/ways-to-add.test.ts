import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createNotifiers } from "../../src/adapters/notify/notifiers.ts";
import { CHANNEL_TYPES } from "../../src/config/keys/notices/notices-schema.ts";
import type { ChannelConfig } from "../../src/config.ts";
import { FORMATS } from "../../src/contract/formats.ts";
import { REPORT_KINDS } from "../../src/contract/reports.ts";
import { KINDS } from "../../src/domain/commit/kinds.ts";
import { CHECKS } from "../../src/domain/gate/checks/index.ts";

const contributing = readFileSync("CONTRIBUTING.md", "utf8");

/** The files that a list of CONTRIBUTING.md names, `<word>` replaced by each of these. */
function filesOf(heading: string, word: string, values: readonly string[]): string[] {
  const [, after = ""] = contributing.split(`\n## ${heading}\n`);
  const [list = ""] = after.split("\n## ");
  const paths = [...list.matchAll(/`([\w<>/.-]+\/[\w<>.-]*)`/g)].map(([, path]) => path!);
  expect(paths.length).toBeGreaterThan(6);
  return paths.flatMap((path) =>
    path.includes(`<${word}>`) ? values.map((value) => path.replaceAll(`<${word}>`, value)) : [path],
  );
}

const missing = (files: string[]) => files.filter((file) => !existsSync(file));

describe("the list of a new report kind", () => {
  test("names files that are there, for each kind that there is", () => {
    const files = filesOf("Add a report kind", "kind", Object.keys(KINDS));
    // The rows of runs are spread over more than their totals.
    const table = "src/adapters/postgres/tables/run";
    expect(missing(files.map((file) => (file === `${table}.ts` ? `${table}-totals.ts` : file)))).toEqual([]);
  });

  test("is right that the kinds of the wire are those of the domain", () => {
    expect([...REPORT_KINDS].sort()).toEqual(Object.keys(KINDS).sort());
  });
});

describe("the list of a new check", () => {
  test("names files that are there, for each check that there is", () => {
    expect(missing(filesOf("Add a check of the gate", "name", Object.keys(CHECKS)))).toEqual([]);
  });
});

describe("the list of a new channel", () => {
  test("names files that are there, for each channel that there is", () => {
    expect(missing(filesOf("Add a channel of notices", "type", CHANNEL_TYPES))).toEqual([]);
  });

  test.each(["retry-table", "leaks-no-secret", "messages"])("is right that every channel is in %s.test.ts", (name) => {
    const text = readFileSync(`test/adapters/notify/${name}.test.ts`, "utf8");
    const used = (type: string) => {
      const [, made] =
        new RegExp(`import \\{ (\\w+Notifier) \\} from "[./]*/src/adapters/notify/${type}/`).exec(text) ?? [];
      return made !== undefined && text.includes(`${made}(`);
    };
    expect(CHANNEL_TYPES.filter((type) => !used(type))).toEqual([]);
  });

  test("is right that a channel has a row in docs/notices.md and stands in the sample", () => {
    const [notices, sample] = ["docs/notices.md", "sluice.sample.yaml"].map((file) => readFileSync(file, "utf8"));
    expect(CHANNEL_TYPES.filter((type) => !notices!.includes(`| \`${type}\``))).toEqual([]);
    expect(CHANNEL_TYPES.filter((type) => !sample!.includes(`type: ${type}`))).toEqual([]);
  });

  test("is right that each is made from its configuration", () => {
    const channels: { [K in ChannelConfig["type"]]: ChannelConfig } = {
      slack: { name: "s", type: "slack", webhook_url: "http://127.0.0.1:1/x" },
      email: { name: "e", type: "email", smtp_url: "smtp://127.0.0.1:1", from: "a@example.com", to: ["b@example.com"] },
      webhook: { name: "w", type: "webhook", url: "http://127.0.0.1:1/x", secret: null },
      pagerduty: { name: "p", type: "pagerduty", routing_key: "k", url: "http://127.0.0.1:1/x" },
    };
    const notifiers = createNotifiers(Object.values(channels));
    expect(notifiers.map(({ channel }) => channel)).toEqual(["s", "e", "w", "p"]);
    for (const notifier of notifiers) notifier.close();
    expect(Object.keys(channels).sort()).toEqual([...CHANNEL_TYPES].sort());
  });
});

describe("the list of a new format", () => {
  const files = FORMATS.map((format) => format.replaceAll("_", "-"));

  test("names files that are there, for each format that there is", () => {
    expect(missing(filesOf("Add a format of another system", "format", files))).toEqual([]);
  });

  test("is right that every format is in hostile.test.ts", () => {
    const text = readFileSync("test/intake/histograms/hostile.test.ts", "utf8");
    expect(FORMATS.filter((format) => !new RegExp(`^ {2}${format}: `, "m").test(text))).toEqual([]);
  });
});

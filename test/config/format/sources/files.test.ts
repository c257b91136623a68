import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ConfigError, filesOnDisk, loadConfig } from "../../../../src/config.ts";

const directory = mkdtempSync(path.join(tmpdir(), "sluice-files-"));
afterAll(() => rmSync(directory, { recursive: true }));
const at = (name: string) => path.join(directory, name);

function problems(env: Record<string, string>): string[] {
  try {
    loadConfig(env, filesOnDisk(directory));
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ where, message }) => `${where}: ${message}`);
    throw error;
  }
}

describe("what is no file that a person wrote is one clear line", () => {
  execFileSync("mkfifo", [at("fifo")]);
  mkdirSync(at("directory"));
  writeFileSync(at("binary"), Buffer.concat([randomBytes(3 * 1024 * 1024), Buffer.from([0])]));
  writeFileSync(at("zeros"), Buffer.alloc(3 * 1024 * 1024));
  writeFileSync(at("utf-16"), Buffer.from("\ufefflog_level: info\n", "utf16le"));
  writeFileSync(at("huge"), `${"# a line\n".repeat(600_000)}`);
  symlinkSync(at("loop"), at("loop"));
  symlinkSync(at("nowhere"), at("dangling"));
  symlinkSync(at("fifo"), at("link"));
  writeFileSync(at("empty"), "");
  writeFileSync(at("broken"), "a: [\n".repeat(10_000));

  test.each([
    ["fifo", '"fifo" given; it is a named pipe'],
    ["link", '"link" given; it is a named pipe'],
    ["directory", '"directory" given; it is a directory (EISDIR)'],
    ["binary", '"binary" given; it is not text in UTF-8'],
    ["zeros", '"zeros" given; it is not text in UTF-8'],
    ["utf-16", '"utf-16" given; it is not text in UTF-8'],
    ["huge", '"huge" given; it is larger than 4 MiB'],
    ["loop", '"loop" given; it is a link that leads to itself (ELOOP)'],
    ["dangling", `"dangling" given; there is no such file (looked for in ${directory})`],
    ["nowhere", `"nowhere" given; there is no such file (looked for in ${directory})`],
    ["/dev/null", '"/dev/null" given; it is a device'],
  ])("%s", (name, message) => {
    expect(problems({ SLUICE_CONFIG: name })).toEqual([`SLUICE_CONFIG: ${message}`]);
    expect(problems({ SLUICE_API_KEYS_FILE: name })).toEqual([`SLUICE_API_KEYS_FILE: ${message}`]);
    expect(problems({ DATABASE_URL_FILE: name })).toEqual([`DATABASE_URL_FILE: ${message}`]);
  });

  test("a socket", async () => {
    const server = createServer().listen(at("socket"));
    await new Promise((resolve) => server.once("listening", resolve));
    expect(problems({ SLUICE_CONFIG: "socket" })).toEqual(['SLUICE_CONFIG: "socket" given; it is a socket']);
    server.close();
  });

  test.skipIf(process.getuid?.() === 0)("one that may not be read", () => {
    writeFileSync(at("secret"), "{}\n");
    chmodSync(at("secret"), 0);
    expect(problems({ SLUICE_CONFIG: "secret" })).toEqual([
      'SLUICE_CONFIG: "secret" given; this user may not read it (EACCES)',
    ]);
  });

  test("what is no YAML from end to end says so for its first lines only", () => {
    expect(problems({ SLUICE_CONFIG: "broken" }).length).toBeLessThanOrEqual(20);
  });
});

describe("absence is not read as a permissive default", () => {
  test("an empty file, named or found", () => {
    const message = "the file is empty; remove it, or write {} into it, where nothing is to be set";
    expect(problems({ SLUICE_CONFIG: "empty" })).toEqual([`empty: ${message}`]);
  });

  test.each(["", "\n", "[]\n", "# keys\n", "null\n"])("a keys file without a key: %j", (text) => {
    writeFileSync(at("keys.yaml"), text);
    expect(problems({ SLUICE_API_KEYS_FILE: "keys.yaml" })).toEqual([
      'SLUICE_API_KEYS_FILE: the file holds no API key; make one with "sluice keys create", or do not set the variable where no key is to be asked for',
    ]);
  });

  test("a key whose pipelines were commented out may not touch all of them", () => {
    const key = (pipelines: string) => `- name: etl\n  hash: ${"ab".repeat(32)}\n  roles: [report]\n${pipelines}`;
    writeFileSync(at("keys.yaml"), key("  pipelines:\n  #  - orders_*\n"));
    expect(problems({ SLUICE_API_KEYS_FILE: "keys.yaml" })).toEqual([
      "keys.yaml:4:13: [0].pipelines: nothing given; must be a list of pipeline names or globs, or the word null (all pipelines)",
    ]);
    for (const meant of ["  pipelines: null\n", "  pipelines: ~\n", "", "  pipelines: [a]\n"]) {
      writeFileSync(at("keys.yaml"), key(meant));
      expect(problems({ SLUICE_API_KEYS_FILE: "keys.yaml" })).toEqual([]);
    }
  });

  test.each(["", "\n", " \n"])("an empty secret: %j", (text) => {
    writeFileSync(at("secret.txt"), text);
    const empty = '"secret.txt" given; the file is empty';
    expect(problems({ DATABASE_URL_FILE: "secret.txt" })).toEqual([`DATABASE_URL_FILE: ${empty}`]);
    expect(problems({ SLUICE_SLACK_WEBHOOK_URL_FILE: "secret.txt" })).toEqual([
      `SLUICE_SLACK_WEBHOOK_URL_FILE: ${empty}`,
    ]);
    const channels = [
      "type: webhook, url: 'http://a.example/', secret_file: secret.txt",
      "type: webhook, url_file: secret.txt",
      "type: pagerduty, routing_key_file: secret.txt",
      "type: slack, webhook_url_file: secret.txt",
      "type: slack, slack_channel: c, bot_token_file: secret.txt",
      "type: email, from: a@b.example, to: [c@d.example], smtp_url_file: secret.txt",
    ];
    for (const channel of channels) {
      writeFileSync(at("sluice.yaml"), `notices: {channels: [{name: n, ${channel}}]}\n`);
      const found = problems({});
      expect([channel, found.length, found[0]]).toEqual([
        channel,
        1,
        expect.stringMatching(/^sluice\.yaml:1:\d+: .*the file is empty$/),
      ]);
    }
    rmSync(at("sluice.yaml"));
  });
});

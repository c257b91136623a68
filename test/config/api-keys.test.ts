import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { errors, load } from "./load.ts";

const KEY = `sluice_${"k".repeat(43)}`;
const hash = (text: string) => createHash("sha256").update(text).digest("hex");
const [A, B] = [hash("a"), hash("b")];
const IN_CLEAR =
  "an API key itself was given (not shown here), and only its SHA-256 belongs in a file; " +
  'make a new key with "sluice keys create", which prints the entry to put here';

test("keys come from sluice.yaml and from the keys file", () => {
  const files = {
    "sluice.yaml": `api_keys:\n  - {name: etl, hash: ${A}, roles: [report, read], pipelines: ["orders_*", b]}\n`,
    "keys.yaml": `- {name: ops, hash: ${B}, roles: [admin]}\n`,
  };
  expect(load({ SLUICE_API_KEYS_FILE: "keys.yaml" }, files).config.api_keys).toEqual([
    { name: "etl", hash: A, roles: ["report", "read"], pipelines: ["orders_*", "b"] },
    { name: "ops", hash: B, roles: ["admin"], pipelines: null },
  ]);
});

describe("an entry that is wrong is told with its place:", () => {
  test.each([
    [`- {name: etl, hash: ${KEY}, roles: [read]}`, `keys.yaml:1:21: [0].hash: ${IN_CLEAR}`],
    ["- {name: etl, hash: sluice_short, roles: [read]}", `keys.yaml:1:21: [0].hash: ${IN_CLEAR}`],
    [`- ${KEY}`, `keys.yaml:1:3: [0]: ${IN_CLEAR}`],
    [`- hunter2`, "keys.yaml:1:3: [0]: <secret> given; must be a name, a hash, roles and perhaps pipelines"],
    [
      "- {name: etl, hash: hunter2, roles: [read]}",
      "keys.yaml:1:21: [0].hash: <secret> given; must be the SHA-256 of the key: 64 hexadecimal digits (0-9, a-f)",
    ],
    [
      `- {name: etl, hash: ${A}, roles: [write]}`,
      'keys.yaml:1:95: [0].roles[0]: "write" given; must be one of report, read, reference, operate, alertmanager, admin',
    ],
    [
      `- {name: etl, hash: ${A}, roles: []}`,
      "keys.yaml:1:94: [0].roles: an empty list given; must be a list of one or more of report, read, reference, operate, alertmanager, admin, each once",
    ],
    [
      `- {hash: ${A}, roles: [read]}`,
      "keys.yaml:1:3: [0].name: missing; must be a name of 1 to 200 characters without invisible ones and outer blanks, not '.' or '..'",
    ],
    [
      `- {name: etl, hash: ${A}, roles: [read], pipelines: []}`,
      "keys.yaml:1:113: [0].pipelines: an empty list given; must be a list of at most 1000 pipeline names or globs, or null (all pipelines)",
    ],
    [
      `- {name: etl, hash: ${A}, role: [read], roles: [read]}`,
      "keys.yaml:1:87: [0].role: this key is not known; did you mean roles?",
    ],
    [
      "name: etl",
      "keys.yaml:1:1: keys and values given; must be a list of keys, each with name, hash, roles and perhaps pipelines",
    ],
  ])("%s", (text, message) => {
    expect(errors({ SLUICE_API_KEYS_FILE: "keys.yaml" }, { "keys.yaml": `${text}\n` })).toEqual([message]);
  });
});

test("a name and a hash are there once, over both files", () => {
  const files = {
    "sluice.yaml": `api_keys:\n  - {name: etl, hash: ${A}, roles: [read]}\n`,
    "keys.yaml": `- {name: etl, hash: ${B}, roles: [read]}\n- {name: ops, hash: ${A}, roles: [read]}\n`,
  };
  expect(errors({ SLUICE_API_KEYS_FILE: "keys.yaml" }, files)).toEqual([
    'keys.yaml:1:3: a second key with the name "etl"; the first is at sluice.yaml:2:5',
    "keys.yaml:2:3: a second entry for the same key (the hash is the same); the first is at sluice.yaml:2:5",
  ]);
});

describe("an address that other machines reach", () => {
  const advice = (address: string, instead: string) =>
    `${address} can be reached from other machines, and no API key is configured. Make one with ` +
    '"sluice keys create --name NAME --role report --role read --file keys.yaml" and set SLUICE_API_KEYS_FILE=keys.yaml, ' +
    `or listen on ${instead}`;

  test.each([
    ["0.0.0.0:9877", "0.0.0.0:9877", "127.0.0.1:9877"],
    [":80", "[::]:80", "127.0.0.1:80"],
    ["[fe80::1]:9877", "[fe80::1]:9877", "127.0.0.1:9877"],
    ["10.1.2.3:0", "10.1.2.3:0", "127.0.0.1:0"],
    ["127.evil.example:9877", "127.evil.example:9877", "127.0.0.1:9877"],
    ["localhost.example:9877", "localhost.example:9877", "127.0.0.1:9877"],
  ])("is refused without a key: %s", (given, address, instead) => {
    expect(errors({ SLUICE_LISTEN: given })).toEqual([`SLUICE_LISTEN: ${advice(address, instead)}`]);
  });

  test("is refused at its line when the file says it", () => {
    expect(errors({}, { "sluice.yaml": "listen: 0.0.0.0:9877" })).toEqual([
      `sluice.yaml:1:9: ${advice("0.0.0.0:9877", "127.0.0.1:9877")}`,
    ]);
  });

  test("is taken with a key", () => {
    const files = { "keys.yaml": `- {name: etl, hash: ${A}, roles: [read]}` };
    expect(errors({ SLUICE_LISTEN: ":9877", SLUICE_API_KEYS_FILE: "keys.yaml" }, files)).toEqual([]);
  });

  test.each(["127.0.0.1:1", "127.8.9.1:1", "[::1]:1", "localhost:1"])("is not what loopback is: %s", (listen) => {
    expect(errors({ SLUICE_LISTEN: listen })).toEqual([]);
  });

  test("does not matter to who does not listen", () => {
    expect(load({ SLUICE_LISTEN: ":9877" }, {}, { listens: false }).config.listen.port).toBe(9877);
  });
});

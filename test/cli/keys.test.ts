import { createHash } from "node:crypto";
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { filesOnDisk, loadConfig } from "../../src/config.ts";
import { type Ran, sluice } from "./edge.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sluice-keys-"));
});
afterEach(() => rm(directory, { recursive: true }));

const inDirectory = (name: string) => path.join(directory, name);
const create = (name: string, ...more: string[]) =>
  sluice(["keys", "create", "--name", name, "--role", "report", ...more], directory);
const keyIn = ({ out }: Ran) => /^sluice_[A-Za-z0-9_-]{43}$/m.exec(out)![0];
const hash = (key: string) => createHash("sha256").update(key).digest("hex");

describe("keys create", () => {
  test("prints a key once, and the entry to add", async () => {
    const ran = await create("etl", "--role", "read", "--pipelines", "orders_*", "--pipelines", "b");
    const key = keyIn(ran);
    expect(ran).toEqual({
      code: 0,
      out: `${key}
- name: etl
  hash: ${hash(key)}
  roles:
    - report
    - read
  pipelines:
    - orders_*
    - b
`,
      err: `The API key "etl" (report, read), shown only this once:
Clients take it from SLUICE_API_KEY, or send it as: Authorization: Bearer <key>
Add this entry to api_keys in sluice.yaml, or to the file that SLUICE_API_KEYS_FILE names:
`,
    });
  });

  test("makes another key each time", async () => {
    expect(keyIn(await create("a"))).not.toBe(keyIn(await create("a")));
  });

  test("adds to a file that the agent then reads, and prints the key alone", async () => {
    const first = await create("etl", "--file", "keys.yaml");
    const second = await create("ops", "--file", "keys.yaml", "--pipelines", "*");
    expect(first.out).toBe(`${keyIn(first)}\n`);
    expect(second.err).toContain("Its entry was added to keys.yaml.");
    const env = { SLUICE_API_KEYS_FILE: "keys.yaml", SLUICE_LISTEN: ":9877" };
    expect(loadConfig(env, filesOnDisk(directory)).config.api_keys).toEqual([
      { name: "etl", hash: hash(keyIn(first)), roles: ["report"], pipelines: null },
      { name: "ops", hash: hash(keyIn(second)), roles: ["report"], pipelines: ["*"] },
    ]);
  });

  test("keeps the file for its owner alone, and leaves nothing beside it", async () => {
    await writeFile(inDirectory("keys.yaml"), "");
    await chmod(inDirectory("keys.yaml"), 0o644);
    await create("etl", "--file", "keys.yaml");
    expect((await stat(inDirectory("keys.yaml"))).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual(["keys.yaml"]);
  });

  test("never stores the key itself", async () => {
    const key = keyIn(await create("etl", "--file", "keys.yaml"));
    expect(await readFile(inDirectory("keys.yaml"), "utf8")).not.toContain(key);
  });

  test("keeps comments and entries, and writes through a link", async () => {
    await writeFile(inDirectory("real.yaml"), `# ours\n- {name: old, hash: ${hash("x")}, roles: [read]} # since May\n`);
    await symlink("real.yaml", inDirectory("keys.yaml"));
    await create("etl", "--file", "keys.yaml");
    expect(await readFile(inDirectory("real.yaml"), "utf8")).toMatch(/^# ours\n- .*# since May\n- name: etl\n/);
    expect((await readdir(directory)).sort()).toEqual(["keys.yaml", "real.yaml"]);
  });

  test("keeps a comment that stands alone", async () => {
    await writeFile(inDirectory("keys.yaml"), "# ours\n");
    await create("etl", "--file", "keys.yaml");
    expect(await readFile(inDirectory("keys.yaml"), "utf8")).toMatch(/^# ours\n- name: etl\n/);
  });
});

describe("keys create refuses", () => {
  const refused = async (ran: Promise<Ran>) => {
    const { code, out, err } = await ran;
    expect([code, out]).toEqual([1, ""]);
    return err;
  };

  test("a name that is taken in the file, and leaves the file alone", async () => {
    await create("etl", "--file", "keys.yaml");
    const before = await readFile(inDirectory("keys.yaml"), "utf8");
    expect(await refused(create("etl", "--file", "keys.yaml"))).toBe(
      'sluice: no key was made: there is one with the name "etl" at keys.yaml:1:3; choose another name\n',
    );
    expect(await readFile(inDirectory("keys.yaml"), "utf8")).toBe(before);
    expect(await readdir(directory)).toEqual(["keys.yaml"]);
  });

  test("a name that is taken in sluice.yaml", async () => {
    await writeFile(inDirectory("sluice.yaml"), `api_keys: [{name: etl, hash: ${hash("x")}, roles: [read]}]`);
    const message =
      'sluice: no key was made: there is one with the name "etl" at sluice.yaml:1:12; choose another name\n';
    expect(await refused(create("etl"))).toBe(message);
    expect(await refused(create("etl", "--file", "keys.yaml"))).toBe(message);
  });

  test("wrong names, roles and globs, all at once", async () => {
    expect(await refused(create("a\tb", "--role", "write", "--pipelines", ""))).toBe(
      `sluice: no key was made:
  --name: "a\\tb" given; must be a name of 1 to 200 characters without invisible ones and outer blanks, not '.' or '..'
  --role: "write" given; must be one of report, read, reference, operate, alertmanager, admin
  --pipelines: "" given; must be the name of a pipeline, or a glob in which * is any text and ? one character
`,
    );
  });

  test("to go on without a name or a role", async () => {
    expect(await refused(sluice(["keys", "create"], directory))).toBe(
      `sluice: no key was made:
  --name: missing; must be a name of 1 to 200 characters without invisible ones and outer blanks, not '.' or '..'
  --role: missing; must be a list of one or more of report, read, reference, operate, alertmanager, admin, each once
`,
    );
  });

  test("a file that holds something else", async () => {
    await writeFile(inDirectory("sluice.yaml"), "retention: 30d\n");
    expect(await refused(create("etl", "--file", "sluice.yaml"))).toBe(
      "sluice: The configuration has an error:\n" +
        "  sluice.yaml:1:1: keys and values given; must be a list of keys, each with name, hash, roles and perhaps pipelines\n",
    );
  });

  test("a directory that is not there", async () => {
    expect(await refused(create("etl", "--file", "etc/keys.yaml"))).toBe(
      `sluice: ${inDirectory("etc/keys.yaml")} cannot be written: there is no directory ${inDirectory("etc")}\n`,
    );
  });

  test("to write while another command does", async () => {
    await writeFile(inDirectory("keys.yaml.new"), "");
    const file = inDirectory("keys.yaml");
    expect(await refused(create("etl", "--file", "keys.yaml"))).toBe(
      `sluice: ${file}.new exists: another command is writing ${file}, or one was interrupted; when none is running, delete ${file}.new\n`,
    );
    expect(await readdir(directory)).toEqual(["keys.yaml.new"]);
  });

  test("nothing when ten are made at once: each that says so is in the file", async () => {
    const names = Array.from({ length: 10 }, (_, i) => `key-${i}`);
    const ran = await Promise.all(names.map((name) => create(name, "--file", "keys.yaml")));
    const made = names.filter((_name, i) => ran[i]!.code === 0);
    const { out } = await sluice(["keys", "list"], directory, { SLUICE_API_KEYS_FILE: "keys.yaml" });
    expect(made.length).toBeGreaterThan(0);
    expect(out.match(/key-\d/g)?.sort()).toEqual(made);
  });
});

describe("keys list", () => {
  test("shows names, roles, pipelines and places, and no hash", async () => {
    await writeFile(inDirectory("sluice.yaml"), `api_keys: [{name: old, hash: ${hash("x")}, roles: [read, operate]}]`);
    await create("orders-etl", "--file", "keys.yaml", "--pipelines", "orders_*");
    const env = { SLUICE_API_KEYS_FILE: "keys.yaml" };
    expect(await sluice(["keys", "list"], directory, env)).toEqual({
      code: 0,
      err: "",
      out: `NAME        ROLES          PIPELINES  FROM
old         read, operate  all        sluice.yaml:1:12
orders-etl  report         orders_*   keys.yaml:1:3
`,
    });
  });

  test("says what to do when there is none, whatever the address", async () => {
    expect(await sluice(["keys", "list"], directory, { SLUICE_LISTEN: ":9877" })).toEqual({
      code: 0,
      out: "",
      err: 'No API key is configured; "sluice keys create" makes one.\n',
    });
  });

  test("tells what is wrong with an entry, without showing it", async () => {
    await writeFile(inDirectory("keys.yaml"), "- {name: etl, hash: hunter2, roles: [read]}");
    expect(await sluice(["keys", "list"], directory, { SLUICE_API_KEYS_FILE: "keys.yaml" })).toEqual({
      code: 1,
      out: "",
      err: "sluice: The configuration has an error:\n  keys.yaml:1:21: [0].hash: <secret> given; must be the SHA-256 of the key: 64 hexadecimal digits (0-9, a-f)\n",
    });
  });
});

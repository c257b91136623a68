import { expect, test } from "vitest";
import { commandTree } from "../../src/cli/completion/command-tree.ts";
import type { Edge } from "../../src/cli/edge.ts";
import { createProgram } from "../../src/cli/program.ts";
import { VERSION } from "../../src/version.ts";
import { sluice } from "./edge.ts";

const ran = (...args: string[]) => sluice(args, "/");

test("--help lists the commands, and says how to begin", async () => {
  const { code, out, err } = await ran("--help");
  expect([code, err]).toEqual([0, ""]);
  const commands = [...out.matchAll(/^ {2}([a-z]+) .*\S$/gm)].map((match) => match[1]);
  expect(commands.slice(0, 14)).toEqual([
    "report",
    "exec",
    "gate",
    "sla",
    "digest",
    "reference",
    "schema",
    "policy",
    "serve",
    "config",
    "keys",
    "migrate",
    "doctor",
    "version",
  ]);
  expect(out).toContain("sluice exec orders_daily -- ./etl.sh");
});

const everyCommand = commandTree(createProgram({ out() {}, err() {} } as unknown as Edge, () => {}));

test.each(everyCommand.filter(({ commands }) => commands.length === 0).map(({ path }) => path))(
  "%s --help has an example, and fits a terminal",
  async (path) => {
    const { code, out } = await ran(...path.split(" "), "--help");
    expect(code).toBe(0);
    if (path !== "serve") expect(out).toMatch(new RegExp(`\\nExamples?.*:\n(.*\n)*.*sluice ${path}`));
    for (const line of out.split("\n")) expect(line.length, line).toBeLessThanOrEqual(140);
  },
);

test("serve --help names every variable", async () => {
  const { out } = await ran("serve", "--help");
  for (const name of [
    "SLUICE_LISTEN",
    "SLUICE_DATA_DIR",
    "DATABASE_URL_FILE",
    "SLUICE_CONFIG",
    "SLUICE_API_KEYS_FILE",
    "SLUICE_LOG_LEVEL",
    "SLUICE_SHUTDOWN_DELAY",
  ]) {
    expect(out).toContain(name);
  }
});

test("keys create --help explains each role", async () => {
  const { out } = await ran("keys", "create", "--help");
  for (const role of ["report", "read", "reference", "operate", "alertmanager", "admin"]) {
    expect(out).toMatch(new RegExp(`^  ${role} +\\w`, "m"));
  }
});

test("a mistyped command is told, with the nearest", async () => {
  expect(await ran("serv")).toEqual({
    code: 2,
    out: "",
    err: 'sluice: there is no command "serv"; did you mean serve?\n',
  });
  expect((await ran("dance")).err).toBe(
    'sluice: there is no command "dance"; the commands are report, exec, gate, sla, digest, reference, schema, policy, serve, config, keys, migrate, doctor, version, completion\n',
  );
  expect(await ran("config", "chek")).toMatchObject({
    code: 2,
    err: expect.stringContaining("sluice: unknown command 'chek'\n(Did you mean check?)"),
  });
});

test("a mistyped option is told", async () => {
  expect(await ran("keys", "create", "--nam", "x")).toMatchObject({
    code: 2,
    err: expect.stringContaining("sluice: unknown option '--nam'\n(Did you mean --name?)"),
  });
  expect((await ran("serve", "now")).code).toBe(2);
});

test("the version is that of the package", async () => {
  expect(await ran("version")).toEqual({ code: 0, out: `sluice ${VERSION}\n`, err: "" });
  expect((await ran("--version")).out).toBe(`${VERSION}\n`);
});

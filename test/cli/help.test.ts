import { expect, test } from "vitest";
import { VERSION } from "../../src/version.ts";
import { sluice } from "./edge.ts";

const ran = (...args: string[]) => sluice(args, "/");

test("--help lists the commands", async () => {
  const { code, out, err } = await ran("--help");
  expect([code, err]).toEqual([0, ""]);
  expect(out).toBe(`Usage: sluice [options] [command]

Sluice watches data pipelines: they report runs, counts and quality to it, and
it answers whether to go on.
Without a command it starts the agent.

Options:
  --version   print the version
  -h, --help  display help for command

Commands:
  serve       start the agent
  config      check the configuration, or print its schema
  keys        make and list API keys
  migrate     bring the database's schema up to date without starting the agent
              (a start does it as well)
  version     print the version
`);
});

test("serve --help names every variable", async () => {
  const { out } = await ran("serve", "--help");
  for (const name of [
    "SLUICE_LISTEN",
    "SLUICE_DATA_DIR",
    "DATABASE_URL_FILE",
    "REDIS_URL",
    "SLUICE_CONFIG",
    "SLUICE_API_KEYS_FILE",
    "SLUICE_LOG_LEVEL",
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
    code: 1,
    out: "",
    err: 'sluice: there is no command "serv"; did you mean serve?\n',
  });
  expect((await ran("dance")).err).toBe(
    'sluice: there is no command "dance"; the commands are serve, config, keys, migrate, version\n',
  );
  expect(await ran("config", "chek")).toMatchObject({
    code: 1,
    err: expect.stringContaining("sluice: unknown command 'chek'\n(Did you mean check?)"),
  });
});

test("a mistyped option is told", async () => {
  expect(await ran("keys", "create", "--nam", "x")).toMatchObject({
    code: 1,
    err: expect.stringContaining("sluice: unknown option '--nam'\n(Did you mean --name?)"),
  });
  expect((await ran("serve", "now")).code).toBe(1);
});

test("the version is that of the package", async () => {
  expect(await ran("version")).toEqual({ code: 0, out: `sluice ${VERSION}\n`, err: "" });
  expect((await ran("--version")).out).toBe(`${VERSION}\n`);
});

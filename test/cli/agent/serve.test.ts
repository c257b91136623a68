import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { VERSION } from "../../../src/version.ts";
import { bundleProgram, Program } from "../program.ts";

let bundled: Awaited<ReturnType<typeof bundleProgram>>;
beforeAll(async () => {
  bundled = await bundleProgram();
});
afterAll(() => bundled.remove());

const started: Program[] = [];
function start(args: string[], env: Record<string, string> = {}): Program {
  const program = new Program(bundled.main, args, bundled.directory, env);
  started.push(program);
  return program;
}
afterEach(async () => {
  for (const program of started.splice(0)) {
    program.signal("SIGKILL");
    await program.ended;
  }
});

const ANY_PORT = { SLUICE_LISTEN: "127.0.0.1:0" };
const HASH = "ab".repeat(32);
const shell = (line: string, env: Record<string, string> = {}) =>
  promisify(execFile)("sh", ["-c", line], { env: { PATH: process.env.PATH, ...env } });

describe("a start", () => {
  test("says where it is, what to open, and a curl line that works when pasted", async () => {
    const program = start([], ANY_PORT);
    await program.says("curl");
    const port = /127\.0\.0\.1:(\d+)/.exec(program.out)![1];
    expect(program.out).toBe(`Sluice ${VERSION} is ready: http://127.0.0.1:${port}

  the page      http://127.0.0.1:${port}/
  the API       http://127.0.0.1:${port}/docs
  the metrics   http://127.0.0.1:${port}/metrics

Report something, here a quality score of 1 for the pipeline hello:

  curl -sS 'http://127.0.0.1:${port}/v1/quality' -H 'Content-Type: application/json' -d '{"pipeline_name":"hello","check_name":"says_hello","score":1}'

`);
    const line = program.out.split("\n").find((one) => one.includes("curl"))!;
    expect((await shell(line)).stdout).toBe(
      'POST /v1/quality none {"pipeline_name":"hello","check_name":"says_hello","score":1}\n',
    );
  });

  test("gives the curl line an API key where one is needed, and an address that can be reached", async () => {
    await writeFile(path.join(bundled.directory, "keys.yaml"), `- {name: etl, hash: ${HASH}, roles: [report]}`);
    const program = start(["serve"], { SLUICE_LISTEN: "0.0.0.0:0", SLUICE_API_KEYS_FILE: "keys.yaml" });
    await program.says("curl");
    const line = program.out.split("\n").find((one) => one.includes("curl"))!;
    expect(line).toMatch(/^ {2}curl -sS 'http:\/\/127\.0\.0\.1:/);
    expect((await shell(line, { SLUICE_API_KEY: "sluice_abc" })).stdout).toContain("Bearer sluice_abc");
  });

  test("prints warnings, and starts", async () => {
    const program = start([], { ...ANY_PORT, SLUICE_LOGLEVEL: "debug" });
    await program.says("is ready");
    expect(program.err).toMatch(/^warning: SLUICE_LOGLEVEL is set.*did you mean SLUICE_LOG_LEVEL\?\n$/);
  });
});

describe("a start that cannot be", () => {
  const failed = async (env: Record<string, string>) => {
    const program = start(["serve"], env);
    const code = await program.ended;
    return { code, out: program.out, err: program.err };
  };

  test("for its configuration ends with 2 and every error", async () => {
    expect(await failed({ SLUICE_LISTEN: "9877", DATABASE_URL: "hunter2" })).toEqual({
      code: 2,
      out: "",
      err: `The configuration has 2 errors:
  SLUICE_LISTEN: "9877" given; must be an address and a port (0 to 65535) such as 127.0.0.1:9877, "[::1]:9877", or ":9877" for all interfaces
  DATABASE_URL: <secret> given; must be a URL that starts with postgres:// or postgresql://
`,
    });
  });

  test("for a known reason ends with 1 and one message, without stack and passwords", async () => {
    expect(await failed({ ...ANY_PORT, STUB: "coded" })).toEqual({
      code: 1,
      out: "",
      err: "sluice: An agent is running on /data already (see postgres://app:<secret>@db/orders). (data_dir_in_use)\nstopped\n",
    });
  });

  test("since nothing answers at any address says each of them", async () => {
    expect((await failed({ ...ANY_PORT, STUB: "unreachable" })).err).toBe(
      "sluice: connect ECONNREFUSED ::1:5432; connect ECONNREFUSED 127.0.0.1:5432 (ECONNREFUSED)\nstopped\n",
    );
  });

  test("since the port is in use says so", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" ? address!.port : 0;
    const { code, err } = await failed({ SLUICE_LISTEN: `127.0.0.1:${port}` });
    await new Promise((resolve) => other.close(resolve));
    expect([code, err]).toEqual([
      1,
      `sluice: 127.0.0.1:${port} is in use by another program, perhaps by an agent that runs already; stop that, or set SLUICE_LISTEN to another address (EADDRINUSE)\nstopped\n`,
    ]);
  });

  test("for a reason nobody thought of ends with 1 and shows where", async () => {
    const { code, err } = await failed({ ...ANY_PORT, STUB: "uncoded" });
    expect(code).toBe(1);
    expect(err).toMatch(/^sluice: Error: nobody thought of this\n +at /);
  });
});

describe("a stop", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("by %s ends with 0 when all is let go", async (signal) => {
    const program = start([], ANY_PORT);
    await program.says("curl");
    program.signal(signal);
    expect(await program.ended).toBe(0);
    expect(program.err).toBe("stopped\n");
  });

  test("counts a signal that comes twice at once, as npm passes on a Ctrl-C, as one", async () => {
    const program = start([], ANY_PORT);
    await program.says("curl");
    program.signal("SIGINT");
    program.signal("SIGINT");
    expect(await program.ended).toBe(0);
  });

  test("does not wait for a start that is not over", async () => {
    const program = start([], { ...ANY_PORT, STUB: "slow start" });
    await program.says("starting");
    program.signal("SIGTERM");
    expect(await program.ended).toBe(0);
    expect(program.out).toBe("");
  });

  test("ends with 1 at once at the second signal", async () => {
    const program = start([], { ...ANY_PORT, STUB: "slow stop" });
    await program.says("curl");
    program.signal("SIGTERM");
    await program.says("stopping");
    await new Promise((resolve) => setTimeout(resolve, 400));
    const asked = performance.now();
    program.signal("SIGTERM");
    expect(await program.ended).toBe(1);
    expect(performance.now() - asked).toBeLessThan(2000);
    expect(program.err).toContain("sluice: SIGTERM again, ending at once\n");
  });

  test("that is to be seen first goes on for that long, and then ends with 0", async () => {
    const program = start([], { ...ANY_PORT, SLUICE_SHUTDOWN_DELAY: "1s" });
    await program.says("curl");
    const asked = performance.now();
    program.signal("SIGTERM");
    expect(await program.ended).toBe(0);
    expect(performance.now() - asked).toBeGreaterThan(900);
    expect(program.err).toBe("leaving\nstopped\n");
  });

  test("that is to be seen first answers meanwhile, and ends with 1 at once at the second signal", async () => {
    const program = start([], { ...ANY_PORT, SLUICE_SHUTDOWN_DELAY: "5m" });
    await program.says("curl");
    const port = /127\.0\.0\.1:(\d+)/.exec(program.out)![1];
    program.signal("SIGTERM");
    await program.says("leaving");
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 400));
    program.signal("SIGTERM");
    expect(await program.ended).toBe(1);
  });

  test("that hangs ends with 1 after 10 seconds", async () => {
    const program = start([], { ...ANY_PORT, STUB: "slow stop" });
    await program.says("curl");
    const asked = performance.now();
    program.signal("SIGTERM");
    expect(await program.ended).toBe(1);
    expect(performance.now() - asked).toBeGreaterThan(9_900);
    expect(program.err).toContain("sluice: not stopped 10 s after SIGTERM, ending\n");
  });
});

describe("the program", () => {
  test("makes a key that its next start takes, each in a process of its own", async () => {
    const create = start(["keys", "create", "--name", "own", "--role", "admin", "--file", "own.yaml"]);
    expect(await create.ended).toBe(0);
    expect(create.out).toMatch(/^sluice_[A-Za-z0-9_-]{43}\n$/);
    const list = start(["keys", "list"], { SLUICE_API_KEYS_FILE: "own.yaml" });
    expect(await list.ended).toBe(0);
    expect(list.out).toMatch(/^own +admin +all +own\.yaml:1:3$/m);
    const serve = start([], { SLUICE_LISTEN: "0.0.0.0:0", SLUICE_API_KEYS_FILE: "own.yaml" });
    await serve.says("Bearer");
  });

  test("prints the whole schema into a pipe, and does not mind when nobody reads on", async () => {
    const whole = start(["config", "schema"]);
    expect(await whole.ended).toBe(0);
    expect(JSON.parse(whole.out)).toHaveProperty("properties.limits");
    const line = `"${process.execPath}" "${bundled.main}" config schema | head -c 1`;
    expect(await shell(line)).toEqual({ stdout: "{", stderr: "" });
  });
});

describe("migrate", () => {
  const migrate = async (env: Record<string, string>) => {
    const program = start(["migrate"], env);
    return { code: await program.ended, out: program.out, err: program.err };
  };

  test("says which migrations the database now has, also where serving would need a key", async () => {
    const env = { DATABASE_URL: "postgres://app:hunter2@db/new", SLUICE_LISTEN: ":9877" };
    expect(await migrate(env)).toEqual({
      code: 0,
      out: "postgres://app:<secret>@db/new now has migration 1, 2\n",
      err: "",
    });
  });

  test("says when there was nothing to do", async () => {
    expect((await migrate({ SLUICE_DATA_DIR: "/data" })).out).toBe(
      "the embedded database in /data is up to date, nothing was done\n",
    );
  });

  test("says why it could not", async () => {
    expect(await migrate({ DATABASE_URL: "postgres://app:hunter2@db/x", STUB: "coded" })).toEqual({
      code: 1,
      out: "",
      err: "sluice: postgres://app:<secret>@db/x was not migrated: password authentication failed (28P01)\n",
    });
  });

  test("ends with 2 when the configuration is wrong", async () => {
    expect((await migrate({ DATABASE_URL: "db" })).code).toBe(2);
  });
});

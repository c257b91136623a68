import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import pg from "pg";
import { root } from "../../scripts/lib/root.mjs";
import type { DebianPostgres } from "./debian-postgres.ts";

/** An earlier release, as `npm run release:fixture` kept it: its agent, its clients, and a store that it filled. */
export interface OldRelease {
  /** Its folder in test/fixtures. */
  readonly folder: string;
  /** What it said of its store. */
  readonly answers: OldAnswers;
  /** Its store, on a database of this server; the URL of that. */
  restore(server: DebianPostgres): Promise<string>;
  /** Its agent, running on a database: ready. */
  start(database_url: string): Promise<OldAgent>;
}

export interface OldAgent {
  readonly url: string;
  stop(): Promise<void>;
}

export interface OldAnswers {
  taken_at: string;
  metrics: string;
  pipelines: Record<string, OldPipeline>;
}

interface OldPipeline {
  // biome-ignore lint/suspicious/noExplicitAny: answers of a release whose types are gone
  [answer: string]: any;
}

const READY_WITHIN_MS = 120_000;
let databases = 0;

export function oldRelease(version: string): OldRelease {
  const folder = join(root, "test/fixtures", `release-${version}`);
  return {
    folder,
    answers: JSON.parse(readFileSync(join(folder, "answers.json"), "utf8")) as OldAnswers,
    restore: (server) => restore(server, join(folder, "store.sql.gz")),
    start: (database_url) => start(unpacked(folder), database_url),
  };
}

async function restore(server: DebianPostgres, dump: string): Promise<string> {
  const name = `restored_${++databases}`;
  await query(server.url, `CREATE DATABASE ${name}`);
  const url = server.url.replace(/postgres$/, name);
  await query(url, gunzipSync(readFileSync(dump)).toString());
  return url;
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Below node_modules, where the packages are found that the agent's bundle leaves outside. */
function unpacked(folder: string): string {
  const file = join(folder, "agent.tgz");
  const id = createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 16);
  const target = join(root, "node_modules/.cache", `old-agent-${id}`);
  if (existsSync(target)) return target;
  mkdirSync(join(target, ".."), { recursive: true });
  const work = mkdtempSync(`${target}-`);
  execFileSync("tar", ["-xzf", file, "-C", work]);
  try {
    renameSync(work, target);
  } catch (error) {
    // Another test file was faster.
    if (!existsSync(target)) throw error;
    rmSync(work, { recursive: true, force: true });
  }
  return target;
}

async function start(program: string, database_url: string): Promise<OldAgent> {
  const work = mkdtempSync(join(tmpdir(), "sluice-old-"));
  const { SLUICE_CONFIG: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [join(program, "main.js"), "serve"], {
    cwd: work,
    env: {
      ...inherited,
      DATABASE_URL: database_url,
      SLUICE_LISTEN: "127.0.0.1:0",
      SLUICE_DATA_DIR: join(work, "data"),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = gather(child);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    rmSync(work, { recursive: true, force: true });
  };
  const until = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const url = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(output.text)?.[0];
    if (url !== undefined && (await isReady(url))) return { url, stop };
    if (child.exitCode !== null || Date.now() > until) {
      await stop();
      throw new Error(`the agent of the earlier release did not become ready:\n${output.text}`);
    }
    await sleep(50);
  }
}

function gather(child: ChildProcess): { text: string } {
  const output = { text: "" };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output.text += chunk.toString();
    });
  }
  return output;
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

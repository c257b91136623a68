import { createHash } from "node:crypto";
import fs from "node:fs";
import http, { type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import { connect } from "node:net";
import pg from "pg";
import { afterAll, vi } from "vitest";
import { type App, createApp } from "../../src/app/app.ts";
import type { Reloads } from "../../src/app/reload.ts";
import {
  type ApiKeyConfig,
  type Config,
  type Files,
  type KeyRole,
  type Limits,
  loadConfig,
  type MetricsConfig,
  type SlaConfig,
} from "../../src/config.ts";
import { type DebianPostgres, startDebianPostgres } from "./debian-postgres.ts";

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The parsed body where the answer is JSON, else undefined. */
  body: unknown;
}

export interface Sending {
  method: string;
  /** As it goes over the wire: nothing is normalised. */
  path: string;
  headers?: OutgoingHttpHeaders;
  body?: string | Buffer;
}

/** A real agent of this process on a port and a database of its own. */
export interface TestAgent {
  readonly port: number;
  send(sending: Sending): Promise<Answer>;
  get(path: string, headers?: OutgoingHttpHeaders): Promise<Answer>;
  /** Text and bytes go as they are, everything else as JSON; the content type is JSON unless told. */
  post(path: string, body: unknown, headers?: OutgoingHttpHeaders): Promise<Answer>;
  /** Bytes on a socket of their own; everything that came back until the agent closed it, or `until` was seen. */
  raw(bytes: string | Buffer, until?: RegExp): Promise<string>;
  query<R extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<R[]>;
  /** A connection to the agent's database, closed with the agent. */
  session(): Promise<pg.Client>;
  readonly database_url: string;
  /** As at the begin of a stop that is to be seen by others first. */
  leave(): void;
  stop(): Promise<void>;
}

export interface AgentOptions {
  keys?: ApiKeyConfig[];
  limits?: Partial<Limits>;
  metrics?: Partial<MetricsConfig>;
  sla?: Partial<SlaConfig>;
  /** Any free one unless told. */
  port?: number;
  /** The text of sluice.yaml, beside which the options above are laid. */
  yaml?: string;
  reloads?: Reloads;
}

/** A directory in which there is nothing but this sluice.yaml. */
export function filesWith(yaml: string | undefined): Files {
  return { directory: "/", read: (name) => (yaml !== undefined && name.endsWith("sluice.yaml") ? yaml : null) };
}

/** The defaults of the product, but for what a test says otherwise. */
function configOf(database_url: string, { keys = [], limits, metrics, sla, port = 0, yaml }: AgentOptions): Config {
  const environment = { DATABASE_URL: database_url, SLUICE_LISTEN: `127.0.0.1:${port}` };
  const { config } = loadConfig(environment, filesWith(yaml));
  return {
    ...config,
    api_keys: keys,
    metrics: { ...config.metrics, birth_hold: 0, ...metrics },
    limits: { ...config.limits, ...limits },
    sla: { ...config.sla, ...sla },
  };
}

/** A key as it is presented, and as it is configured. */
export function apiKey(
  name: string,
  roles: KeyRole[],
  pipelines: string[] | null = null,
): { key: string; entry: ApiKeyConfig } {
  const key = `sluice_test_${name}_0123456789abcdef`;
  return { key, entry: { name, hash: createHash("sha256").update(key).digest("hex"), roles, pipelines } };
}

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

let databases = 0;
const running = new Set<TestAgent>();

const rootOf = (server: DebianPostgres) => server.url.replace(/postgres$/, "");

/** A fresh, empty database on this server. */
export async function newDatabase(server: DebianPostgres): Promise<string> {
  const name = `agent_${++databases}`;
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.end();
  return `${rootOf(server)}${name}`;
}

/** Ready to take reports, on a fresh database of this server. */
export async function startAgent(server: DebianPostgres, options: AgentOptions = {}): Promise<TestAgent> {
  return (await launchAgent(await newDatabase(server), options)).ready;
}

/** An agent that is still starting when this resolves; it can only be asked then where `options.port` is given. */
export async function launchAgent(
  databaseUrl: string,
  options: AgentOptions = {},
): Promise<{ agent: TestAgent; ready: Promise<TestAgent> }> {
  captureLog();
  const app = await createApp(configOf(databaseUrl, options), options.reloads);
  let port = options.port ?? 0;
  const agent = testAgent(() => port, databaseUrl, app);
  running.add(agent);
  const ready = app.start().then(
    ({ url }) => {
      port = Number(new URL(url).port);
      return agent;
    },
    async (error) => {
      await app.stop();
      throw error;
    },
  );
  return { agent, ready };
}

function testAgent(portOf: () => number, databaseUrl: string, app: Pick<App, "leave" | "stop">): TestAgent {
  const connections = new http.Agent({ keepAlive: true, maxSockets: 16 });
  const sessions: pg.Client[] = [];
  const send = (sending: Sending) => exchange(portOf(), connections, sending);
  const session = async () => {
    const client = new pg.Client({ connectionString: databaseUrl });
    // A test may take the server away.
    client.on("error", () => {});
    await client.connect();
    sessions.push(client);
    return client;
  };
  const agent: TestAgent = {
    get port() {
      return portOf();
    },
    database_url: databaseUrl,
    send,
    session,
    get: (path, headers = {}) => send({ method: "GET", path, headers }),
    post: (path, body, headers = {}) =>
      send({
        method: "POST",
        path,
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body),
      }),
    raw: (bytes, until) => rawExchange(portOf(), bytes, until),
    async query<R extends pg.QueryResultRow>(sql: string, values?: unknown[]) {
      const client = new pg.Client({ connectionString: databaseUrl });
      await client.connect();
      try {
        return (await client.query<R>(sql, values)).rows;
      } finally {
        await client.end();
      }
    },
    leave: () => void app.leave(),
    async stop() {
      running.delete(agent);
      connections.destroy();
      await app.stop();
      await Promise.all(sessions.splice(0).map((client) => client.end()));
    },
  };
  return agent;
}

function exchange(port: number, agent: http.Agent, { method, path, headers, body }: Sending): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    const chunked = headers?.["transfer-encoding"] !== undefined;
    const options = {
      host: "127.0.0.1",
      port,
      agent,
      method,
      path,
      headers: { ...(chunked ? {} : length), ...headers },
    };
    let answered = false;
    const request = http.request(options, (response) => {
      answered = true;
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => resolve(answerOf(response, Buffer.concat(chunks).toString())));
    });
    // An agent that has answered may close the connection while the rest of a body is still under way.
    request.on("error", (error) => (answered ? undefined : reject(error)));
    request.end(body);
  });
}

function answerOf({ statusCode, headers }: http.IncomingMessage, text: string): Answer {
  const json = /\bjson\b/.test(headers["content-type"] ?? "") && text !== "";
  return { status: statusCode ?? 0, headers, text, body: json ? (JSON.parse(text) as unknown) : undefined };
}

function rawExchange(port: number, bytes: string | Buffer, until?: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString();
      if (until?.test(text)) socket.destroy();
    });
    socket.on("error", (error) => (text === "" ? reject(error) : undefined));
    socket.on("close", () => resolve(text));
  });
}

/** A Postgres for the file that calls this, gone after its last test, with the agents on it that still run. */
export async function testServer(): Promise<DebianPostgres> {
  const server = await startDebianPostgres();
  afterAll(async () => {
    // The next file runs in the same process: an agent left behind would go on there, and log that its store is gone.
    const left = [...running].filter(({ database_url }) => database_url.startsWith(rootOf(server)));
    await Promise.all(left.map((agent) => agent.stop()));
    await server.dispose();
  });
  return server;
}

/** An agent for the file that calls this, stopped after its last test. */
export async function testAgentOf(server: DebianPostgres, options?: AgentOptions): Promise<TestAgent> {
  const agent = await startAgent(server, options);
  afterAll(() => agent.stop());
  return agent;
}

export type LogLine = Record<string, unknown> & { level: string; msg: string };

const lines: LogLine[] = [];

/** The log goes to standard error; here it is read on its way there, so that tests can see it and their output stays clean. */
function captureLog(): void {
  // Vitest takes the spy away after each file, and the next file of this process must not read this one's lines.
  if (vi.isMockFunction(fs.writeSync)) return;
  lines.length = 0;
  const write = fs.writeSync.bind(fs) as (fd: number, ...rest: unknown[]) => number;
  vi.spyOn(fs, "writeSync").mockImplementation(((fd: number, data: unknown, ...rest: unknown[]) => {
    const text = String(data);
    if (fd !== 2 || !text.startsWith('{"level"')) return write(fd, data, ...rest);
    for (const line of text.trimEnd().split("\n")) lines.push(JSON.parse(line) as LogLine);
    return Buffer.byteLength(text);
  }) as typeof fs.writeSync);
}

/** What the agents of this process have logged since this was last called. */
export function takeLog(): LogLine[] {
  return lines.splice(0);
}

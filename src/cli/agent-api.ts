import { redact } from "../config.ts";
import { VERSION } from "../version.ts";
import { AgentRefused, AgentUnreachable } from "./agent-errors.ts";
import type { Connection } from "./connection.ts";

export interface Request {
  method?: "GET" | "PUT" | "POST";
  /** Its parts are encoded here. */
  path: readonly string[];
  query?: Readonly<Record<string, string | number | undefined>>;
  body?: unknown;
  timeout_ms?: number;
}

export interface Reply {
  body: unknown;
  headers: Headers;
}

const TIMEOUT_MS = 30_000;

/** Asks an agent. Throws AgentUnreachable or AgentRefused, each with one clear line. */
export class AgentApi {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get url(): string {
    return this.#connection.url;
  }

  async ask(request: Request): Promise<unknown> {
    return (await this.reply(request)).body;
  }

  async reply({ method = "GET", path, query = {}, body, timeout_ms = TIMEOUT_MS }: Request): Promise<Reply> {
    const { url, api_key } = this.#connection;
    const headers = new Headers({ accept: "application/json", "user-agent": `sluice-cli/${VERSION}` });
    if (api_key !== null) headers.set("authorization", `Bearer ${api_key}`);
    if (body !== undefined) headers.set("content-type", "application/json");
    const init: RequestInit = { method, headers, signal: AbortSignal.timeout(timeout_ms) };
    if (body !== undefined) init.body = JSON.stringify(body);
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${url}/${path.map(encodeURIComponent).join("/")}${queryText(query)}`, init);
      text = await response.text();
    } catch (error) {
      throw new AgentUnreachable(`the agent at ${url} cannot be reached: ${reasonOf(error, timeout_ms)}`, error);
    }
    return { body: this.#bodyOf(response, text), headers: response.headers };
  }

  #bodyOf(response: Response, text: string): unknown {
    const body = parsed(text);
    if (response.ok && body !== undefined) return body;
    const { url } = this.#connection;
    if (!isProblem(body)) {
      const what = `HTTP ${response.status}, ${response.headers.get("content-type") ?? "no content type"}`;
      throw new AgentUnreachable(
        `what answers at ${url} is not a Sluice agent, or something stands before it (${what})`,
      );
    }
    const detail = redact(body.detail);
    if (response.status >= 500 || response.status === 429 || response.status === 408) {
      throw new AgentUnreachable(`the agent at ${url} cannot answer now: ${detail} (${body.code})`);
    }
    throw new AgentRefused(response.status, body.code, detail);
  }
}

function queryText(query: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given.length === 0
    ? ""
    : `?${new URLSearchParams(Object.fromEntries(given.map(([name, value]) => [name, String(value)])))}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isProblem(body: unknown): body is { code: string; detail: string } {
  if (typeof body !== "object" || body === null || !("code" in body) || !("detail" in body)) return false;
  return typeof body.code === "string" && typeof body.detail === "string";
}

function reasonOf(error: unknown, timeout_ms: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${timeout_ms / 1000} s`;
  const cause = error.cause as { code?: string; message?: string; errors?: { code?: string }[] } | undefined;
  const code = cause?.code ?? cause?.errors?.[0]?.code;
  if (code === undefined) return cause?.message ?? error.message;
  return REASONS[code] === undefined ? `${cause?.message || error.message} (${code})` : `${REASONS[code]} (${code})`;
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "the host's name is not known",
  EAI_AGAIN: "the host's name cannot be looked up now",
  ECONNRESET: "the connection broke",
  UND_ERR_SOCKET: "the connection broke",
  ETIMEDOUT: "no answer",
  UND_ERR_CONNECT_TIMEOUT: "no answer",
  EHOSTUNREACH: "there is no way to the host",
  ENETUNREACH: "there is no way to the network",
};

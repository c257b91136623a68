import type { IncomingHttpHeaders } from "node:http";
import { readRetryAfter } from "../../client/delivery/post/retry-delay.ts";
import { redact } from "../../config/format/redact.ts";
import { VERSION } from "../../version.ts";
import { AgentBusy, AgentRefused, AgentUnreachable } from "./agent-errors.ts";
import type { Connection } from "./connection.ts";
import { exchange, type HttpReply } from "./http-exchange.ts";

export interface ApiRequest {
  method?: "GET" | "PUT" | "POST";
  /** Its parts are encoded here. */
  path: readonly string[];
  query?: Readonly<Record<string, string | number | undefined>>;
  body?: unknown;
  timeout_ms?: number;
}

export interface ApiReply {
  body: unknown;
  headers: IncomingHttpHeaders;
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

  async ask(request: ApiRequest): Promise<unknown> {
    return (await this.reply(request)).body;
  }

  async reply({ method = "GET", path, query = {}, body, timeout_ms = TIMEOUT_MS }: ApiRequest): Promise<ApiReply> {
    const { url, api_key } = this.#connection;
    const headers = {
      accept: "application/json",
      "user-agent": `sluice-cli/${VERSION}`,
      ...(api_key === null ? {} : { authorization: `Bearer ${api_key}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    let reply: HttpReply;
    try {
      const target = `${url}/${path.map(encodeURIComponent).join("/")}${queryText(query)}`;
      reply = await exchange({
        method,
        url: target,
        headers,
        timeout_ms,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw new AgentUnreachable(`the agent at ${url} cannot be reached: ${(error as Error).message}`, error);
    }
    return { body: this.#bodyOf(reply), headers: reply.headers };
  }

  #bodyOf({ status, headers, text }: HttpReply): unknown {
    const body = parsed(text);
    if (status >= 200 && status < 300 && body !== undefined) return body;
    const { url } = this.#connection;
    if (!isProblem(body)) {
      const what = `HTTP ${status}, ${headers.location ? `to ${headers.location}` : (headers["content-type"] ?? "no content type")}`;
      throw new AgentUnreachable(
        `what answers at ${url} is not a Sluice agent, or something stands before it (${what})`,
      );
    }
    const detail = redact(body.detail);
    if (status >= 500 || status === 429 || status === 408) {
      const retry_after = readRetryAfter(headers["retry-after"] ?? null, Date.now());
      throw new AgentBusy(`the agent at ${url} cannot answer now: ${detail} (${body.code})`, retry_after);
    }
    throw new AgentRefused(status, body.code, detail);
  }
}

function queryText(query: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  if (given.length === 0) return "";
  return `?${new URLSearchParams(Object.fromEntries(given.map(([name, value]) => [name, String(value)])))}`;
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

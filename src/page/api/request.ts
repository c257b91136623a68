import { agentAnswered, agentSilent } from "../state/connection.ts";
import { apiKey, signedOut } from "../state/session.ts";
import { AgentProblem, problemOf, Unreachable } from "./problem.ts";

const TIMEOUT_MS = 20_000;

export interface AskOptions {
  method?: "GET" | "POST" | "DELETE";
  body?: object;
  accept?: string;
  signal?: AbortSignal;
}

/** The answer of a route, with the session's key. Throws Problem where the agent refuses, Unreachable where it is away. */
export async function ask(path: string, { method = "GET", body, accept, signal }: AskOptions = {}): Promise<Response> {
  const deadline = AbortSignal.timeout(TIMEOUT_MS);
  const response = await send(path, {
    method,
    headers: headersOf(accept ?? "application/json", body !== undefined),
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
    cache: "no-store",
  });
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (problem.status === 401) signedOut(apiKey.value === null ? null : problem.message);
  throw problem;
}

export async function askJson<T>(path: string, asking: AskOptions = {}): Promise<T> {
  const response = await ask(path, asking);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** A stream that stays open as long as `signal` allows; of what came after the event of this id, where there is one. */
export async function askStream(
  path: string,
  lastEventId: string | null,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const headers = {
    ...headersOf("text/event-stream", false),
    ...(lastEventId !== null && { "last-event-id": lastEventId }),
  };
  const response = await send(path, { headers, signal, cache: "no-store" });
  if (!response.ok) throw await problemOf(response);
  if (response.body === null) throw new AgentProblem(response.status, "no_body", "the agent answered without a stream");
  return response.body;
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    const response = await fetch(path, init);
    agentAnswered();
    return response;
  } catch (error) {
    // Whoever gave up waiting is no sign of the agent being away.
    if (
      init.signal?.aborted &&
      init.signal.reason instanceof DOMException &&
      init.signal.reason.name === "AbortError"
    ) {
      throw error;
    }
    agentSilent();
    throw new Unreachable(error);
  }
}

function headersOf(accept: string, withBody: boolean): Record<string, string> {
  const key = apiKey.value;
  return {
    accept,
    ...(withBody && { "content-type": "application/json" }),
    ...(key !== null && { authorization: `Bearer ${key}` }),
  };
}

/** /v1/… with names encoded, and the query where a value is given. */
export function url(parts: readonly string[], query: Record<string, string | number | undefined> = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [[name, String(value)]],
  );
  const text = new URLSearchParams(given).toString();
  return `/v1/${parts.map(encodeURIComponent).join("/")}${text === "" ? "" : `?${text}`}`;
}

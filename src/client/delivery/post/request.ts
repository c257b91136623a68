import { readRetryAfter } from "./retry-delay.ts";

export interface Endpoint {
  url: string;
  apiKey: string | null;
}

export interface Request {
  method: "GET" | "POST" | "PUT";
  /** From the agent's address, with its query. */
  path: string;
  body?: string;
  content_type?: string;
  /** Milliseconds. */
  timeout: number;
  /** Gives up earlier when it aborts. */
  signal?: AbortSignal;
}

/** What came of a request. `contract`: the version that the agent says it keeps. `away`: nobody there, too slow, too busy or not Sluice; trying again may help, unless it is `for_good`. */
export type Reply =
  | { kind: "answer"; body: unknown; contract: string | null }
  | { kind: "refused"; status: number; code: string; detail: string; contract: string | null }
  | { kind: "away"; why: string; retry_after: number | null; for_good?: true };

/** Never throws. */
export async function request({ url, apiKey }: Endpoint, asked: Request): Promise<Reply> {
  const abort = new AbortController();
  const giveUp = () => abort.abort();
  const timer = setTimeout(giveUp, asked.timeout);
  asked.signal?.addEventListener("abort", giveUp);
  if (asked.signal?.aborted) giveUp();
  try {
    const response = await fetch(`${url}${asked.path}`, {
      method: asked.method,
      headers: {
        accept: "application/json",
        ...(asked.body === undefined ? {} : { "content-type": asked.content_type ?? "application/json" }),
        ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      ...(asked.body === undefined ? {} : { body: asked.body }),
      signal: abort.signal,
    });
    return readReply(response, await response.text());
  } catch (error) {
    const why = abort.signal.aborted
      ? `${url} did not answer in time`
      : `${url} cannot be reached (${reasonOf(error)})`;
    return { kind: "away", why, retry_after: null };
  } finally {
    clearTimeout(timer);
    asked.signal?.removeEventListener("abort", giveUp);
  }
}

interface Answered {
  status: number;
  ok: boolean;
  headers: { get(name: string): string | null };
}

function readReply({ status, ok, headers }: Answered, text: string): Reply {
  const body = parsed(text);
  const contract = headers.get("sluice-contract");
  if (ok) {
    if (typeof body === "object" && body !== null) return { kind: "answer", body, contract };
    return { kind: "away", why: `the answer (${status}) is not Sluice's: ${clip(text)}`, retry_after: null };
  }
  const { code, detail } = (body ?? {}) as { code?: unknown; detail?: unknown };
  const said = typeof detail === "string" ? detail : clip(text);
  // 408: the body did not get through in time, which is the network's fault and not the report's.
  if (status === 429 || status >= 500 || status === 408) {
    const retry_after = readRetryAfter(headers.get("retry-after"), Date.now());
    return { kind: "away", why: `the agent answered ${status}: ${said}`, retry_after };
  }
  return { kind: "refused", status, code: typeof code === "string" ? code : `http_${status}`, detail: said, contract };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function clip(text: string): string {
  return JSON.stringify(text.slice(0, 120));
}

/** fetch hides the reason ("fetch failed") in the cause. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string };
  return cause?.code ?? cause?.message ?? message ?? String(error);
}

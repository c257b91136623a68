import type { SendOutcome } from "../../ports.ts";
import type { HideSecrets } from "./hide-secrets.ts";

/** Timeout of a request to a channel, below the lease of the courier. */
export const SEND_TIMEOUT_MS = 15_000;

/**
 * Classifies an HTTP answer: 2xx is ok; 408, 425, 429 and 5xx are sent again; any other status is permanent, because the same
 * request would fail again.
 */
export function classifyStatus(
  status: number,
  retryAfter: string | null,
  body: string,
  hide: HideSecrets,
  now: number,
): Exclude<SendOutcome, { outcome: "ok" }> | null {
  if (status >= 200 && status < 300) return null;
  const said = hide(body);
  const reason = `HTTP ${status}${said === "" ? "" : `: ${said}`}`;
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return { outcome: "retry", reason, after: retryAfterMs(retryAfter, now) };
  }
  return { outcome: "permanent", reason };
}

/**
 * Recognises a page in place of the answer of the channel, from a proxy, a login or maintenance: even with 2xx the notice is sent
 * again. null: the answer may be that of the channel.
 */
export function notTheChannel(body: string, hide: HideSecrets): Exclude<SendOutcome, { outcome: "ok" }> | null {
  if (!/^\s*<(?:!doctype|html|head|body|\?xml)/i.test(body)) return null;
  return { outcome: "retry", reason: `a page answered in place of the channel: ${hide(body)}`, after: null };
}

/** Longest Retry-After that is respected. */
const LONGEST_PAUSE_MS = 3_600_000;

/** Reads seconds or an HTTP date; null: there is none. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null || header.trim() === "") return null;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) && ms >= 0 ? Math.min(ms, LONGEST_PAUSE_MS) : null;
}

/** No answer, or none in time: the notice may have arrived, and is sent again. */
export function noAnswer(error: unknown, hide: HideSecrets): SendOutcome {
  return { outcome: "retry", reason: hide(`no answer: ${rootMessage(error)}`), after: null };
}

function rootMessage(error: unknown): string {
  let deepest = error;
  for (let depth = 0; depth < 5 && deepest instanceof Error && deepest.cause instanceof Error; depth++) {
    deepest = deepest.cause;
  }
  if (!(deepest instanceof Error)) return String(deepest);
  if (deepest.name === "TimeoutError") return `nothing for ${SEND_TIMEOUT_MS / 1000} s`;
  // An AggregateError, from several addresses that were tried.
  if (deepest instanceof AggregateError && deepest.errors[0] instanceof Error) return deepest.errors[0].message;
  return deepest.message || ((deepest as { code?: string }).code ?? deepest.name);
}

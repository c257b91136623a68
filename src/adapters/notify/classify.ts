import type { SendOutcome } from "../../ports.ts";
import type { HideSecrets } from "./hide-secrets.ts";

/** How long a channel may take to answer. Below the courier's lease. */
export const SEND_TIMEOUT_MS = 15_000;

/**
 * What an HTTP answer means: 2xx is ok; 408, 425, 429 and 5xx may pass; everything else is a mistake that sending again
 * would repeat.
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
 * A page in place of the channel's answer: a proxy, a login or a page of maintenance stands between. 2xx says nothing then; it
 * is sent again. null: it may be the channel's.
 */
export function notTheChannel(body: string, hide: HideSecrets): Exclude<SendOutcome, { outcome: "ok" }> | null {
  if (!/^\s*<(?:!doctype|html|head|body|\?xml)/i.test(body)) return null;
  return { outcome: "retry", reason: `a page answered in place of the channel: ${hide(body)}`, after: null };
}

/** A channel that asks for more than this is asked again anyway. */
const LONGEST_PAUSE_MS = 3_600_000;

/** Seconds, or an HTTP date; null: it does not say. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null || header.trim() === "") return null;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) && ms >= 0 ? Math.min(ms, LONGEST_PAUSE_MS) : null;
}

/** Nothing was answered, or not in time: it may have arrived, and is sent again. */
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
  // Of several addresses that were tried.
  if (deepest instanceof AggregateError && deepest.errors[0] instanceof Error) return deepest.errors[0].message;
  return deepest.message || ((deepest as { code?: string }).code ?? deepest.name);
}

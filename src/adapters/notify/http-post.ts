import type { SendOutcome } from "../../ports.ts";
import { classifyStatus, noAnswer, notTheChannel, SEND_TIMEOUT_MS } from "./classify.ts";
import type { HideSecrets } from "./hide-secrets.ts";

export interface HttpPost {
  url: string;
  body: string;
  headers: Readonly<Record<string, string>>;
  hide: HideSecrets;
  /** The channel answers JSON or nothing: an HTML page comes from something in between. */
  api?: boolean;
  /** Milliseconds. */
  timeout?: number;
}

/** Most bytes read of an answer. */
const MOST_READ = 4096;

/** Posts JSON once. A redirect is not followed: it would send the message and its signature elsewhere. */
export async function httpPost({
  url,
  body,
  headers,
  hide,
  api = false,
  timeout = SEND_TIMEOUT_MS,
}: HttpPost): Promise<SendOutcome> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "sluice", ...headers },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(timeout),
    });
    const text = await firstOf(response);
    const wrong = classifyStatus(response.status, response.headers.get("retry-after"), text, hide, Date.now());
    return wrong ?? (api ? notTheChannel(text, hide) : null) ?? { outcome: "ok", ref: null };
  } catch (error) {
    return noAnswer(error, hide);
  }
}

async function firstOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  while (reader !== undefined && size < MOST_READ) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    size += value.length;
  }
  await reader?.cancel().catch(() => {});
  return Buffer.concat(chunks).subarray(0, MOST_READ).toString("utf8");
}

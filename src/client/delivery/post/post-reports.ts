import type { Refusal } from "../../spool/dead-letters.ts";
import { type Endpoint, request } from "./request.ts";

export interface RefusedLine {
  line: string;
  refusal: Refusal;
}

/** A part of an accepted report that is no evidence: a bad check, a feature that does not fit its reference. */
export interface Unusable {
  line: string;
  item: string;
  code: string;
  detail: string;
}

/** What became of the lines of one POST. `again` are to be sent again after the delay; the others are settled. */
export interface Posted {
  accepted: number;
  duplicates: number;
  refused: RefusedLine[];
  unusable: Unusable[];
  again: { lines: string[]; why: string; retry_after: number | null } | null;
  /** The version of the contract that the agent says it keeps; null where it says none. */
  contract: string | null;
}

/** A report that was refused for one of these is good; the agent could not take it just now. */
const PASSING_CODES: ReadonlySet<string> = new Set([
  "internal_error",
  "store_unavailable",
  "queue_full",
  "shutting_down",
  "rate_limited",
  "request_timeout",
  "too_many_new",
]);

/** The request as a whole was refused for what one line, or their sum, may be to blame for. */
const SPLIT_AT = new Set([400, 409, 413, 422]);

interface BatchAnswer {
  accepted: number;
  duplicates: number;
  rejected: { index: number; code: string; detail: string }[];
  /** Agents before contract 1.1 say none. */
  errors?: { index: number; item: string; code: string; detail: string }[];
}

/** Sends lines (at least one), each one report as JSON, in one request. Never throws. */
export async function postReports(
  endpoint: Endpoint,
  lines: string[],
  limits: { timeout: number; signal?: AbortSignal },
): Promise<Posted> {
  const reply = await request(endpoint, {
    method: "POST",
    path: "/v1/reports",
    body: `${lines.join("\n")}\n`,
    content_type: "application/x-ndjson",
    ...limits,
  });
  if (reply.kind === "away") return retry(lines, reply.why, reply.retry_after);
  if (reply.kind === "answer") {
    if (isBatchAnswer(reply.body)) return settle(lines, reply.body, reply.contract);
    return retry(lines, `the answer of ${endpoint.url} is not Sluice's`, null);
  }
  const { kind: _, contract, ...refusal } = reply;
  if (SPLIT_AT.has(refusal.status) && lines.length > 1) return postHalves(endpoint, lines, limits);
  return { ...NOTHING, refused: lines.map((line) => ({ line, refusal })), contract };
}

const NOTHING: Posted = { accepted: 0, duplicates: 0, refused: [], unusable: [], again: null, contract: null };

function retry(lines: string[], why: string, retry_after: number | null): Posted {
  return { ...NOTHING, again: { lines, why, retry_after } };
}

function settle(lines: string[], answer: BatchAnswer, contract: string | null): Posted {
  const { accepted, duplicates, rejected, errors = [] } = answer;
  const refused: RefusedLine[] = [];
  const again: string[] = [];
  let why = "";
  for (const { index, code, detail } of rejected) {
    const line = lines[index];
    if (line === undefined) continue;
    if (PASSING_CODES.has(code)) {
      again.push(line);
      why ||= `the agent could not take ${code}: ${detail}`;
    } else refused.push({ line, refusal: { status: 200, code, detail } });
  }
  return {
    accepted,
    duplicates,
    refused,
    unusable: errors.flatMap(({ index, item, code, detail }) => {
      const line = lines[index];
      return line === undefined ? [] : [{ line, item, code, detail }];
    }),
    again: again.length === 0 ? null : { lines: again, why, retry_after: null },
    contract,
  };
}

/** Too large for this agent's limit, or for a proxy's; or one line that spoils the others. */
async function postHalves(
  endpoint: Endpoint,
  lines: string[],
  limits: { timeout: number; signal?: AbortSignal },
): Promise<Posted> {
  const middle = lines.length >> 1;
  const first = await postReports(endpoint, lines.slice(0, middle), limits);
  const second = await postReports(endpoint, lines.slice(middle), limits);
  const again = first.again ?? second.again;
  return {
    accepted: first.accepted + second.accepted,
    duplicates: first.duplicates + second.duplicates,
    refused: [...first.refused, ...second.refused],
    unusable: [...first.unusable, ...second.unusable],
    again: again && { ...again, lines: [...(first.again?.lines ?? []), ...(second.again?.lines ?? [])] },
    contract: second.contract ?? first.contract,
  };
}

function isBatchAnswer(body: unknown): body is BatchAnswer {
  const { accepted, duplicates, rejected } = body as Partial<BatchAnswer>;
  return Number.isInteger(accepted) && Number.isInteger(duplicates) && Array.isArray(rejected);
}

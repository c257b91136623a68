import { compileCheck } from "../../contract/check.ts";
import { Attempt, Name, RunId, Time } from "../../contract/fields.ts";
import { RunBody } from "../../contract/reports.ts";
import { KINDS } from "../../domain/commit/kinds.ts";
import { type RejectedItem, type Rejection, shortWhy, stageItem, UNREADABLE } from "../../domain/reports/rejection.ts";
import type { ReportKind } from "../../domain/reports/report.ts";
import { fieldPath } from "../../domain/words/field-path.ts";
import { nfc } from "../../domain/words/nfc.ts";
import { parseTime } from "../../domain/words/time.ts";
import type { SluiceError } from "../../errors.ts";
import { detailOf, itemName } from "./good-parts.ts";

const isPipeline = compileCheck(Name);
const isRunId = compileCheck(RunId);
const isAttempt = compileCheck(Attempt);
const isTime = compileCheck(Time);
const isStatus = compileCheck(RunBody.properties.status);

interface When {
  /** Milliseconds: when it came. */
  now: number;
  /** Milliseconds: a time before it is no time that a report may have. */
  oldest: number;
}

/**
 * What a refused report was about, as far as it can be read; null: it does not say of which pipeline and run it is, or is none
 * of a run's evidence. A time that is itself what is wrong counts as not said.
 */
export function rejectionOf(
  kind: ReportKind | null,
  body: unknown,
  error: SluiceError,
  { now, oldest }: When,
): Omit<Rejection, "seen"> | null {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return null;
  const { pipeline_name, run_id, attempt, at } = body as Record<string, unknown>;
  if (isPipeline(pipeline_name) !== null || (kind !== null && !KINDS[kind].of_run)) return null;
  if (run_id !== undefined && isRunId(run_id) !== null) return null;
  const said = at !== undefined && isTime(at) === null ? parseTime(at as string | number) : null;
  return {
    pipeline_name: nfc(pipeline_name as string),
    run_id: run_id === undefined ? null : nfc(run_id as string),
    attempt: isAttempt(attempt) === null ? (attempt as number) : null,
    at: said === null || said < oldest ? now : Math.min(said, now),
    items: itemsIn(kind, body as Record<string, unknown>, error).map((item) => ({ ...item, item: nfc(item.item) })),
  };
}

/** No more of them are looked at than a run keeps. */
const MOST_LOOKED_AT = 1000;

function itemsIn(kind: ReportKind | null, body: Record<string, unknown>, error: SluiceError): RejectedItem[] {
  const { code } = error;
  const one = (item: string, why = shortWhy(error.message)) => ({ kind: kind ?? UNREADABLE, item, code, why });
  switch (kind) {
    case "run":
      return [one(isStatus(body.status) === null ? (body.status as string) : UNREADABLE)];
    case "records":
      return [one(recordsItem(body))];
    case "quality": {
      if (!("checks" in body)) return [one(itemName(body.check_name))];
      const { checks } = body;
      if (!Array.isArray(checks) || checks.length === 0) return [one(UNREADABLE)];
      return checks.slice(0, MOST_LOOKED_AT).map((check: unknown, index) => {
        const { check_name } = (check ?? {}) as { check_name?: unknown };
        return one(itemName(check_name), whyOf(error, `checks[${index}]`));
      });
    }
    case "drift": {
      const { features } = body;
      const names = typeof features === "object" && features !== null ? Object.keys(features) : [];
      if (names.length === 0 || Array.isArray(features)) return [one(UNREADABLE)];
      return names
        .slice(0, MOST_LOOKED_AT)
        .map((name) => one(itemName(name), whyOf(error, fieldPath(`/features/${name.replaceAll("/", "~1")}`))));
    }
    case "schema":
      return [one(itemName(body.dataset ?? body.pipeline_name))];
    default:
      return [one(UNREADABLE)];
  }
}

function recordsItem({ stage, part }: Record<string, unknown>): string {
  const [stageName, partName] = [itemName(stage), part === undefined ? "" : itemName(part)];
  return stageName === UNREADABLE || partName === UNREADABLE ? UNREADABLE : stageItem(stageName, partName);
}

/** What is wrong with this part, where that is told; else what is wrong with the report. */
function whyOf({ errors = [], message }: SluiceError, path: string): string {
  const own = errors.filter((one) => one.path === path || one.path.startsWith(`${path}.`));
  return own.length === 0 ? shortWhy(message) : detailOf(own, path, "");
}

import { checkAlerts } from "./alerts.ts";
import type { Check } from "./check.ts";
import { checkDataAhead } from "./data-ahead.ts";
import { checkDrift } from "./drift.ts";
import { checkEvidenceAge } from "./evidence.ts";
import { checkFreshness } from "./freshness.ts";
import { checkLatency } from "./latency.ts";
import { checkOverallQuality } from "./overall-quality.ts";
import { checkQuality } from "./quality.ts";
import { checkRecords } from "./records.ts";
import { checkRejected } from "./rejected.ts";
import { checkRejectedShare } from "./rejected-share.ts";
import { checkRequires } from "./requires.ts";
import { checkRun } from "./run.ts";
import { checkSchema } from "./schema.ts";
import { checkStageRatio } from "./stage-ratio.ts";

/** Every check of a decision, by the name of its page in docs/checks. */
export const CHECKS = {
  run: checkRun,
  evidence: checkEvidenceAge,
  requires: checkRequires,
  quality: checkQuality,
  "overall-quality": checkOverallQuality,
  records: checkRecords,
  "rejected-share": checkRejectedShare,
  "stage-ratio": checkStageRatio,
  drift: checkDrift,
  schema: checkSchema,
  freshness: checkFreshness,
  "data-ahead": checkDataAhead,
  latency: checkLatency,
  rejected: checkRejected,
  alerts: checkAlerts,
} as const satisfies Record<string, Check>;

/** Checks whose reasons wait until the run has ended: until then counts still add up and a retry reports again. */
export const MENDED_BY_THE_RUN: ReadonlySet<string> = new Set<keyof typeof CHECKS>([
  "quality",
  "overall-quality",
  "records",
  "rejected-share",
  "stage-ratio",
  "drift",
  "schema",
  "freshness",
  "latency",
  "rejected",
]);

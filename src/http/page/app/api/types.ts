import type { Static } from "typebox";
import type {
  PipelineAnswer,
  PipelineDetailAnswer,
  PipelineSlaAnswer,
  RunAnswer,
  RunDetailAnswer,
  SlaAnswer,
} from "../../../../contract/answers.ts";
import type { ReadVerdictAnswer } from "../../../../contract/drift-answers.ts";

export type Pipeline = Static<typeof PipelineAnswer>;
export type PipelineDetail = Static<typeof PipelineDetailAnswer>;
export type Run = Static<typeof RunAnswer>;
export type RunDetail = Static<typeof RunDetailAnswer>;
export type Sla = Static<typeof SlaAnswer>;
export type PipelineSla = Static<typeof PipelineSlaAnswer>;
export type SlaDay = NonNullable<PipelineSla["days"]>[number];
export type Verdict = Static<typeof ReadVerdictAnswer>;

export interface List<T> {
  items: T[];
  next_cursor: string | null;
}

export type Decision = "pass" | "warn" | "block" | "pending" | "unknown";

export interface Reason {
  code: string;
  severity: Decision;
  subject: string | null;
  observed: number | string | null;
  threshold: number | string | null;
  detail: string;
}

export interface Override {
  override_id: string;
  decision: "pass" | "block";
  reason: string;
  actor: string;
  run_id: string | null;
  created_at: string;
  expires_at: string;
}

export interface Gate {
  pipeline_name: string;
  decision: Decision;
  allowed: boolean;
  run_id: string | null;
  decision_id: string | null;
  decided_at: string | null;
  evidence_at: string | null;
  policy_version: string | null;
  reasons: Reason[];
  override: Override | null;
  team?: string | null;
  depends_on?: string[];
}

export interface Notice {
  notice_id: string;
  pipeline_name: string | null;
  code: string;
  severity: string;
  state: "pending" | "sent" | "dead" | "muted";
  channel: string;
  title: string;
  created_at: string;
  sent_at: string | null;
  attempts: number;
  last_error: string | null;
}

export interface Whoami {
  /** null: no key is configured. */
  name: string | null;
  roles: string[];
  pipelines: string[] | null;
}

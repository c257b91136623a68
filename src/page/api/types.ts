import type { Static } from "typebox";
import type {
  PipelineAnswer,
  PipelineDetailAnswer,
  PipelineSlaAnswer,
  RunAnswer,
  RunDetailAnswer,
  SlaAnswer,
} from "../../contract/answers.ts";
import type { ReadVerdictAnswer } from "../../contract/drift-answers.ts";
import type { GateAnswer, OverrideRowAnswer, ReasonAnswer, TransitionAnswer } from "../../contract/gate.ts";

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

export type Gate = Static<typeof GateAnswer>;
export type Decision = Gate["decision"];
export type Reason = Static<typeof ReasonAnswer>;
export type Override = Static<typeof OverrideRowAnswer>;
export type Transition = Static<typeof TransitionAnswer>;

export interface Notice {
  notice_id: string;
  pipeline_name: string | null;
  /** opened, again, updated, reminder, flapping, resolved, digest, test */
  kind: string;
  code: string | null;
  severity: string;
  state: "pending" | "sent" | "dead";
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

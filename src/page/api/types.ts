import type { Static } from "typebox";
import type {
  PipelineAnswer,
  PipelineDetailAnswer,
  PipelineSlaAnswer,
  RunAnswer,
  RunDetailAnswer,
  SlaAnswer,
} from "../../contract/answers.ts";
import type { ReadVerdictAnswer } from "../../contract/drift/drift-answers.ts";
import type { GateAnswer, OverrideRowAnswer, ReasonAnswer, TransitionAnswer } from "../../contract/gate.ts";

export type ShownPipeline = Static<typeof PipelineAnswer>;
export type ShownPipelineDetail = Static<typeof PipelineDetailAnswer>;
export type ShownRun = Static<typeof RunAnswer>;
export type ShownRunDetail = Static<typeof RunDetailAnswer>;
export type ShownSla = Static<typeof SlaAnswer>;
export type ShownPipelineSla = Static<typeof PipelineSlaAnswer>;
export type ShownSlaDay = NonNullable<ShownPipelineSla["days"]>[number];
export type ShownVerdict = Static<typeof ReadVerdictAnswer>;

export interface List<T> {
  items: T[];
  next_cursor: string | null;
}

export type ShownGate = Static<typeof GateAnswer>;
export type ShownDecision = ShownGate["decision"];
export type ShownReason = Static<typeof ReasonAnswer>;
export type ShownOverride = Static<typeof OverrideRowAnswer>;
export type ShownTransition = Static<typeof TransitionAnswer>;

export interface ShownNotice {
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

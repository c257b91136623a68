import type { SlaCount, SlaKind, Span } from "../domain/sla/sla.ts";

/** The read side of SLAs. */
export interface SlaReader {
  slaCounts(query: SlaQuery): Promise<SlaRow[]>;
  /** Names of pipelines that are not archived and have quality results in one of these spans. */
  pipelinesWithResults(spans: readonly Span[]): Promise<string[]>;
  /** Since when an SLA of kind run counts a run once, by its last word, milliseconds; null: always. */
  runMeaningSince(): Promise<number | null>;
}

export interface SlaQuery extends Span {
  kind: SlaKind;
  /** null: all pipelines. */
  pipeline_names: readonly string[] | null;
  subject: string | null;
  by_subject: boolean;
  by_day: boolean;
}

export interface SlaRow extends SlaCount {
  pipeline_name: string;
  subject: string | null;
  day: number | null;
}

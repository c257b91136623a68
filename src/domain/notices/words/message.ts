import type { Reason } from "../../gate/reason.ts";
import type { Digest } from "../digest.ts";
import type { LetThrough, NoticeSeverity } from "../trouble.ts";
import type { NoticeKind } from "./next-step.ts";

/** The content of a message, for every kind of channel. Times: milliseconds. */
export interface NoticeMessage {
  kind: NoticeKind | "digest" | "test";
  severity: NoticeSeverity;
  /** One line with the event and the first reason with its numbers. */
  title: string;
  /** The state in a word or two: `blocked`, `held back`, `warns`, `let through`, `over`, `archived`. */
  standing: string;
  /** The first reason's code; null: there is none. */
  code: string | null;
  /** A sentence on what is new since the last message; null: it is the first. */
  news: string | null;
  at: number;
  since: number;
  /** null: it is not over. */
  until: number | null;
  /** Of a group only the first pipelines. */
  pipelines: PipelineNotice[];
  /** Of a group: how many pipelines it is about, and how many of them are still in trouble. */
  total: number;
  open: number;
  /** What to do, the most useful first. */
  advice: string[];
  links: NoticeLink[];
  picture: DriftPicture | null;
  digest?: Digest;
}

export interface PipelineNotice {
  pipeline_name: string;
  open: boolean;
  standing: string;
  /** Of a group: the change of this pipeline since the last message; absent in messages of 0.1. */
  change?: "new" | "over" | null;
  since: number;
  run_id: string | null;
  reasons: Reason[];
  let_through: LetThrough | null;
  /** Pipelines and consumers that wait for it. */
  blocks: string[];
}

export interface NoticeLink {
  label: string;
  url: string;
}

/** A drifted feature's shares by bin: what was expected, and what came. */
export interface DriftPicture {
  feature_name: string;
  psi: number | null;
  threshold: number;
  bins: { label: string; expected: number; actual: number }[];
}

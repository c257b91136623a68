import type { Reason } from "../../gate/reason.ts";
import type { Digest } from "../digest.ts";
import type { LetThrough, NoticeSeverity } from "../trouble.ts";
import type { NoticeKind } from "./next-step.ts";

/** What a message is about, whatever it is sent by. Times: milliseconds. */
export interface NoticeMessage {
  kind: NoticeKind | "digest" | "test";
  severity: NoticeSeverity;
  /** One line that says it all: what, and the first reason with its numbers. */
  title: string;
  /** How it stands: `blocked`, `held back`, `warns`, `let through`, `over`, `archived`. */
  standing: string;
  /** The first reason's code; null: there is none. */
  code: string | null;
  /** A sentence on what is new since the last message; null: it is the first. */
  news: string | null;
  at: number;
  since: number;
  /** null: it is not over. */
  until: number | null;
  /** Of a group the first ones. */
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
  /** Of a group: what it did since the last message; absent in messages of 0.1. */
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

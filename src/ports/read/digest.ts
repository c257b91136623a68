import type { DigestBlock, DigestFeature, DigestOverride } from "../../domain/notices/digest.ts";

export interface DigestFilter {
  /** Milliseconds: [from, to). */
  from: number;
  to: number;
  /** Pipelines that were last heard of before this are forgotten, not silent. */
  silent_since: number;
  /** Regular expressions of the pipelines that may be seen; null: all. */
  allowed: string[] | null;
  /** Rows of each list at most. */
  limit: number;
}

/** What happened to pipelines in a period, worst or latest first. */
export interface DigestRows {
  features: DigestFeature[];
  /** One a run, with what blocked it first. */
  blocked: DigestBlock[];
  overrides: DigestOverride[];
  silent: { pipeline_name: string; last_run_at: number }[];
}

export interface DigestReader {
  digestRows(filter: DigestFilter): Promise<DigestRows>;
}

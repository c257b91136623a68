import type { Reply, Request } from "../delivery/post/request.ts";
import type { ReferenceBins } from "../histogram/feature.ts";

/** Milliseconds. */
const FRESH = 5 * 60_000;
const FRESH_AFTER_A_FAILURE = 30_000;
const TIMEOUT = 3000;

type ByFeature = ReadonlyMap<string, ReferenceBins>;

interface Kept {
  /** The last ones known; null: never got any. */
  references: ByFeature | null;
  until: number;
  loading: Promise<void> | null;
}

export interface References {
  /** The active references of a pipeline if they are known well enough now; undefined: load them. */
  known(pipeline_name: string): ByFeature | null | undefined;
  /** Never breaks; what cannot be had is null, or what was known before. */
  load(pipeline_name: string): Promise<ByFeature | null>;
}

/** References for building histograms, kept for five minutes. An old one does no harm: its edges are sent with the counts. */
export function createReferences(ask: (request: Request) => Promise<Reply>, now: () => number): References {
  const kept = new Map<string, Kept>();

  const fetchInto = async (pipeline_name: string, entry: Kept): Promise<void> => {
    const path = `/v1/references/${encodeURIComponent(pipeline_name)}`;
    const reply = await ask({ method: "GET", path, timeout: TIMEOUT });
    const references = reply.kind === "answer" ? readReferences(reply.body) : null;
    entry.references = references ?? entry.references;
    entry.until = now() + (references === null ? FRESH_AFTER_A_FAILURE : FRESH);
    entry.loading = null;
  };

  return {
    known(pipeline_name) {
      const entry = kept.get(pipeline_name);
      return entry === undefined || entry.until <= now() ? undefined : entry.references;
    },
    async load(pipeline_name) {
      let entry = kept.get(pipeline_name);
      if (entry === undefined) {
        entry = { references: null, until: 0, loading: null };
        kept.set(pipeline_name, entry);
      }
      if (entry.until <= now()) {
        entry.loading ??= fetchInto(pipeline_name, entry);
        await entry.loading;
      }
      return entry.references;
    },
  };
}

function readReferences(body: unknown): ByFeature | null {
  const { items } = body as { items?: unknown };
  if (!Array.isArray(items)) return null;
  return new Map(items.map((item: { feature_name: string } & ReferenceBins) => [item.feature_name, item]));
}

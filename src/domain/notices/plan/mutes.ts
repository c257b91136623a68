import { globListOf } from "../../words/glob-list.ts";
import type { Trouble } from "../trouble.ts";

/** A mute: troubles about which no notices are sent for a time. */
export interface NoticeMute {
  /** A name or glob; null: every pipeline. */
  pipeline_name: string | null;
  /** A reason's code; null: every one. */
  code: string | null;
  /** Milliseconds. */
  expires_at: number;
}

/**
 * When the mute of a trouble ends (milliseconds); null: it is not muted. A trouble is muted while each of its grave reasons is.
 * Cached by the list, which must not change.
 */
export function mutedUntil(
  mutes: readonly NoticeMute[],
  pipeline_name: string,
  trouble: Trouble,
  now: number,
): number | null {
  const fitting: NoticeMute[] = [];
  globListOf(mutes, (mute) => mute.pipeline_name ?? "*").each(pipeline_name, (index) => {
    if (mutes[index]!.expires_at > now) fitting.push(mutes[index]!);
  });
  if (fitting.length === 0) return null;
  const grave = trouble.reasons.filter(({ severity }) => severity !== "warn");
  const reasons = grave.length > 0 ? grave : trouble.reasons;
  const codes: (string | null)[] = reasons.length > 0 ? reasons.map(({ code }) => code) : [null];
  const ends = codes.map((code) =>
    Math.max(0, ...fitting.filter((mute) => mute.code === null || mute.code === code).map((mute) => mute.expires_at)),
  );
  const first = Math.min(...ends);
  return first > 0 ? first : null;
}

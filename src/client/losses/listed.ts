import type { LostItemBody } from "../report/wire.ts";

/** Of one terminal report. */
const MOST_LISTED = 20;
/** Characters. */
const LONGEST_WHY = 500;

/** At most 20 items: where there are more, the last one says how many. `more`: known by number alone. */
export function listed(items: readonly LostItemBody[], more = 0): LostItemBody[] {
  if (items.length + more <= MOST_LISTED) return items.map(short);
  const shown = items.slice(0, MOST_LISTED - 1);
  const next = items[MOST_LISTED - 1]!;
  const rest = items.length + more - shown.length;
  const why = `${rest} more were lost, the first of them ${next.kind} ${next.item}: ${next.why}`;
  return [...shown, { kind: next.kind, item: "?", why }].map(short);
}

function short({ kind, item, why }: LostItemBody): LostItemBody {
  return { kind, item, why: why.length > LONGEST_WHY ? `${why.slice(0, LONGEST_WHY)}…` : why };
}

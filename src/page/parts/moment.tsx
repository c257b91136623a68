import { now } from "../state/clock.ts";
import { ago, moment } from "../text/time.ts";

/** How long ago, with the exact time beside the pointer and for machines. */
export function Ago({ at, none = "never" }: { at: string | null; none?: string }) {
  if (at === null) return <span class="faint">{none}</span>;
  return (
    <time dateTime={at} title={new Date(at).toISOString()}>
      {ago(at, now.value)}
    </time>
  );
}

export function Moment({ at, none = "–" }: { at: string | null; none?: string }) {
  if (at === null) return <span class="faint">{none}</span>;
  return (
    <time dateTime={at} title={`${new Date(at).toISOString()}, ${ago(at, now.value)}`}>
      {moment(at, now.value)}
    </time>
  );
}

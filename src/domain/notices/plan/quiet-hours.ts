/** Hours in which only critical notices are sent. */
export interface QuietHours {
  /**
   * Minutes after local midnight; they go past midnight where `to` is before `from`; equal values mean no quiet hours on
   * weekdays.
   */
  from: number;
  to: number;
  /** An IANA name such as Europe/Berlin. */
  timezone: string;
  /** Saturday and Sunday are quiet all day. */
  weekends: boolean;
}

const MINUTE = 60_000;
const DAY_MINUTES = 1440;
/** Clocks jump by whole multiples of this. */
const SHIFT = 30 * MINUTE;

/** When the quiet hours end (milliseconds); null: they are not on. */
export function quietUntil(quiet: QuietHours | null, now: number): number | null {
  if (quiet === null) return null;
  let at = now;
  // The end found may lie in a weekend or in the hour of a clock change: search again from there.
  for (let looks = 0; looks < 12; looks++) {
    const local = localTime(at, quiet.timezone);
    const end = minutesToEnd(quiet, local);
    if (end === 0) return at === now ? null : firstQuietEnd(quiet, now, at);
    at = Math.floor(at / MINUTE) * MINUTE + end * MINUTE;
  }
  return at;
}

/** Corrects for a clock change on the way: by the wall clock the quiet ended earlier. */
function firstQuietEnd(quiet: QuietHours, now: number, found: number): number {
  let end = found;
  while (end - SHIFT > now && minutesToEnd(quiet, localTime(end - SHIFT, quiet.timezone)) === 0) end -= SHIFT;
  return end;
}

interface LocalTime {
  minute: number;
  weekend: boolean;
}

/** Minutes to the end of the quiet; 0: it is not quiet. */
function minutesToEnd({ from, to, weekends }: QuietHours, { minute, weekend }: LocalTime): number {
  if (weekends && weekend) return DAY_MINUTES - minute;
  if (from === to) return 0;
  const within = from < to ? minute >= from && minute < to : minute >= from || minute < to;
  return within ? (to - minute + DAY_MINUTES) % DAY_MINUTES : 0;
}

function localTime(at: number, timeZone: string): LocalTime {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const weekday = parts.get("weekday") ?? "";
  return {
    minute: Number(parts.get("hour")) * 60 + Number(parts.get("minute")),
    weekend: weekday === "Sat" || weekday === "Sun",
  };
}

const UNITS = [
  ["d", 86_400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
] as const;

/** `3 h 20 min`: the two greatest units, `seconds` ≥ 0. */
export function span(seconds: number): string {
  if (seconds < 1) return seconds === 0 ? "0 s" : `${Math.round(seconds * 1000)} ms`;
  const whole = Math.round(seconds);
  const first = UNITS.findIndex(([, size]) => whole >= size);
  const [unit, size] = UNITS[first]!;
  const next = UNITS[first + 1];
  const most = `${Math.floor(whole / size)} ${unit}`;
  const rest = next === undefined || whole >= 10 * size ? 0 : Math.floor((whole % size) / next[1]);
  return rest === 0 ? most : `${most} ${rest} ${next![0]}`;
}

export function ago(at: string | number, now: number): string {
  const seconds = (now - new Date(at).getTime()) / 1000;
  if (seconds < -10) return `in ${span(-seconds)}`;
  return seconds < 10 ? "just now" : `${span(coarse(seconds))} ago`;
}

export function until(at: string, now: number): string {
  const seconds = (new Date(at).getTime() - now) / 1000;
  return seconds <= 0 ? "over" : `${span(coarse(seconds))} left`;
}

/** Seconds matter in the first minute only. */
function coarse(seconds: number): number {
  return seconds < 60 ? Math.round(seconds) : Math.floor(seconds / 60) * 60;
}

/** `21 Nov 02:03 UTC`, with the year where it is another one than now's. All times are the agent's: UTC. */
export function moment(at: string | number, now = Date.now()): string {
  const date = new Date(at);
  const day = dayOf(date, now);
  return `${day} ${date.toISOString().slice(11, 16)} UTC`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export function dayOf(at: Date | string, now = Date.now()): string {
  const date = new Date(at);
  const year = date.getUTCFullYear();
  const text = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  return year === new Date(now).getUTCFullYear() ? text : `${text} ${year}`;
}

export function clockTime(at: number): string {
  return `${new Date(at).toISOString().slice(11, 19)} UTC`;
}

import { bad, type Finding, ok, warn } from "./finding.ts";

/** Reports from further in the future are refused (at_out_of_range). */
const REFUSED_MS = 5 * 60_000;
const WORTH_A_LOOK_MS = 10_000;

/** @param ms how far the other clock is ahead of this machine's */
export function checkSkew(whose: string, ms: number): Finding[] {
  const seconds = Math.round(Math.abs(ms) / 1000);
  const detail = `${whose} clock is ${seconds} s ${ms > 0 ? "ahead of" : "behind"} this machine's`;
  const mend = "set both by NTP";
  if (Math.abs(ms) > REFUSED_MS)
    return [bad("clock", detail, `${mend}: reports from more than 5 minutes ahead are refused`)];
  if (Math.abs(ms) > WORTH_A_LOOK_MS) return [warn("clock", detail, mend)];
  return [ok("clock", `${whose} clock agrees with this machine's`)];
}

import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { addDays, daysUntil, isDay, lastFinishedDay } from "./calendar.mjs";

export const HELP = `npm run demo -- [options]

  --days N      so many days (default 60, at most 175)
  --until DAY   the last of them, as 2026-11-20 (default: yesterday; before 06:00 UTC the day before)
  --all         show every day in the closing table, also the uneventful ones
  --once        stop the agent that was started, and end
  --own-agent   start an agent even when one is running
  --dir PATH    keep everything here (default .cache/demo)

SLUICE_URL (default http://127.0.0.1:9877) and SLUICE_API_KEY say which agent to report to.
Without SLUICE_URL, and with no agent at the default address, the demo starts one.`;

/** As many as the data set fills; with --until as far back, all lies within the agent's retention of 400 days. */
const MOST_DAYS = 175;

const ROOT = resolve(import.meta.dirname, "../..");

/** Throws an Error that says what is allowed. */
export function readOptions(args, env, now = Date.now()) {
  const { values } = parseArgs({
    args,
    options: {
      days: { type: "string", default: "60" },
      until: { type: "string" },
      all: { type: "boolean", default: false },
      once: { type: "boolean", default: false },
      "own-agent": { type: "boolean", default: false },
      dir: { type: "string", default: resolve(ROOT, ".cache/demo") },
      help: { type: "boolean", default: false, short: "h" },
    },
  });
  const days = Number(values.days);
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) {
    throw new Error(`--days: ${values.days} given; must be a whole number from 1 to ${MOST_DAYS}`);
  }
  const newest = lastFinishedDay(now);
  const until = values.until ?? newest;
  if (!isDay(until) || until > newest || until < addDays(newest, -MOST_DAYS)) {
    const allowed = `a day from ${addDays(newest, -MOST_DAYS)} to ${newest}`;
    throw new Error(`--until: ${until} given; must be ${allowed}`);
  }
  return {
    root: ROOT,
    window: daysUntil(until, days),
    all: values.all,
    once: values.once,
    help: values.help,
    dir: resolve(values.dir),
    url: values["own-agent"] ? undefined : env.SLUICE_URL?.replace(/\/$/, ""),
    key: values["own-agent"] ? undefined : env.SLUICE_API_KEY,
    own_agent: values["own-agent"],
  };
}

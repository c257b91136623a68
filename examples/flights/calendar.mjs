export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** A day is a text like 2026-11-20, in UTC. */
export const dayOf = (ms) => new Date(ms).toISOString().slice(0, 10);
export const startOf = (day) => Date.parse(`${day}T00:00:00Z`);
export const addDays = (day, n) => dayOf(startOf(day) + n * DAY);
export const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(startOf(text));
/** Days since 1970. */
export const dayNumber = (day) => startOf(day) / DAY;

/** `count` days, the last of them `last`. */
export const daysUntil = (last, count) => Array.from({ length: count }, (_, i) => addDays(last, i + 1 - count));

/** The newest day whose run, early on the next morning, is over by now even when its data came late. */
export const lastFinishedDay = (now) => dayOf(now - 6 * HOUR - DAY);

import { dayNumber } from "./calendar.mjs";

/** What goes wrong upstream: each once in any 30 days, always on the same dates. `rows` changes what is delivered. */
export const TROUBLES = [
  { on: 3, name: "90 % of rows gone", rows: (rows) => rows.filter((_, i) => i % 10 === 0) },
  { on: 9, name: "delay is all NULL", rows: (rows) => rows.map((row) => ({ ...row, delay: null })) },
  {
    on: 15,
    name: "delay was renamed",
    rows: (rows) => rows.map(({ delay, ...row }) => ({ ...row, delay_minutes: delay })),
  },
  { on: 20, name: "three hours late", late_hours: 3 },
  {
    on: 23,
    name: "distance in kilometres",
    rows: (rows) => rows.map((row) => ({ ...row, distance: Math.round(row.distance * 1.609344) })),
  },
  { on: 26, name: "database locked", locked_attempts: 1 },
];

const EVERY_DAYS = 30;

export const troubleOf = (day) => TROUBLES.find(({ on }) => dayNumber(day) % EVERY_DAYS === on);

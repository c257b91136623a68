import type { QuietHours } from "../../../domain/notices/plan/quiet-hours.ts";
import { orNull } from "../../format/field.ts";
import { flag } from "../../format/fields/flag.ts";
import { text } from "../../format/fields/text.ts";
import { group, type Section, value } from "../../format/section.ts";
import { isTimezone, TIMEZONE } from "./timezone.ts";

interface Written {
  from: number | null;
  to: number | null;
  timezone: string;
  weekends: boolean;
}

const TIME = "^([01]\\d|2[0-3]):[0-5]\\d$";

/** Minutes after midnight, written as "22:00". */
function timeOfDay(title: string) {
  const description = 'a time of day such as "22:00", in quotes';
  const field = text(
    { title, description, default: null },
    (given) => {
      const [hour, minute] = given.split(":").map(Number) as [number, number];
      return new RegExp(TIME).test(given) ? hour * 60 + minute : undefined;
    },
    (minutes) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`,
  );
  return orNull({ ...field, schema: { ...field.schema, pattern: TIME } }, "never quiet");
}

const timezone = text(
  { title: "Where it is that time", description: TIMEZONE, default: "UTC" },
  (given) => (isTimezone(given) ? given : undefined),
  (name) => name,
);

const members = group<Written>("When only what is critical is told; the rest waits until they are over", {
  from: value(timeOfDay("When they begin")),
  to: value(timeOfDay("When they end; past midnight where it is not after `from`")),
  timezone: value(timezone),
  weekends: value(flag("Whether Saturday and Sunday are quiet all day", false)),
});

/** With weekends alone the nights are not quiet. */
export const quietHours: Section<QuietHours | null> = {
  ...members,
  read(sources, path) {
    const { from, to, ...rest } = members.read(sources, path);
    if ((from === null) !== (to === null)) {
      const name = from === null ? "from" : "to";
      sources.problems.add(
        sources.origin([...path, from === null ? "to" : "from"]),
        `${path.join(".")}.${name}: missing; quiet hours need from and to`,
      );
    }
    if (from !== null && to !== null) return { from, to, ...rest };
    return rest.weekends ? { from: 0, to: 0, ...rest } : null;
  },
  write: (quiet) => {
    const none = quiet === null || quiet.from === quiet.to;
    const { from, to } = none ? { from: null, to: null } : quiet;
    return members.write({ from, to, timezone: quiet?.timezone ?? "UTC", weekends: quiet?.weekends ?? false });
  },
};

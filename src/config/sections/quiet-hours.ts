import type { QuietHours } from "../../domain/notices/quiet-hours.ts";
import { QuietHoursSchema } from "../notices-schema.ts";
import type { Section } from "../section.ts";
import { isTimezone, TIMEZONE } from "../timezone.ts";

type Written = { from: string; to: string; timezone: string; weekends?: boolean };

export const quietHours: Section<QuietHours | null> = {
  schema: QuietHoursSchema,
  variables: [],
  read({ file, problems }, path) {
    const given = file?.get(path) as Written | null | undefined;
    if (given == null) return null;
    if (!isTimezone(given.timezone)) {
      problems.add(
        file!.where([...path, "timezone"]),
        `${path.join(".")}.timezone: ${JSON.stringify(given.timezone)} given; must be ${TIMEZONE}`,
      );
    }
    const { from, to, timezone, weekends = false } = given;
    return { from: minutes(from), to: minutes(to), timezone, weekends };
  },
  write: (quiet) => quiet && { ...quiet, from: timeOfDay(quiet.from), to: timeOfDay(quiet.to) },
};

function minutes(time: string): number {
  const [hour, minute] = time.split(":").map(Number) as [number, number];
  return hour * 60 + minute;
}

function timeOfDay(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

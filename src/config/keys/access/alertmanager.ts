import { duration } from "../../format/fields/duration.ts";
import { group, value } from "../../format/section.ts";
import type { AlertmanagerConfig } from "../types.ts";

export const alertmanager = group<AlertmanagerConfig>("Alertmanager, whose alerts may hold gates", {
  repeat_interval: value(
    duration(
      "How often it repeats what still fires; an alert of which nothing is heard for twice as long has ended",
      "4h",
      "10s",
      "30d",
    ),
  ),
});

import { duration } from "../../format/fields/duration.ts";
import { value } from "../../format/section.ts";

export const shutdownDelay = value(
  duration(
    "How long an agent that is asked to stop still answers everything, while /readyz says that it is stopping",
    "0s",
    "0s",
    "5m",
  ),
  { name: "SLUICE_SHUTDOWN_DELAY" },
);

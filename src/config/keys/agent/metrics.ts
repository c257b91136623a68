import { duration } from "../../format/fields/duration.ts";
import { flag } from "../../format/fields/flag.ts";
import { wholeNumber } from "../../format/fields/whole-number.ts";
import { group, value } from "../../format/section.ts";
import type { MetricsConfig } from "../types.ts";
import { familiesOff } from "./metric-families.ts";

export const metrics = group<MetricsConfig>("What GET /metrics shows", {
  birth_hold: value(
    duration(
      "How long a counter born above 0 shows 0, so that increase() sees its birth; more than two scrape intervals",
      "35s",
      "0s",
      "10m",
    ),
  ),
  series_cap: value(
    wholeNumber('Series at most; past it counters fold into pipeline_name="_other"', 2_000_000, 1, 100_000_000),
  ),
  off: familiesOff,
  require_key: value(flag("Whether GET /metrics needs an API key with the role read", false)),
});

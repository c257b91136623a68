import { orDefault, orNull } from "../../format/field.ts";
import { duration } from "../../format/fields/duration.ts";
import { size } from "../../format/fields/size.ts";
import { wholeNumber } from "../../format/fields/whole-number.ts";
import { group, value } from "../../format/section.ts";
import type { Limits } from "../types.ts";

export const limits = group<Limits>("Bounds that keep the agent's memory flat", {
  body_bytes: value(size("The largest request body, unpacked", "16MiB", "1KiB", "1GiB")),
  batch_items: value(wholeNumber("Reports in one batch request", 10_000, 1, 1_000_000)),
  queue_reports: value(
    wholeNumber("Reports that may wait to be stored; past it the answer is 503", 20_000, 1, 10_000_000),
  ),
  commit_reports: value(wholeNumber("Reports stored in one transaction", 2_000, 1, 100_000)),
  bodies_in_flight_bytes: value(
    size("All request bodies in memory together; past it the answer is 503", "256MiB", "1KiB", "64GiB"),
  ),
  requests_per_minute: value(
    orNull(wholeNumber("Requests a minute for each API key or address", 1, 1, 1_000_000_000), "unlimited"),
  ),
  keyless_requests_per_minute: value(
    orDefault(
      orNull(
        wholeNumber("Requests a minute without a valid API key for each address", 1, 1, 1_000_000_000),
        "unlimited",
      ),
      6_000,
    ),
  ),
  connections: value(wholeNumber("Connections that may be open at once", 10_000, 10, 1_000_000)),
  connections_per_address: value(
    wholeNumber("Of these, for each address; past it those that wait longest are closed", 2_000, 1, 1_000_000),
  ),
  request_timeout: value(duration("How long a request may take to arrive", "30s", "1s", "10m")),
  listeners_per_key: value(
    wholeNumber(
      "Connections that follow /v1/events, of each API key or address; past it the answer is 429",
      200,
      1,
      100_000,
    ),
  ),
  listeners: value(wholeNumber("Connections that follow /v1/events, all together", 1000, 1, 100_000)),
  listener_timeout: value(
    duration("How long data may wait for a listener of /v1/events to take it, before it is let go", "20s", "1s", "10m"),
  ),
  new_pipelines_per_minute: value(
    wholeNumber("New pipelines a minute for each API key; past it the answer is 429", 2000, 1, 1_000_000),
  ),
  pipelines_per_key: value(
    wholeNumber(
      "Pipelines that one API key was the first to report of; those that are archived do not count",
      20_000,
      1,
      10_000_000,
    ),
  ),
  stages_per_pipeline: namesOf("stages", 1000),
  checks_per_pipeline: namesOf("checks", 10_000),
  features_per_pipeline: namesOf("features", 10_000),
  operations_per_pipeline: namesOf("operations", 1000),
  datasets_per_pipeline: namesOf("datasets", 1000),
});

function namesOf(what: string, byDefault: number) {
  return value(wholeNumber(`Different ${what} of one pipeline; reports of more are refused`, byDefault, 1, 1_000_000));
}

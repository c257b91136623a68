import { orNull } from "../field.ts";
import { url } from "../fields/url.ts";
import { value } from "../section.ts";

export const redisUrl = value(
  orNull(
    url("A Redis server, for several agents on one database", ["redis", "rediss"], { secret: true }),
    "one agent alone",
  ),
  { name: "REDIS_URL", secret: true },
);

import { orNull } from "../../format/field.ts";
import { url } from "../../format/fields/url.ts";
import { value } from "../../format/section.ts";

export const databaseUrl = value(
  orNull(
    url("A Postgres server, 15 or newer, to be used instead of the embedded one", ["postgres", "postgresql"], {
      secret: true,
      several: true,
    }),
    "the embedded server",
  ),
  { name: "DATABASE_URL", secret: true },
);

import { choice } from "../../format/fields/choice.ts";
import { value } from "../../format/section.ts";

export const logLevel = value(
  choice("The least important lines that are logged", ["debug", "info", "warn", "error"], "info"),
  { name: "SLUICE_LOG_LEVEL" },
);

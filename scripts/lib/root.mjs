import { fileURLToPath } from "node:url";

/** The clone these scripts belong to, without a trailing slash. */
export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[/\\]$/, "");

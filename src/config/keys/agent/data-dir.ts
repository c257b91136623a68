import { directory } from "../../format/fields/directory.ts";
import { value } from "../../format/section.ts";

export const dataDir = value(directory("Where the embedded Postgres keeps its data", "./sluice-data"), {
  name: "SLUICE_DATA_DIR",
});

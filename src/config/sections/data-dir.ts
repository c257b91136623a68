import { directory } from "../fields/directory.ts";
import { value } from "../section.ts";

export const dataDir = value(directory("Where the embedded Postgres keeps its data", "./sluice-data"), {
  name: "SLUICE_DATA_DIR",
});

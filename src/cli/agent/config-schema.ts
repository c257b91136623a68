import { configSchemaText } from "../../config.ts";
import type { Edge } from "../edge.ts";

export function configSchema(edge: Edge): number {
  edge.out(configSchemaText().trimEnd());
  return 0;
}

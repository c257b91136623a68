import { VERSION } from "../version.ts";
import type { Edge } from "./edge.ts";

export function version(edge: Edge): number {
  edge.out(`sluice ${VERSION}`);
  return 0;
}

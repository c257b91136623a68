import { VERSION } from "../version.ts";
import type { Edge } from "./edge.ts";

export function version({ json = false }: { json?: boolean }, edge: Edge): number {
  edge.out(json ? JSON.stringify({ version: VERSION, node: process.versions.node }) : `sluice ${VERSION}`);
  return 0;
}

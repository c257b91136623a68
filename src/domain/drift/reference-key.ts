import { join } from "../words/key.ts";

/** Under which the store answers the reference of a feature; with a version, under which it answers what it saved. */
export function referenceKey(pipeline_name: string, feature_name: string, version?: string): string {
  return version === undefined ? join(pipeline_name, feature_name) : join(pipeline_name, feature_name, version);
}

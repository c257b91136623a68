import type { FeatureSettings } from "../../domain/drift/drift.ts";
import type { Store } from "../../ports.ts";
import type { GateDeps } from "../gate/decide/decide-gates.ts";

export interface CommitDeps extends GateDeps {
  store: Store;
  /** A run_id for a run that was reported without one. */
  newRunId: (at: number) => string;
  driftSettings: (pipeline_name: string, feature_name: string) => FeatureSettings;
}

import type { MetricsRecorder } from "../../adapters/metrics/domain/recorder.ts";
import type { Clock, Store } from "../../ports.ts";
import type { AcceptReports } from "../../service/commit/accept-reports.ts";
import type { NewNames } from "../../service/new-names/new-names.ts";
import type { ArchiveDeps } from "../../service/runs/archive-pipelines.ts";
import type { Gates } from "../gates.ts";

export interface ArchivingParts {
  store: Store;
  clock: Clock;
  gates: Gates;
  names: NewNames;
  recorder: MetricsRecorder;
  accept: AcceptReports;
}

/** What goes when pipelines are archived, and what comes back in their place. */
export function archiving({ store, clock, gates, names, recorder, accept }: ArchivingParts): ArchiveDeps {
  return {
    store,
    clock,
    onArchived(pipeline_names) {
      gates.archive(pipeline_names);
      names.forget(pipeline_names);
    },
    onRoom() {
      if (!recorder.unfold()) return;
      gates.gateViews.showAll();
      accept.showAll();
    },
  };
}

import type { MetricsRecorder } from "../../adapters/metrics/domain/recorder.ts";
import { eager } from "../../ports/eager.ts";
import type { AcceptReports } from "../../service/commit/accept-reports.ts";
import type { ArchiveDeps } from "../../service/runs/archive-pipelines.ts";
import type { Gates } from "../gates.ts";

export interface ArchivingParts {
  gates: Gates;
  recorder: MetricsRecorder;
  accept: AcceptReports;
}

/** Archiving, and what comes back into the place of what went. */
export function archiving({ gates, recorder, accept }: ArchivingParts): ArchiveDeps {
  return {
    ...gates.decide,
    onRoom() {
      if (!recorder.unfold()) return;
      gates.gateViews.showAll();
      eager(accept.showAll());
    },
  };
}

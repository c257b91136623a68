import type { Cron } from "../../adapters/cron/cron.ts";
import { nothingCommitted } from "../../domain/commit/committed.ts";
import type { Store } from "../../ports.ts";
import type { AcceptReports } from "../../service/commit/accept-reports.ts";
import { hearChanges } from "../../service/replicas/hear-changes.ts";
import type { SharedPolicies } from "../../service/replicas/shared-policies.ts";
import type { Gates } from "../gates.ts";
import type { Replicas } from "./replicas.ts";

const LOOK_FOR_POLICIES_EVERY_MS = 2_000;
const TRIM_CHANGES_EVERY_MS = 60_000;

export interface HearingParts {
  cron: Cron;
  replicas: Replicas;
  store: Store;
  gates: Gates;
  accept: Pick<AcceptReports, "showAll">;
  policies: SharedPolicies;
}

/** What other agents commit is shown from now on. */
export function startHearing({ cron, replicas, store, gates, accept, policies }: HearingParts): void {
  const { afterCommit, decide } = gates;
  const { doubt } = decide;
  // From when it holds the lease, not only when all is shown: what is read meanwhile may be of before a change.
  const shows = () => replicas.lease.fence() !== null;
  replicas.hear(cron, {
    onChanges: (changes) => hearChanges({ store, afterCommit, doubt, shows }, changes),
    async onGap() {
      if (!replicas.membership.shares) return;
      for await (const { gates, undecided, archived } of store.restore()) {
        const touched = gates.map(({ pipeline_name }) => pipeline_name);
        afterCommit.observe({ ...nothingCommitted(), gates, undecided, archived, touched });
      }
      if (shows()) doubt.addAll();
    },
    onLease: () => accept.showAll(),
    onAgents: () => policies.look(),
  });
  cron.every(LOOK_FOR_POLICIES_EVERY_MS, "policies of all agents", () => policies.look());
  cron.every(
    TRIM_CHANGES_EVERY_MS,
    "changes that all have heard",
    replicas.duty(() => store.trimChanges()),
  );
}

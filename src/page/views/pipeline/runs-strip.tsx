import type { ShownRun } from "../../api/types.ts";
import { Moment } from "../../parts/moment.tsx";
import { Name } from "../../parts/name.tsx";
import { Section } from "../../parts/section.tsx";
import { WordMark } from "../../parts/state-mark.tsx";
import { TableOf } from "../../parts/table.tsx";
import { setQuery } from "../../router.ts";
import { plural } from "../../text/numbers.ts";
import { moment, span } from "../../text/time.ts";

const SIGNS: Record<string, string> = {
  success: "✓",
  failed: "✕",
  started: "…",
  skipped: "–",
  cancelled: "○",
  retrying: "↻",
};
const LOWEST = 12;
/** Times the usual duration: what took longer is cut off there, so that the others can be told apart. */
const HIGHEST = 2.5;
/** So that usual runs are no wall of bars. */
const ROOM = 1.5;

/** A bar a run, the latest on the right: how long it took, how it ended. One can be chosen to be looked into. */
export function RunsStrip({
  runs,
  chosen,
}: {
  pipeline_name: string;
  runs: readonly ShownRun[];
  chosen: string | null;
}) {
  const durations = runs.flatMap(({ duration_seconds: d }) => (d === null ? [] : [d])).sort((a, b) => a - b);
  const longest = durations.at(-1) ?? 0;
  const usual = durations[durations.length >> 1] ?? 0;
  const top = Math.max(1, ROOM * usual, Math.min(longest, HIGHEST * usual));
  const failed = runs.filter(({ status }) => status === "failed").length;
  if (runs.length === 0) {
    return (
      <Section title="Runs">
        <p class="empty">No run was reported.</p>
      </Section>
    );
  }
  return (
    <Section
      title="Runs"
      aside={
        <span class="hint">
          the last {plural(runs.length, "run")}, {failed === 0 ? "none failed" : `${failed} failed`}
          {longest > 0 && `; the longest took ${span(longest)}`}
        </span>
      }
    >
      <fieldset class="runs">
        <legend class="hidden">Runs, the latest last; choose one to see its evidence</legend>
        {runs.map((run) => (
          <button
            key={run.run_id}
            type="button"
            class={`run ${run.status}`}
            aria-pressed={run.run_id === chosen}
            aria-label={inWords(run)}
            title={inWords(run)}
            onClick={() => setQuery("run", run.run_id)}
          >
            <span class="bar-room" aria-hidden="true">
              <span
                class={(run.duration_seconds ?? 0) > top ? "bar cut" : "bar"}
                style={{ height: `${heightOf(run, top)}%` }}
              />
            </span>
            <span aria-hidden="true">{SIGNS[run.status] ?? "?"}</span>
          </button>
        ))}
      </fieldset>
      <p class="hint">A mark says how the run ended, not whether its data is good: that is the gate's to say.</p>
      <TableOf
        what="Runs"
        caption="Runs, latest first"
        rows={runs}
        keyOf={({ run_id }) => run_id}
        empty="No run was reported."
        columns={[
          { title: "Run", head: true, cell: ({ run_id }) => <Name>{run_id}</Name> },
          { title: "Status", cell: ({ status }) => <WordMark word={status} /> },
          { title: "Attempt", number: true, cell: ({ attempt }) => attempt },
          { title: "Started", cell: ({ started_at }) => <Moment at={started_at} /> },
          { title: "Took", number: true, cell: ({ duration_seconds: d }) => (d === null ? "unknown" : span(d)) },
          {
            title: "Error",
            sentence: true,
            when: ({ error }) => Boolean(error),
            cell: ({ error }) => <bdi>{error ?? ""}</bdi>,
          },
        ]}
      />
    </Section>
  );
}

function heightOf({ duration_seconds }: ShownRun, top: number): number {
  return duration_seconds === null ? LOWEST : LOWEST + (100 - LOWEST) * Math.min(1, duration_seconds / top);
}

function inWords({ run_id, status, duration_seconds, started_at, finished_at, error }: ShownRun): string {
  const when = finished_at ?? started_at;
  const took = duration_seconds === null ? "" : `, took ${span(duration_seconds)}`;
  const why = error === null || error === "" ? "" : `: ${error.slice(0, 200)}`;
  return `${run_id}: ${status}${when === null ? "" : `, ${moment(when)}`}${took}${why}`;
}

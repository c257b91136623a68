import type { ShownRunDetail } from "../../api/types.ts";
import { Moment } from "../../parts/moment.tsx";
import { Name } from "../../parts/name.tsx";
import { Section } from "../../parts/section.tsx";
import { WordMark } from "../../parts/state-mark.tsx";
import { Table } from "../../parts/table.tsx";
import { setQuery } from "../../router.ts";
import { count, figure } from "../../text/numbers.ts";

type Stage = ShownRunDetail["stages"][number];
type Check = ShownRunDetail["checks"][number];

/** What was reported of a run: counts by stage, checks. */
export function RunEvidence({ run, isLast }: { run: ShownRunDetail; isLast: boolean; pipeline_name: string }) {
  return (
    <>
      <Section
        title="Counts"
        aside={
          <span class="hint">
            of run <Name>{run.run_id}</Name>
            {isLast ? ", the latest " : " "}
            <WordMark word={run.status} />
            {!isLast && (
              <button type="button" class="quiet" onClick={() => setQuery("run", "")}>
                Show the latest
              </button>
            )}
          </span>
        }
      >
        {run.error && (
          <p class="failure">
            <bdi>{run.error}</bdi>
          </p>
        )}
        <Counts stages={run.stages} />
      </Section>
      <Section title="Checks" aside={<span class="hint">{summary(run.checks)}</span>}>
        <Checks checks={run.checks} />
      </Section>
    </>
  );
}

function Counts({ stages }: { stages: readonly Stage[] }) {
  const most = Math.max(1, ...stages.map((stage) => stage.count));
  return (
    <Table
      caption="Records by stage"
      rows={stages}
      keyOf={({ stage }) => stage}
      empty="No counts were reported."
      columns={[
        { title: "Stage", head: true, cell: ({ stage }) => <Name>{stage}</Name> },
        { title: "Records", number: true, cell: (stage) => count(stage.count) },
        {
          title: "Share of the largest",
          cell: (stage) => (
            <span class="meter" title={`${count(stage.count)} of ${count(most)}`}>
              <span style={{ width: `${(stage.count / most) * 100}%` }} />
            </span>
          ),
        },
        { title: "Failed", number: true, cell: ({ failed }) => (failed === null ? "–" : count(failed)) },
        {
          title: "Expected at least",
          number: true,
          cell: ({ expected_min: least, count: n }) =>
            least === null ? (
              "–"
            ) : (
              <span class={n < least ? "bad" : ""}>{`${count(least)}${n < least ? " ✕" : ""}`}</span>
            ),
        },
      ]}
    />
  );
}

function Checks({ checks }: { checks: readonly Check[] }) {
  return (
    <Table
      caption="Quality checks"
      rows={[...checks].sort((a, b) => Number(a.passed === true) - Number(b.passed === true))}
      keyOf={({ check_name }) => check_name}
      empty="No check was reported."
      columns={[
        { title: "Check", head: true, cell: ({ check_name }) => <Name>{check_name}</Name> },
        { title: "Result", cell: (check) => <WordMark word={resultOf(check)} /> },
        { title: "Score", number: true, cell: ({ score }) => (score === null ? "–" : figure(score)) },
        { title: "Required", number: true, cell: ({ threshold }) => figure(threshold) },
        { title: "Severity", cell: ({ severity }) => severity },
        { title: "Checked", cell: ({ checked_at }) => <Moment at={checked_at} /> },
        {
          title: "Error",
          sentence: true,
          when: ({ error }) => Boolean(error),
          cell: ({ error }) => <bdi>{error ?? ""}</bdi>,
        },
      ]}
    />
  );
}

function resultOf({ passed }: Check): string {
  return passed === null ? "not computed" : passed ? "passed" : "not passed";
}

function summary(checks: readonly Check[]): string {
  if (checks.length === 0) return "";
  const passed = checks.filter((check) => check.passed === true).length;
  return passed === checks.length ? "all passed" : `${passed} of ${checks.length} passed`;
}

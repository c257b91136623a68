import { useState } from "preact/hooks";
import { askJson, url } from "../../api/request.ts";
import type { List, ShownSla } from "../../api/types.ts";
import { Name } from "../../parts/name.tsx";
import { WordMark } from "../../parts/state-mark.tsx";
import { Waiting } from "../../parts/status.tsx";
import { Table } from "../../parts/table.tsx";
import { Title } from "../../parts/title.tsx";
import { pipelinePath } from "../../router.ts";
import { useLoad } from "../../state/use-load.ts";
import { count, plural, rate } from "../../text/numbers.ts";
import { Budget } from "./budget.tsx";
import { asked, SlaControls } from "./controls.tsx";

const MOST = 10_000;
const STEP = 200;
const ORDER = { breaching: 0, ok: 1, no_data: 2 };

/** Every pipeline's SLA rate, the breaching ones first. */
export function SlaView() {
  const { days, kind } = asked();
  const path = url(["sla"], { days, kind, limit: MOST });
  const all = useLoad(path, (signal) => askJson<List<ShownSla>>(path, { signal }));
  const [shown, setShown] = useState(STEP);
  const rows = [...(all.data?.items ?? [])].sort(breachingFirst);
  return (
    <>
      <Title text="SLA" />
      {all.data !== null && <p class="lead">{summary(rows)}</p>}
      <SlaControls csv={path} file={`sla-${kind}-${days}d.csv`} />
      <Waiting of={all} what="the SLA rates" />
      {all.data !== null && (
        <Table
          caption="SLA by pipeline, breaching first"
          rows={rows.slice(0, shown)}
          keyOf={({ pipeline_name }) => pipeline_name}
          empty="Nothing was reported yet."
          columns={[
            {
              title: "Pipeline",
              head: true,
              cell: ({ pipeline_name }) => (
                <a href={`${pipelinePath(pipeline_name, "sla")}?kind=${kind}&days=${days}`}>
                  <Name>{pipeline_name}</Name>
                </a>
              ),
            },
            { title: "State", cell: ({ state }) => <WordMark word={state} /> },
            { title: "Rate", number: true, cell: (sla) => (sla.rate === null ? "no data" : rate(sla.rate)) },
            { title: "Target", number: true, cell: ({ target }) => `${target} %` },
            { title: "Passed", number: true, cell: ({ passed, total }) => `${count(passed)} of ${count(total)}` },
            { title: "Error budget", cell: (sla) => <Budget sla={sla} /> },
          ]}
        />
      )}
      {rows.length > shown && (
        <button type="button" onClick={() => setShown(shown + STEP)}>
          Show more: {count(rows.length - shown)} are left
        </button>
      )}
    </>
  );
}

function breachingFirst(a: ShownSla, b: ShownSla): number {
  const byState = ORDER[a.state] - ORDER[b.state];
  if (byState !== 0) return byState;
  return (a.rate ?? 101) - (b.rate ?? 101) || a.pipeline_name.localeCompare(b.pipeline_name);
}

function summary(rows: readonly ShownSla[]): string {
  const number = (state: ShownSla["state"]) => rows.filter((row) => row.state === state).length;
  const [breaching, silent] = [number("breaching"), number("no_data")];
  const first =
    breaching === 0
      ? "No pipeline is below its target"
      : `${plural(breaching, "pipeline")} of ${count(rows.length)} below target`;
  return silent === 0 ? `${first}.` : `${first}; ${plural(silent, "pipeline")} without data.`;
}

import { askJson, url } from "../../api/request.ts";
import type { ShownPipelineSla } from "../../api/types.ts";
import { Name } from "../../parts/name.tsx";
import { Section } from "../../parts/section.tsx";
import { WordMark } from "../../parts/state-mark.tsx";
import { Waiting } from "../../parts/status.tsx";
import { Table } from "../../parts/table.tsx";
import { useLoad } from "../../state/use-load.ts";
import { count, rate } from "../../text/numbers.ts";
import { PipelineHead } from "../pipeline/pipeline-head.tsx";
import { Budget } from "./budget.tsx";
import { Calendar } from "./calendar.tsx";
import { asked, SlaControls } from "./controls.tsx";
import { SlaSentence } from "./sla-sentence.tsx";

export function PipelineSlaView({ pipeline_name }: { pipeline_name: string }) {
  const { days, kind } = asked();
  const path = url(["sla", pipeline_name], { days, kind, group_by: "day" });
  const sla = useLoad(path, (signal) => askJson<ShownPipelineSla>(path, { signal }), pipeline_name);
  const file = `sla-${kind}-${days}d-by-day.csv`;
  return (
    <>
      <PipelineHead pipeline_name={pipeline_name} tab="sla" />
      <SlaControls csv={path} file={file} />
      <Waiting of={sla} what="the SLA" />
      {sla.data !== null && (
        <>
          <div class="sla-now">
            <SlaSentence sla={sla.data} days={days} />
            <Budget sla={sla.data} />
          </div>
          <Calendar sla={sla.data} />
          {sla.data.checks.length > 0 && <Checks sla={sla.data} />}
        </>
      )}
    </>
  );
}

function Checks({ sla }: { sla: ShownPipelineSla }) {
  return (
    <Section title="By check">
      <Table
        caption="SLA by check"
        rows={sla.checks}
        keyOf={({ check_name }) => check_name}
        empty=""
        columns={[
          { title: "Check", head: true, cell: ({ check_name }) => <Name>{check_name}</Name> },
          { title: "State", cell: ({ state }) => <WordMark word={state} /> },
          { title: "Rate", number: true, cell: (check) => (check.rate === null ? "no data" : rate(check.rate)) },
          { title: "Passed", number: true, cell: ({ passed, total }) => `${count(passed)} of ${count(total)}` },
          { title: "Excluded", number: true, cell: ({ excluded }) => count(excluded) },
        ]}
      />
    </Section>
  );
}

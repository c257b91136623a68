import { askJson, url } from "../../api/request.ts";
import type { Decision, List, Reason } from "../../api/types.ts";
import { Moment } from "../../parts/moment.tsx";
import { Name } from "../../parts/name.tsx";
import { Section } from "../../parts/section.tsx";
import { StateMark } from "../../parts/state-mark.tsx";
import { Waiting } from "../../parts/status.tsx";
import { Table } from "../../parts/table.tsx";
import { useLoad } from "../../state/use-load.ts";

interface Transition {
  decision_id: string;
  decision: Decision;
  decided_at: string;
  run_id: string | null;
  reasons: Reason[];
}

const SHOWN = 20;

export function GateHistory({ pipeline_name }: { pipeline_name: string }) {
  const path = url(["gates", pipeline_name, "history"]);
  const history = useLoad(path, (signal) => askJson<List<Transition>>(path, { signal }), pipeline_name);
  return (
    <Section title="Gate history">
      <Waiting of={history} what="the gate's history" />
      {history.data !== null && (
        <Table
          caption="What the gate said, latest first"
          rows={history.data.items.slice(0, SHOWN)}
          keyOf={({ decision_id, decided_at }) => `${decision_id} ${decided_at}`}
          empty="The gate has not changed yet."
          columns={[
            { title: "Since", head: true, cell: ({ decided_at }) => <Moment at={decided_at} /> },
            { title: "Decision", cell: ({ decision }) => <StateMark decision={decision} /> },
            { title: "Run", cell: ({ run_id }) => (run_id === null ? "–" : <Name>{run_id}</Name>) },
            { title: "Why", sentence: true, cell: ({ reasons }) => <Why reasons={reasons} /> },
          ]}
        />
      )}
    </Section>
  );
}

function Why({ reasons }: { reasons: readonly Reason[] }) {
  const [first, ...rest] = reasons;
  if (first === undefined) return <span class="faint">everything held</span>;
  return (
    <>
      <bdi>{first.detail}</bdi>
      {rest.length > 0 && ` (and ${rest.length} more)`}
    </>
  );
}

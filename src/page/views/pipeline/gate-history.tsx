import { askJson, url } from "../../api/request.ts";
import type { List, ShownTransition } from "../../api/types.ts";
import { Moment } from "../../parts/moment.tsx";
import { Name } from "../../parts/name.tsx";
import { Section } from "../../parts/section.tsx";
import { StateMark } from "../../parts/state-mark.tsx";
import { Waiting } from "../../parts/status.tsx";
import { Table } from "../../parts/table.tsx";
import { useLoad } from "../../state/use-load.ts";

const SHOWN = 20;

export function GateHistory({ pipeline_name }: { pipeline_name: string }) {
  const path = url(["gates", pipeline_name, "history"]);
  const history = useLoad(path, (signal) => askJson<List<ShownTransition>>(path, { signal }), pipeline_name);
  return (
    <Section title="Gate history">
      <Waiting of={history} what="the gate's history" />
      {history.data !== null && (
        <Table
          caption="What the gate said, latest first"
          rows={history.data.items.slice(0, SHOWN)}
          keyOf={({ decision_id, at }) => `${decision_id} ${at}`}
          empty="The gate has not changed yet."
          columns={[
            { title: "Since", head: true, cell: ({ at }) => <Moment at={at} /> },
            { title: "Decision", cell: ({ decision }) => <StateMark decision={decision} /> },
            { title: "Run", cell: ({ run_id }) => (run_id === null ? "–" : <Name>{run_id}</Name>) },
            { title: "Why", sentence: true, cell: (transition) => <Why of={transition} /> },
          ]}
        />
      )}
    </Section>
  );
}

function Why({ of }: { of: ShownTransition }) {
  const { reasons, override } = of;
  const [first, ...rest] = reasons;
  if (override !== null) {
    return (
      <>
        overridden by <Name>{override.actor}</Name>: <bdi>{override.reason}</bdi>
      </>
    );
  }
  if (first === undefined) return <span class="faint">everything held</span>;
  return (
    <>
      <bdi>{first.detail}</bdi>
      {rest.length > 0 && ` (and ${rest.length} more)`}
    </>
  );
}

import type { ShownVerdict } from "../../api/types.ts";
import { Name } from "../../parts/name.tsx";
import { Section } from "../../parts/section.tsx";
import { WordMark } from "../../parts/state-mark.tsx";
import { Table } from "../../parts/table.tsx";
import { pipelinePath } from "../../router.ts";
import { count, figure } from "../../text/numbers.ts";

const SHOWN = 5;

export function DriftSummary({
  pipeline_name,
  verdicts,
}: {
  pipeline_name: string;
  verdicts: readonly ShownVerdict[];
}) {
  if (verdicts.length === 0) return null;
  const rest = verdicts.length - SHOWN;
  return (
    <Section title="Drift" aside={<a href={pipelinePath(pipeline_name, "drift")}>Histograms and history</a>}>
      <Table
        caption="Features, worst first"
        rows={verdicts.slice(0, SHOWN)}
        keyOf={({ feature_name }) => feature_name}
        empty=""
        columns={[
          {
            title: "Feature",
            head: true,
            cell: ({ feature_name }) => (
              <a href={pipelinePath(pipeline_name, "drift", feature_name)}>
                <Name>{feature_name}</Name>
              </a>
            ),
          },
          { title: "Verdict", cell: ({ verdict }) => <WordMark word={verdict} /> },
          { title: "PSI", number: true, cell: ({ psi }) => (psi === null ? "–" : figure(psi)) },
          { title: "Threshold", number: true, cell: ({ threshold }) => figure(threshold) },
          { title: "Rows", number: true, cell: ({ n_current }) => count(n_current) },
        ]}
      />
      {rest > 0 && <p class="hint">and {rest} more</p>}
    </Section>
  );
}

import { askJson, url } from "../../api/request.ts";
import type { List, ShownVerdict } from "../../api/types.ts";
import { Name } from "../../parts/name.tsx";
import { Section } from "../../parts/section.tsx";
import { WordMark } from "../../parts/state-mark.tsx";
import { Waiting } from "../../parts/status.tsx";
import { Table } from "../../parts/table.tsx";
import { pipelinePath } from "../../router.ts";
import { useLoad } from "../../state/use-load.ts";
import { chance, count, figure, plural } from "../../text/numbers.ts";
import { PipelineHead } from "../pipeline/pipeline-head.tsx";
import { Feature } from "./feature.tsx";

interface DriftViewProps {
  pipeline_name: string;
  /** null: the worst. */
  feature_name: string | null;
}

export function DriftView({ pipeline_name, feature_name }: DriftViewProps) {
  const path = url(["drift", pipeline_name]);
  const latest = useLoad(path, (signal) => askJson<List<ShownVerdict>>(path, { signal }), pipeline_name);
  const verdicts = latest.data?.items ?? [];
  const chosen = feature_name ?? verdicts[0]?.feature_name ?? null;
  return (
    <>
      <PipelineHead pipeline_name={pipeline_name} tab="drift" />
      <Waiting of={latest} what="the verdicts" />
      {latest.data !== null && verdicts.length === 0 && (
        <p class="empty">No histogram was reported of this pipeline. POST /v1/drift takes them.</p>
      )}
      {verdicts.length > 0 && <Features pipeline_name={pipeline_name} verdicts={verdicts} chosen={chosen} />}
      {chosen !== null && verdicts.length > 0 && (
        <Feature
          key={chosen}
          pipeline_name={pipeline_name}
          feature_name={chosen}
          latest={verdicts.find((one) => one.feature_name === chosen) ?? null}
        />
      )}
    </>
  );
}

interface FeaturesProps {
  pipeline_name: string;
  verdicts: readonly ShownVerdict[];
  chosen: string | null;
}

function Features({ pipeline_name, verdicts, chosen }: FeaturesProps) {
  return (
    <Section title="Features" aside={<span class="hint">{plural(verdicts.length, "feature")}, worst first</span>}>
      <Table
        caption="Latest verdict on each feature, worst first"
        rows={verdicts}
        keyOf={({ feature_name }) => feature_name}
        empty=""
        columns={[
          {
            title: "Feature",
            head: true,
            cell: ({ feature_name }) => (
              <a
                href={pipelinePath(pipeline_name, "drift", feature_name)}
                aria-current={feature_name === chosen ? "true" : undefined}
              >
                <Name>{feature_name}</Name>
              </a>
            ),
          },
          { title: "Verdict", cell: ({ verdict }) => <WordMark word={verdict} /> },
          { title: "PSI", number: true, cell: ({ psi }) => (psi === null ? "–" : figure(psi)) },
          { title: "Threshold", number: true, cell: ({ threshold }) => figure(threshold) },
          { title: "By chance", number: true, cell: ({ p_value }) => (p_value === null ? "–" : chance(p_value)) },
          { title: "Rows", number: true, cell: ({ n_current }) => count(n_current) },
          { title: "Reference rows", number: true, cell: ({ n_reference }) => count(n_reference) },
        ]}
      />
    </Section>
  );
}

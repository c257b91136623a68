import type { ShownPipelineDetail } from "../../api/types.ts";
import { Ago, Moment } from "../../parts/moment.tsx";
import { Name } from "../../parts/name.tsx";
import { Section } from "../../parts/section.tsx";
import { Table } from "../../parts/table.tsx";

export function Freshness({ datasets }: { datasets: ShownPipelineDetail["datasets"] }) {
  return (
    <Section title="Freshness">
      <Table
        caption="How far the data goes"
        rows={datasets}
        keyOf={({ dataset }) => dataset}
        empty="No freshness was reported."
        columns={[
          { title: "Dataset", head: true, cell: ({ dataset }) => <Name>{dataset}</Name> },
          { title: "Holds data through", cell: ({ data_through }) => <Moment at={data_through} /> },
          { title: "That is", cell: ({ data_through }) => <Ago at={data_through} /> },
        ]}
      />
    </Section>
  );
}

import type { ShownPipelineSla } from "../../api/types.ts";
import { Section } from "../../parts/section.tsx";
import { pipelinePath } from "../../router.ts";
import { Budget } from "../sla/budget.tsx";
import { SlaSentence } from "../sla/sla-sentence.tsx";

export function SlaSummary({ sla }: { sla: ShownPipelineSla }) {
  return (
    <Section title="SLA" aside={<a href={pipelinePath(sla.pipeline_name, "sla")}>Calendar and table</a>}>
      <SlaSentence sla={sla} days={30} />
      <Budget sla={sla} />
    </Section>
  );
}

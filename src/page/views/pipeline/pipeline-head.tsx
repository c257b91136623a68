import { Name } from "../../parts/name.tsx";
import { StateIcon } from "../../parts/state-mark.tsx";
import { Title } from "../../parts/title.tsx";
import { pipelinePath } from "../../router.ts";
import { gates } from "../../state/gates.ts";

const TABS = [
  ["", "Overview"],
  ["drift", "Drift"],
  ["sla", "SLA"],
] as const;

/** The same over each view of a pipeline: its name, its gate in a sign, and the ways to the other views. */
export function PipelineHead({ pipeline_name, tab }: { pipeline_name: string; tab: (typeof TABS)[number][0] }) {
  const gate = gates.value?.get(pipeline_name);
  const team = gate?.team ?? null;
  return (
    <div class="pipeline-head">
      <p class="path">
        <a href="/">Board</a> <span aria-hidden="true">/</span> {team === null ? "pipeline" : <Name>{team}</Name>}
      </p>
      <Title text={tab === "" ? pipeline_name : `${pipeline_name}: ${tab === "sla" ? "SLA" : tab}`}>
        {gate !== undefined && <StateIcon decision={gate.decision} />}
        <Name>{pipeline_name}</Name>
      </Title>
      <nav class="tabs" aria-label="Of this pipeline">
        {TABS.map(([to, text]) => (
          <a
            key={to}
            href={to === "" ? pipelinePath(pipeline_name) : pipelinePath(pipeline_name, to)}
            aria-current={to === tab ? "page" : undefined}
          >
            {text}
          </a>
        ))}
      </nav>
    </div>
  );
}

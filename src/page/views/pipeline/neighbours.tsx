import { Name, PipelineLink } from "../../parts/name.tsx";
import { Section } from "../../parts/section.tsx";
import { StateIcon } from "../../parts/state-mark.tsx";
import { downstreams, gates } from "../../state/gates.ts";
import { plural } from "../../text/numbers.ts";

/** Pixels, as in pipeline.css. */
const NODE = 40;
const GAP = 56;

/** What it needs on the left, itself, what needs it on the right. */
export function Neighbours({ pipeline_name }: { pipeline_name: string }) {
  const gate = gates.value?.get(pipeline_name);
  const above = gate?.depends_on ?? [];
  const below = downstreams.value.get(pipeline_name) ?? [];
  if (above.length === 0 && below.length === 0) return null;
  const tallest = Math.max(above.length, below.length, 1);
  return (
    <Section
      title="Upstream and downstream"
      aside={
        <span class="hint">
          needs {plural(above.length, "pipeline")}, is needed by {plural(below.length, "pipeline")}
        </span>
      }
    >
      <div class="graph">
        <Nodes title="Upstream" names={above} none="nothing upstream" />
        <Edges many={above.length} tallest={tallest} />
        <div class="nodes self">
          <h3 class="hidden">This pipeline</h3>
          <span class="node here">
            <StateIcon decision={gate?.decision ?? "unknown"} />
            <Name>{pipeline_name}</Name>
          </span>
        </div>
        <Edges many={below.length} tallest={tallest} outwards />
        <Nodes title="Downstream" names={below} none="nothing downstream" />
      </div>
    </Section>
  );
}

function Nodes({ title, names, none }: { title: string; names: readonly string[]; none: string }) {
  return (
    <div class="nodes">
      <h3 class="nodes-title">{title}</h3>
      {names.length === 0 ? (
        <p class="empty">{none}</p>
      ) : (
        <ul>
          {names.map((name) => {
            const decision = gates.value?.get(name)?.decision ?? "unknown";
            return (
              <li key={name} class={`node ${decision}`}>
                <StateIcon decision={decision} />
                <PipelineLink pipeline_name={name} />
                <span class="node-word">{decision}</span>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}

/** Lines from the middle of each node to the middle of the picture, all columns standing centred. */
function Edges({ many, tallest, outwards = false }: { many: number; tallest: number; outwards?: boolean }) {
  const height = tallest * NODE;
  const middle = height / 2;
  const lines = Array.from({ length: many }, (_, i) => middle + (i - (many - 1) / 2) * NODE);
  return (
    <svg class="edges" width={GAP} height={height} viewBox={`0 0 ${GAP} ${height}`} aria-hidden="true">
      {lines.map((y) => {
        const [from, to] = outwards ? [middle, y] : [y, middle];
        return <path key={y} d={`M0 ${from}C${GAP / 2} ${from} ${GAP / 2} ${to} ${GAP - 6} ${to}`} />;
      })}
      {(outwards ? lines : lines.slice(0, 1).map(() => middle)).map((y) => (
        <path key={`tip ${y}`} class="tip" d={`M${GAP - 8} ${y - 4}L${GAP} ${y}L${GAP - 8} ${y + 4}z`} />
      ))}
    </svg>
  );
}

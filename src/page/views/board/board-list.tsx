import { Component } from "preact";
import { useRef } from "preact/hooks";
import type { ShownGate } from "../../api/types.ts";
import { Ago } from "../../parts/moment.tsx";
import { Name } from "../../parts/name.tsx";
import { StateMark } from "../../parts/state-mark.tsx";
import { pipelinePath } from "../../router.ts";
import { gates as allGates, downstreams } from "../../state/gates.ts";
import { isConsequence, mainReason } from "../../text/decisions.ts";
import { plural } from "../../text/numbers.ts";
import { useWindow } from "./use-window.ts";

const COLUMNS = ["State", "Pipeline", "Why", "Decided", "Evidence"];

/** A table of which only the rows in sight, and some around them, are in the document. */
export function BoardList({ gates }: { gates: readonly ShownGate[] }) {
  const list = useRef<HTMLDivElement>(null);
  const { from, to, rowHeight } = useWindow(list, gates.length);
  return (
    // biome-ignore-start lint/a11y/useSemanticElements: rows that are not in the document need the roles with counts
    // biome-ignore-start lint/a11y/useFocusableInteractive: the links in the rows take the focus
    <div class="board" role="table" aria-label="Gates, worst first" aria-rowcount={gates.length + 1}>
      <div class="board-head" role="row" aria-rowindex={1}>
        {COLUMNS.map((title) => (
          <span key={title} role="columnheader">
            {title}
          </span>
        ))}
      </div>
      <div ref={list} role="rowgroup" class="board-rows" style={{ height: `${gates.length * rowHeight}px` }}>
        {gates.slice(from, to).map((gate, i) => (
          <Row key={gate.pipeline_name} gate={gate} index={from + i} top={(from + i) * rowHeight} />
        ))}
      </div>
    </div>
    // biome-ignore-end lint/a11y/useFocusableInteractive: the links in the rows take the focus
    // biome-ignore-end lint/a11y/useSemanticElements: rows that are not in the document need the roles with counts
  );
}

interface RowProps {
  gate: ShownGate;
  index: number;
  top: number;
}

/** Drawn again only when it is another gate or place: most rows stay while others come into sight. */
class Row extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    return next.gate !== this.props.gate || next.index !== this.props.index || next.top !== this.props.top;
  }

  override render({ gate, index, top }: RowProps) {
    return rowOf(gate, index, top);
  }
}

function rowOf(gate: ShownGate, index: number, top: number) {
  const { pipeline_name, decision, team, override } = gate;
  return (
    // biome-ignore-start lint/a11y/useSemanticElements: as above
    // biome-ignore-start lint/a11y/useFocusableInteractive: as above
    <div class={`board-row ${decision}`} role="row" aria-rowindex={index + 2} style={{ top: `${top}px` }}>
      <span role="cell" class="cell-state">
        <StateMark decision={decision} />
      </span>
      <span role="cell" class="cell-name">
        <a href={pipelinePath(pipeline_name)} title={pipeline_name}>
          <Name>{pipeline_name}</Name>
        </a>
        {team ? (
          <span class="team">
            <Name>{team}</Name>
          </span>
        ) : null}
      </span>
      <span role="cell" class="cell-why" title={mainReason(gate)}>
        {override !== null && <span class="tag">override</span>}
        <bdi>{mainReason(gate)}</bdi>
        {override === null && gate.reasons.length > 1 && <span class="more">and {gate.reasons.length - 1} more</span>}
        <Holding gate={gate} />
      </span>
      <span role="cell" class="cell-time">
        <Ago at={gate.decided_at} none="–" />
      </span>
      <span role="cell" class="cell-time">
        <Ago at={gate.evidence_at} none="none" />
      </span>
    </div>
    // biome-ignore-end lint/a11y/useFocusableInteractive: as above
    // biome-ignore-end lint/a11y/useSemanticElements: as above
  );
}

/** How many wait for this one: the first thing to mend. */
function Holding({ gate }: { gate: ShownGate }) {
  if (gate.allowed) return null;
  const held = (downstreams.value.get(gate.pipeline_name) ?? []).filter((name) => {
    const downstream = allGates.value?.get(name);
    return downstream !== undefined && isConsequence(downstream);
  });
  return held.length === 0 ? null : <span class="tag">holds up {plural(held.length, "pipeline")}</span>;
}

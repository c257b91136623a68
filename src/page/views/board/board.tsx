import { useMemo } from "preact/hooks";
import type { ShownGate } from "../../api/types.ts";
import { Title } from "../../parts/title.tsx";
import { query } from "../../router.ts";
import { gates, gatesComplete } from "../../state/gates.ts";
import { plural } from "../../text/numbers.ts";
import { FirstReport } from "../first-report.tsx";
import { BoardList } from "./board-list.tsx";
import { countStates, filtered } from "./filter.ts";
import { Filters } from "./filters.tsx";

/** Every pipeline's gate, worst first. */
export function Board() {
  const known = gates.value;
  const asked = query.value;
  const filter = { text: asked.get("q") ?? "", state: asked.get("state") ?? "", team: asked.get("team") ?? "" };
  const { text, state, team } = filter;
  const shown = useMemo(
    () => (known === null ? [] : filtered(known.values(), { text, state, team })),
    [known, text, state, team],
  );
  if (known === null) return <Loading />;
  if (known.size === 0) return gatesComplete.value ? <FirstReport /> : <Loading />;
  return (
    <>
      <Title text="Board" />
      <p class="lead">{summary([...known.values()])}</p>
      <Filters gates={known} filter={filter} counts={countStates(known.values(), filter)} />
      <p class="hidden" role="status">
        {plural(shown.length, "pipeline")} shown
      </p>
      {shown.length === 0 ? (
        <p class="empty">
          No pipeline fits. <a href="/">Show all {known.size}</a>
        </p>
      ) : (
        <BoardList gates={shown} />
      )}
    </>
  );
}

function Loading() {
  return (
    <>
      <Title text="Board" />
      <p class="waiting">Loading the gates …</p>
    </>
  );
}

function summary(all: readonly ShownGate[]): string {
  const closed = all.filter(({ allowed }) => !allowed).length;
  if (closed === 0)
    return all.length === 1 ? "The pipeline may go on." : `All ${plural(all.length, "pipeline")} may go on.`;
  return `${closed === all.length ? "None" : `${closed}`} of ${plural(all.length, "pipeline")} may ${closed === all.length ? "" : "not "}go on.`;
}

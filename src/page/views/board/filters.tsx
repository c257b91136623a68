import type { ShownDecision, ShownGate } from "../../api/types.ts";
import { StateIcon } from "../../parts/state-mark.tsx";
import { setQuery } from "../../router.ts";
import { DECISIONS } from "../../text/decisions.ts";
import { count } from "../../text/numbers.ts";
import { type Filter, teamsOf } from "./filter.ts";

interface FiltersProps {
  gates: ReadonlyMap<string, ShownGate>;
  filter: Filter;
  counts: Record<ShownDecision, number>;
}

export function Filters({ gates, filter, counts }: FiltersProps) {
  const teams = teamsOf(gates.values());
  return (
    <search class="filters">
      <fieldset class="states">
        <legend class="hidden">State</legend>
        {DECISIONS.map((decision) => {
          const chosen = filter.state === decision;
          return (
            <button
              key={decision}
              type="button"
              class={`tile ${decision} ${counts[decision] === 0 ? "none" : ""}`}
              aria-pressed={chosen}
              onClick={() => setQuery("state", chosen ? "" : decision)}
            >
              <StateIcon decision={decision} />
              <span class="tile-count">{count(counts[decision])}</span>
              <span class="tile-word">{decision}</span>
            </button>
          );
        })}
      </fieldset>
      <label class="find">
        <span class="hidden">Search names, teams and reasons</span>
        <input
          type="search"
          placeholder="Search names, teams, reasons"
          value={filter.text}
          onInput={(event) => setQuery("q", event.currentTarget.value)}
        />
      </label>
      {teams.length > 0 && (
        <label>
          <span class="hidden">Team</span>
          <select value={filter.team} onChange={(event) => setQuery("team", event.currentTarget.value)}>
            <option value="">all teams</option>
            {teams.map((team) => (
              <option key={team} value={team}>
                {team}
              </option>
            ))}
          </select>
        </label>
      )}
    </search>
  );
}

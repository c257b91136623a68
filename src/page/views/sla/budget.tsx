import type { ShownSla } from "../../api/types.ts";
import { budgetInWords } from "../../text/sla.ts";

/** How much of the failures that the target allows is used up. */
export function Budget({ sla }: { sla: ShownSla }) {
  if (sla.total === 0) return null;
  const failed = sla.total - sla.passed;
  const { total } = sla.error_budget;
  const used = total <= 0 ? (failed > 0 ? 1 : 0) : failed / total;
  return (
    <div class="budget">
      <span class={used > 1 ? "meter over" : "meter"} aria-hidden="true">
        <span style={{ width: `${Math.min(1, used) * 100}%` }} />
      </span>
      <span>{budgetInWords(sla)}</span>
    </div>
  );
}

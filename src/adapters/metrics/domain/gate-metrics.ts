import type { Committed } from "../../../domain/commit/committed.ts";
import { DECISIONS, type Decision } from "../../../domain/gate/assess.ts";
import { REASON_CODES } from "../../../domain/gate/reason.ts";
import { join } from "../../../domain/words/key.ts";
import type { GateGauges } from "../../../ports.ts";
import type { Exposition } from "../exposition/exposition.ts";

/** The code of a decision that has no reason. */
const NO_REASON = "none";
const LONG_AGO = Number.NEGATIVE_INFINITY;

/** The decisions of the gates, and the number of new decisions. */
export class GateMetrics implements GateGauges {
  readonly #exposition: Exposition;
  /** By pipeline, decision and code: the totals that the sums below are made of. */
  readonly #totals = new Map<string, number>();
  readonly #sums = new Map<string, number>();

  constructor(exposition: Exposition) {
    this.#exposition = exposition;
  }

  /** Every decision and code is there from the start, at 0: increase() sees the first of each. */
  birth(): void {
    for (const decision of DECISIONS) {
      for (const code of [NO_REASON, ...REASON_CODES]) {
        this.#exposition.birth("gate_decisions_total", [decision, code], LONG_AGO);
      }
    }
  }

  showGates(gates: readonly { pipeline_name: string; decision: Decision; allowed: boolean }[]): void {
    for (const { pipeline_name, decision, allowed } of gates) {
      this.#exposition.gauge("gate_allowed", [pipeline_name], Number(allowed));
      for (const one of DECISIONS)
        this.#exposition.gauge("gate_decision", [pipeline_name, one], Number(one === decision));
    }
  }

  showUpstreams(edges: readonly { pipeline_name: string; upstream: string }[]): void {
    const rows = edges.map(({ pipeline_name, upstream }) => ({ labels: [pipeline_name, upstream] as const, value: 1 }));
    this.#exposition.replaceGauges("pipeline_upstream_info", rows);
  }

  count({ pipeline_name, decision, code, total }: Committed["gate_decisions"][number]): void {
    const key = join(pipeline_name, decision, code);
    const more = total - (this.#totals.get(key) ?? 0);
    // Observed out of order: a later total is already known.
    if (more <= 0) return;
    this.#totals.set(key, total);
    const labels = [decision, code] as const;
    const sum = (this.#sums.get(labels.join(" ")) ?? 0) + more;
    this.#sums.set(labels.join(" "), sum);
    this.#exposition.counter("gate_decisions_total", labels, sum, LONG_AGO);
  }
}

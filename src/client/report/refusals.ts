import type { Losses } from "../losses/losses.ts";
import type { RunKey } from "../losses/lost-of-line.ts";
import { asGiven } from "./as-given.ts";
import type { Sink } from "./sink.ts";

export interface RefusedEvidence {
  kind: "records" | "quality" | "drift" | "schema";
  /** The stage, check, feature or dataset; `?` where that cannot be read. */
  item: string;
  /** The call and what is wrong with it, for people. */
  problem: string;
  /** What is wrong, without a value of the data. */
  why: string;
  /** As it was given, without a value of the data. */
  fields: Readonly<Record<string, unknown>>;
}

/**
 * Evidence that the client refuses by itself, in a form that a gate sees: with the end of the run (`lost`), where this client will
 * report that; else, in a task that is only a part of a run, sent as it was given, for the agent to refuse.
 */
export class Refusals {
  readonly #sink: Sink;
  readonly #losses: Losses;
  readonly #of: RunKey;
  readonly #common: string;

  /** `common`: what every report of the run begins with, as JSON. */
  constructor({ sink, losses }: { sink: Sink; losses: Losses }, of: RunKey, common: string) {
    this.#sink = sink;
    this.#losses = losses;
    this.#of = of;
    this.#common = common;
  }

  add({ kind, item, problem, why, fields }: RefusedEvidence): void {
    const said = `${this.#of.pipeline_name}: ${problem}`;
    if (this.#losses.isOpen(this.#of)) {
      this.#losses.note(this.#of, { kind, item, why }, { refused: true });
      this.#sink.refuse(said);
    } else {
      this.#sink.putWrong(kind, this.#common, kind === "drift" ? fields : asGiven(fields));
      this.#sink.tell(said);
    }
  }

  /** A good report of the item was made. */
  replaced(kind: RefusedEvidence["kind"], item: string): void {
    if (!this.#losses.isEmpty) this.#losses.replaced(this.#of, kind, item);
  }
}

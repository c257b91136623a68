import { shuttingDown } from "../../errors.ts";
import { eager, unfailing } from "../../ports/eager.ts";
import { FairTurns } from "./fair-turns.ts";

/** After a look that failed. */
const LOOK_AGAIN_MS = 1_000;

/** Looks that are taken at a time, of the two connections for gates: whoever asks without waiting finds the other one free. */
const MOST_LOOKS = 1;

interface Waiting<T> {
  settle(answer: T | null): void;
  fail(error: Error): void;
}

/** What is waited for, and by how many. All who wait for the same thing share one look at it. */
interface Watch<T> {
  pipeline_name: string;
  look: () => Promise<T>;
  isDecided: (answer: T) => boolean;
  waiting: Set<Waiting<T>>;
  looking: boolean;
  again: boolean;
}

/**
 * Holds those who wait for a decision, without a timer or a query of their own: a commit wakes those whose pipeline it
 * touched, each different question is looked at once, and all who asked it are answered. Pipelines take turns.
 */
export class GateWaiters<T> {
  readonly #watches = new Map<string, Watch<T>>();
  readonly #byPipeline = new Map<string, Set<Watch<T>>>();
  readonly #once = new Map<string, Promise<T>>();
  readonly #turns = new FairTurns(MOST_LOOKS);
  readonly #sleep: (ms: number) => Promise<unknown>;
  #stopped = false;

  /** `sleep` keeps no process alive that has nothing else to do. */
  constructor(sleep: (ms: number) => Promise<unknown>) {
    this.#sleep = sleep;
  }

  /** How many wait. */
  get size(): number {
    let size = 0;
    for (const { waiting } of this.#watches.values()) size += waiting.size;
    return size;
  }

  /**
   * Resolves with the decided answer; null when the time is over or the caller is gone. Rejects with `shutting_down` when the
   * agent stops: "pending" would be taken for a decision by whoever asks once, and nobody made one.
   */
  wait(
    key: string,
    watch: Pick<Watch<T>, "pipeline_name" | "look" | "isDecided">,
    until: AbortSignal,
  ): Promise<T | null> {
    if (until.aborted) return Promise.resolve(null);
    if (this.#stopped) return Promise.reject(shuttingDown());
    const joined = this.#join(key, watch);
    return new Promise((resolve, reject) => {
      const leave = () => {
        until.removeEventListener("abort", onAbort);
        joined.waiting.delete(waiting);
        if (joined.waiting.size === 0) this.#leave(key, joined);
      };
      const waiting: Waiting<T> = {
        settle(answer) {
          leave();
          resolve(answer);
        },
        fail(error) {
          leave();
          reject(error);
        },
      };
      const onAbort = () => waiting.settle(null);
      until.addEventListener("abort", onAbort);
      joined.waiting.add(waiting);
      // It may be decided already.
      this.#look(joined);
    });
  }

  /** A look that does not wait for a decision, of somebody who has waited: thousands may end at the same time. */
  lookOnce(key: string, { pipeline_name, look }: Pick<Watch<T>, "pipeline_name" | "look">): Promise<T> {
    let once = this.#once.get(key);
    if (once === undefined) {
      once = eager(this.#turns.take(pipeline_name, look).finally(() => this.#once.delete(key)));
      this.#once.set(key, once);
    }
    return once;
  }

  wake(pipeline_names: ReadonlySet<string>): void {
    if (this.#watches.size === 0) return;
    for (const name of pipeline_names) for (const watch of this.#byPipeline.get(name) ?? []) this.#look(watch);
  }

  /** Everybody is told to ask again, and so is who comes from now on. */
  stop(): void {
    this.#stopped = true;
    const stopping = shuttingDown();
    for (const { waiting } of [...this.#watches.values()]) for (const { fail } of [...waiting]) fail(stopping);
  }

  #join(
    key: string,
    { pipeline_name, look, isDecided }: Pick<Watch<T>, "pipeline_name" | "look" | "isDecided">,
  ): Watch<T> {
    const known = this.#watches.get(key);
    if (known !== undefined) return known;
    const watch: Watch<T> = { pipeline_name, look, isDecided, waiting: new Set(), looking: false, again: false };
    this.#watches.set(key, watch);
    const others = this.#byPipeline.get(pipeline_name);
    if (others === undefined) this.#byPipeline.set(pipeline_name, new Set([watch]));
    else others.add(watch);
    return watch;
  }

  #leave(key: string, watch: Watch<T>): void {
    this.#watches.delete(key);
    const others = this.#byPipeline.get(watch.pipeline_name);
    others?.delete(watch);
    if (others?.size === 0) this.#byPipeline.delete(watch.pipeline_name);
  }

  /** One look at a time; what happens meanwhile is looked at once more. */
  #look(watch: Watch<T>): void {
    watch.again = true;
    if (watch.looking) return;
    watch.looking = true;
    void unfailing(
      this.#keepLooking(watch).finally(() => {
        watch.looking = false;
      }),
    );
  }

  /** A look that failed (the store is away) is no answer, and nothing else would wake those who wait. */
  #lookLater(watch: Watch<T>): void {
    void unfailing(
      this.#sleep(LOOK_AGAIN_MS).then(() => {
        if (watch.waiting.size > 0) this.#look(watch);
      }),
    );
  }

  async #keepLooking(watch: Watch<T>): Promise<void> {
    while (watch.again && watch.waiting.size > 0) {
      watch.again = false;
      const answer = await this.#turns.take(watch.pipeline_name, () => lookFor(watch)).catch(() => null);
      if (answer === null) this.#lookLater(watch);
      if (answer === null || !watch.isDecided(answer)) continue;
      for (const { settle } of [...watch.waiting]) settle(answer);
    }
  }
}

/** Its turn may come when nobody waits any more. */
async function lookFor<T>({ waiting, look }: Watch<T>): Promise<T | null> {
  return waiting.size === 0 ? null : look();
}

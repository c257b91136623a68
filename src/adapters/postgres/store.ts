import type pg from "pg";
import { NO_CHANGE } from "../../domain/commit/change.ts";
import type { Committed } from "../../domain/commit/committed.ts";
import { SluiceError } from "../../errors.ts";
import type { DueWindows, PolicySet, Preparation, Store, StoreError, StoreTx } from "../../ports.ts";
import { NameTable } from "./commit/names.ts";
import { RepeatedIds } from "./commit/report-ids.ts";
import { storeTx } from "./commit/transaction.ts";
import { storeError } from "./connection/store-errors.ts";
import { dueWindows } from "./drift/due-windows.ts";
import { dueGates } from "./gate/due-gates.ts";
import { renamePipelines, undecidedPipelines } from "./gate/undecided-pipelines.ts";
import { OldReportIds } from "./history/old-report-ids.ts";
import { Partitions } from "./history/partitions.ts";
import { restore, restoreGates } from "./history/restore.ts";
import { deleteEarlyRejections, dropHistory } from "./history/retention.ts";
import { trimChanges } from "./replicas/changes.ts";
import { leaseLost } from "./replicas/guard.ts";
import { loadPolicies, policiesInForce } from "./replicas/policy-sets.ts";
import { NO_WRITER, type Writer } from "./replicas/writer.ts";
import { foldSla } from "./sla/fold-sla.ts";

/** Transactions are made as whom the options say; names, months and what is past the retention are right whoever writes them. */
export interface PostgresStoreOptions {
  member?: Writer;
  /** For the duties of who holds the lease: its number, or null while this agent does not hold it. */
  lease?: () => number | null;
  /** Told what became of each write: null, it was stored. */
  heard?: (error: StoreError | null) => void;
}

/** The write side over one pool. Names and partitions it has seen are remembered until a connection breaks. */
export class PostgresStore implements Store {
  readonly #pool: pg.Pool;
  readonly #options: PostgresStoreOptions;
  readonly #pipelines = NameTable.pipelines();
  readonly #names = NameTable.names();
  readonly #partitions = new Partitions();
  readonly #repeatedIds = new RepeatedIds();
  readonly #oldReportIds = new OldReportIds();

  constructor(pool: pg.Pool, options: PostgresStoreOptions = {}) {
    this.#pool = pool;
    this.#options = options;
  }

  async prepare({ pipeline_names, key_names, names, times }: Preparation): Promise<void> {
    await this.#guard(async () => {
      await this.#partitions.prepare(this.#pool, times);
      await this.#pipelines.prepare(this.#pool, pipeline_names, key_names);
      await this.#names.prepare(this.#pool, names);
    });
  }

  findPipelines(names: readonly string[]): Promise<string[]> {
    return this.#guard(() => this.#pipelines.find(this.#pool, names));
  }

  transaction<T>(work: (tx: StoreTx) => Promise<T>): Promise<T> {
    return this.#guard(async () => {
      const lease = this.#options.lease === undefined ? null : this.#options.lease();
      if (this.#options.lease !== undefined && lease === null) throw leaseLost();
      const client = await this.#pool.connect();
      let broken: Error | undefined;
      try {
        const { member = NO_WRITER } = this.#options;
        const [pipelines, names, repeatedIds] = [this.#pipelines, this.#names, this.#repeatedIds];
        const { tx, committed } = storeTx(client, { pipelines, names, repeatedIds, member, lease });
        const result = await work(tx);
        if (!committed()) await tx.commit(NO_CHANGE);
        this.#options.heard?.(null);
        return result;
      } catch (error) {
        broken = await rollback(client, error as Error);
        throw error;
      } finally {
        client.release(broken);
      }
    });
  }

  dueWindows(now: number, after: DueWindows | null, limit: number): Promise<DueWindows[]> {
    return this.#guard(() => dueWindows(this.#pool, now, after, limit));
  }

  dropHistory(before: number): Promise<string[]> {
    return this.#guard(() => dropHistory(this.#pool, this.#partitions, before));
  }

  deleteReportIds(before: number): Promise<number> {
    return this.#guard(async () => {
      await deleteEarlyRejections(this.#pool, before);
      return this.#oldReportIds.delete(this.#pool, before);
    });
  }

  loadPolicies(set: PolicySet): Promise<void> {
    const { agent_id } = (this.#options.member ?? NO_WRITER).standing;
    return this.#guard(() => loadPolicies(this.#pool, agent_id, set));
  }

  policiesInForce(known: string): Promise<PolicySet | null> {
    return this.#guard(() => policiesInForce(this.#pool, known));
  }

  trimChanges(): Promise<void> {
    return this.#guard(() => trimChanges(this.#pool));
  }

  restoreGates(names: readonly string[]): Promise<Committed> {
    return this.#guard(() => restoreGates(this.#pool, names));
  }

  dueGates(now: number, limit: number): Promise<string[]> {
    return this.#guard(() => dueGates(this.#pool, now, limit));
  }

  foldSla(now: number): Promise<boolean> {
    return this.#guard(() => foldSla(this.#pool, now));
  }

  undecidedPipelines(): Promise<string[]> {
    return this.#guard(() => undecidedPipelines(this.#pool));
  }

  renamePipelines(names: Readonly<Record<string, string>>): Promise<string[]> {
    return this.#guard(() => renamePipelines(this.#pool, names));
  }

  async *restore(names: readonly string[] | null = null): AsyncGenerator<Committed> {
    try {
      yield* restore(this.#pool, names);
    } catch (error) {
      throw storeError(error);
    }
  }

  /** Refusals come out as they are, all else as StoreError; after one of the store itself nothing remembered is trusted. */
  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof SluiceError) throw error;
      const known = storeError(error);
      this.#options.heard?.(known);
      if (known.reason === "conflict") this.#partitions.forget();
      if (known.reason === "unavailable") {
        this.#pipelines.forget();
        this.#names.forget();
        this.#partitions.forget();
      }
      throw known;
    }
  }
}

/** After an error that the server answered, or one of our own, the connection is good; after any other it is not to be used again. */
async function rollback(client: pg.PoolClient, error: Error): Promise<Error | undefined> {
  if (!("severity" in error || error instanceof SluiceError)) return error;
  try {
    await client.query("ROLLBACK");
    return undefined;
  } catch (second) {
    return second as Error;
  }
}

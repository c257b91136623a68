import type { TroubleChange } from "../domain/notice.ts";

/** The part of a transaction that is about notices. The pipelines are locked. */
export interface NoticeTx {
  /** One change a pipeline. What ends a trouble that nobody knows of is not kept. */
  saveTroubles(changes: readonly TroubleChange[], now: number): Promise<void>;
}

import type { StoreError } from "../../../ports.ts";
import { givenUp } from "./guard.ts";

/** As whom a transaction is begun. */
export interface Standing {
  agent_id: number;
  /** The number that its row has to have still; null: nobody has to be a member (a store by itself). */
  fence: number | null;
  /** Whether the others have to hear of what is committed. */
  tells: boolean;
}

/** What a store writes as. */
export interface Writer {
  readonly standing: Standing;
  /** Why a transaction that was begun with this number found no row of it. */
  refusal(fence: number): Promise<StoreError>;
}

export const NO_WRITER: Writer = {
  standing: { agent_id: 0, fence: null, tells: false },
  refusal: async () => givenUp(),
};

import type { NoticeStore, Reader, Store } from "../../../../src/ports.ts";
import type { TestAcceptor } from "../../../support/acceptor.ts";

/** A store that nothing was written to yet, with the ports that read what it wrote. */
export interface OpenStore {
  store: Store;
  reader: Reader;
  notices: NoticeStore;
  /** Makes it refuse quality results of this threshold, until the answer is called. */
  refuse(threshold: number): Promise<() => Promise<void>>;
}

/** With the write path over it. */
export interface WrittenStore extends OpenStore {
  agent: TestAcceptor;
}

/** A list without a filter. */
export const EVERY = {
  allowed: null,
  check_name: null,
  status: null,
  since: null,
  until: null,
  after: null,
  limit: 2000,
};

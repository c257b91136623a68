import { beforeAll, describe } from "vitest";
import { TestAcceptor } from "../../../support/acceptor.ts";
import { evidenceContract } from "./evidence-contract.ts";
import type { OpenStore, WrittenStore } from "./open-store.ts";
import { operationsContract } from "./operations-contract.ts";
import { reportsContract } from "./reports-contract.ts";
import { transactionsContract } from "./transactions-contract.ts";

/** The behaviour of any Store, asked for through the ports alone. `open` is called when hooks run. */
export function storeContract(open: () => OpenStore): void {
  let written: WrittenStore;
  beforeAll(() => {
    const opened = open();
    written = { ...opened, agent: new TestAcceptor(opened.store) };
  });
  const store = () => written;
  describe("evidence", () => evidenceContract(store));
  describe("reports", () => reportsContract(store));
  describe("transactions", () => transactionsContract(store));
  describe("operations", () => operationsContract(store));
}

import { beforeAll, expect, it } from "vitest";
import { referenceHistogram } from "../../../../src/domain/drift/histograms/reference-histogram.ts";
import { SluiceError } from "../../../../src/errors.ts";
import type { FeatureRef, Store, StoreTx, WindowRow } from "../../../../src/ports.ts";
import { NOON } from "../../../support/acceptor.ts";
import type { OpenStore } from "./open-store.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What a transaction keeps and whom it keeps waiting; references and windows of drift. */
export function transactionsContract(open: () => OpenStore): void {
  let store: Store;
  beforeAll(() => {
    ({ store } = open());
  });

  const prepare = (pipeline_names: string[], names: string[] = []) => {
    return store.prepare({ pipeline_names, names, times: [NOON] });
  };
  const locked = async <T>(name: string, work: (tx: StoreTx, feature: FeatureRef) => Promise<T>) => {
    return store.transaction(async (tx) => {
      const pipeline = (await tx.lockPipelines([name])).get(name)!;
      return work(tx, { pipeline, feature_name: "age" });
    });
  };
  const reference = async (name: string, counts: number[], version: string) => {
    const histogram = referenceHistogram({ edges: [0, 20, 40, 60], counts });
    if (!histogram.ok) throw new Error(JSON.stringify(histogram.errors));
    await prepare([name], ["age"]);
    const content = { version, histogram: histogram.value, source: "put" as const, run_id: null, note: null };
    return locked(name, async (tx, feature) => {
      const [saved] = (await tx.saveReferences([{ ...feature, ...content }], NOON)).values();
      return saved!;
    });
  };

  it("keeps nothing of a transaction that fails, hands a refusal out as it is, and goes on", async () => {
    await prepare(["half"]);
    const bornAt =
      (born_at: number) =>
      async (tx: StoreTx, { pipeline }: FeatureRef) => {
        await tx.savePipelines([{ ...pipeline, born_at }]);
      };
    const refusal = new SluiceError("not_found", "no such thing");
    const failing = locked("half", async (tx, feature) => {
      await bornAt(NOON)(tx, feature);
      throw refusal;
    });
    await expect(failing).rejects.toBe(refusal);
    await locked("half", async (_tx, { pipeline }) => expect(pipeline.born_at).toBeNull());
    await locked("half", bornAt(NOON));
    await locked("half", async (_tx, { pipeline }) => expect(pipeline.born_at).toBe(NOON));
  });

  it("lets one transaction at a time have a pipeline, and no two wait for each other, however they name theirs", async () => {
    const names = ["lock a", "lock b", "lock c"];
    await prepare(names);
    let inside = 0;
    let most = 0;
    const turns = Array.from({ length: 24 }, (_, i) => {
      const own = i % 2 === 0 ? names : [...names].reverse();
      return store.transaction(async (tx) => {
        expect([...(await tx.lockPipelines(own)).keys()].sort()).toEqual(names);
        most = Math.max(most, ++inside);
        await tx.reserveRunKeys(1);
        inside--;
      });
    });
    expect((await Promise.allSettled(turns)).filter(({ status }) => status === "rejected")).toEqual([]);
    expect(most).toBe(1);
  });

  it("gives no run key twice", async () => {
    const reserved = await Promise.all([3, 4, 5].map((count) => store.transaction((tx) => tx.reserveRunKeys(count))));
    expect(reserved.map((keys) => keys.length)).toEqual([3, 4, 5]);
    expect(new Set(reserved.flat()).size).toBe(12);
  });

  it("keeps the versions of a reference, of which one is active or none", async () => {
    const first = await reference("versions", [300, 400, 300], "v1");
    const again = await reference("versions", [300, 400, 300], "v1");
    expect(again.reference_id).toBe(first.reference_id);
    const second = await reference("versions", [500, 400, 100], "v2");
    await locked("versions", async (tx, feature) => {
      const active = async () => [...(await tx.activeReferences([feature])).values()].map(({ version }) => version);
      expect(await active()).toEqual([]);
      await tx.activateReference(feature, first.reference_id, NOON);
      await tx.activateReference(feature, second.reference_id, NOON + 1);
      expect(await active()).toEqual(["v2"]);
      expect(await tx.findReference(feature, "v1")).toEqual(first);
      expect(await tx.findReference(feature, "v3")).toBeNull();
      await tx.deactivateReference(feature);
      expect(await active()).toEqual([]);
      expect((await tx.referencesById([first.reference_id])).get(first.reference_id)).toEqual(first);
    });
  });

  it("keeps windows by their span, and says which are due, the earliest first, until they are closed", async () => {
    const rows = new Map<string, WindowRow[]>();
    for (const name of ["window a", "window b"]) {
      const { reference_id } = await reference(name, [300, 400, 300], "v1");
      await locked(name, async (tx, feature) => {
        const windows = [2, 0, 1].map((hour) => ({
          ...{ ...feature, start: NOON + hour * HOUR, end: NOON + (hour + 1) * HOUR, reference_id },
          ...{
            counts: Float64Array.of(hour, 2, 3, 0),
            rebin_rows: null,
            run_key: null,
            judged_rows: null,
            closed: false,
          },
        }));
        await tx.saveWindows(windows);
        rows.set(name, windows);
      });
    }
    const due = (now: number, after: Parameters<Store["dueWindows"]>[1] = null, limit = 10) => {
      return store.dueWindows(now, after, limit);
    };
    const CLOSES = NOON + HOUR + 5 * MINUTE;
    expect(await due(CLOSES - 1)).toEqual([]);
    const window = { feature_name: "age", start: NOON, end: NOON + HOUR };
    const both = [
      { pipeline_name: "window a", closes_at: CLOSES, windows: [window] },
      { pipeline_name: "window b", closes_at: CLOSES, windows: [window] },
    ];
    const first = await due(CLOSES);
    expect(first).toMatchObject(both);
    expect(await due(CLOSES + HOUR, null, 1)).toMatchObject([both[0]]);
    expect(await due(CLOSES + HOUR, first[0]!, 1)).toMatchObject([both[1]]);
    expect(await due(CLOSES + HOUR, first[1]!)).toMatchObject([
      { pipeline_name: "window a", closes_at: CLOSES + HOUR },
      { pipeline_name: "window b", closes_at: CLOSES + HOUR },
    ]);

    await locked("window a", async (tx, feature) => {
      const [, earliest, middle] = rows.get("window a")!;
      const unknown = { ...feature, start: NOON - HOUR, end: NOON };
      expect(await tx.loadWindows([middle!, unknown, earliest!])).toEqual([middle, null, earliest]);
      await tx.saveWindows([{ ...earliest!, counts: Float64Array.of(9, 2, 3, 0), judged_rows: 14, closed: true }]);
      await tx.dropOpenWindows(feature);
      const [dropped, closed] = await tx.loadWindows([middle!, earliest!]);
      expect(dropped).toBeNull();
      expect(closed).toMatchObject({ counts: Float64Array.of(9, 2, 3, 0), judged_rows: 14, closed: true });
    });
    expect((await due(CLOSES + 2 * HOUR)).map(({ pipeline_name }) => pipeline_name)).toEqual([
      "window b",
      "window b",
      "window b",
    ]);
    await locked("window b", (tx, feature) => tx.dropOpenWindows(feature));
  });
}

import fc from "fast-check";
import { expect, test } from "vitest";
import { gateCycles } from "../../../../src/config/keys/gate/gate-cycles.ts";
import type { GatePolicies } from "../../../../src/domain/gate/policy/policy.ts";

const policies = (upstreams: Record<string, string[]>): GatePolicies => ({
  defaults: {},
  entries: Object.entries(upstreams).map(([pipeline_name, depends_on]) => {
    return { pipeline_name, policy: { depends_on }, consumers: {} };
  }),
});

const names = ["a", "b", "c", "d", "e"];
const anyGraph = fc.record(Object.fromEntries(names.map((name) => [name, fc.subarray(names, { maxLength: 2 })])));

/** Whether a way leads from one to the other, by trying all ways of at most as many steps as there are names. */
function reaches(graph: Record<string, string[]>, from: string, to: string, steps = names.length): boolean {
  return steps > 0 && graph[from]!.some((next) => next === to || reaches(graph, next, to, steps - 1));
}

test("a cycle is found where some pipeline can be reached from itself, and is one", () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const cycles = gateCycles(policies(graph), {});
      expect(cycles.length > 0).toBe(names.some((name) => reaches(graph, name, name)));
      for (const cycle of cycles) {
        expect(cycle.filter((name, i) => !graph[name]!.includes(cycle[(i + 1) % cycle.length]!))).toEqual([]);
        expect(cycle[0]).toBe([...cycle].sort()[0]);
      }
    }),
    { numRuns: 300, seed: 20_261_120 },
  );
});

test("a chain of fifty thousand is no cycle, until its end depends on its beginning", () => {
  const chain = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`p${i}`, [`p${i + 1}`]]));
  expect(gateCycles(policies({ ...chain, p50000: [] }), {})).toEqual([]);
  expect(gateCycles(policies({ ...chain, p50000: ["p0"] }), {})).toHaveLength(1);
});

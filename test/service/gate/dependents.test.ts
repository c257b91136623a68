import { expect, test } from "vitest";
import { Dependents } from "../../../src/service/gate/dependents.ts";

function dependents(upstreams: { [pipeline_name: string]: string[] }): Dependents {
  const made = new Dependents((name) => upstreams[name] ?? []);
  for (const name of Object.keys(upstreams)) made.add(name);
  return made;
}

const sorted = (names: Iterable<string>) => [...names].sort();

test("a change reaches those that depend on it, also through others, and nobody else", () => {
  const chain = dependents({ load: [], clean: ["load"], report: ["clean"], other: [] });
  expect(sorted(chain.withThose(["load"]))).toEqual(["clean", "load", "report"]);
  expect(sorted(chain.withThose(["clean"]))).toEqual(["clean", "report"]);
  expect(sorted(chain.withThose(["report", "other"]))).toEqual(["other", "report"]);
});

test("an upstream that was never reported has its dependents all the same", () => {
  expect(sorted(dependents({ clean: ["load"] }).withThose(["load"]))).toEqual(["clean", "load"]);
});

test("a cycle of upstreams ends, and everybody on it is found", () => {
  const circle = dependents({ a: ["c"], b: ["a"], c: ["b"], self: ["self"] });
  expect(sorted(circle.withThose(["a"]))).toEqual(["a", "b", "c"]);
  expect(sorted(circle.withThose(["self"]))).toEqual(["self"]);
});

test("a pipeline brings its edges once: the first time that it is named", () => {
  const made = new Dependents((name) => (name === "clean" ? ["load", "rates"] : []));
  expect(made.add("load")).toBe(false);
  expect(made.add("clean")).toBe(true);
  expect(made.add("clean")).toBe(false);
  expect(made.edges()).toEqual([
    { pipeline_name: "clean", upstream: "load" },
    { pipeline_name: "clean", upstream: "rates" },
  ]);
});

test("one that is removed depends on nobody, and keeps those that depend on it", () => {
  const chain = dependents({ load: [], clean: ["load"], report: ["clean"] });
  chain.remove("clean");
  expect(sorted(chain.withThose(["load"]))).toEqual(["load"]);
  expect(sorted(chain.withThose(["clean"]))).toEqual(["clean", "report"]);
});

test("one that was removed brings its edges again when it is back", () => {
  const chain = dependents({ load: [], clean: ["load"] });
  chain.remove("clean");
  expect(chain.add("clean")).toBe(true);
  expect(sorted(chain.withThose(["load"]))).toEqual(["clean", "load"]);
});

test("what is forgotten is asked again, of those named alone", () => {
  const upstreams: { [pipeline_name: string]: string[] } = { clean: ["load"], report: ["clean"] };
  const made = dependents(upstreams);
  upstreams.clean = ["rates"];
  made.forget(["clean"]);
  expect(made.edges()).toEqual([{ pipeline_name: "clean", upstream: "rates" }]);
});

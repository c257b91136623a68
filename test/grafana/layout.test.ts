import { expect, test } from "vitest";
import { BOARDS, type Panel } from "./support/boards.ts";
import { layoutFaults } from "./support/layout.ts";

test.each(Object.entries(BOARDS))("%s has no two panels on one place and no hole", (_, board) => {
  expect(layoutFaults(board)).toEqual([]);
});

test.each(Object.entries(BOARDS))("the first screen of %s says how things are", (_, { panels }) => {
  // A laptop shows about 20 grid units below Grafana's own bars.
  const first = panels.filter(({ gridPos }) => gridPos.y === 0);
  expect(first.every(({ type, gridPos }) => type !== "row" && gridPos.h <= 10)).toBe(true);
});

const panel = (title: string, x: number, y: number, w: number, h: number) =>
  ({ title, gridPos: { x, y, w, h } }) as Panel;

test.each([
  ["an overlap", [panel("a", 0, 0, 24, 4), panel("b", 0, 3, 24, 4)], ['"b" lies over "a"']],
  ["a hole", [panel("a", 0, 0, 12, 2), panel("b", 12, 1, 12, 1)], ["row 0 is empty at column 12"]],
  ["a panel too wide", [panel("a", 0, 0, 25, 1)], ['"a" leaves the grid']],
])("%s is noticed", (_, panels, faults) => {
  expect(layoutFaults({ panels })).toEqual(faults);
});

import type { Board, Panel } from "./boards.ts";

const COLUMNS = 24;

/** A sentence for each place of the grid that two panels claim or none does, down to the lowest panel. */
export function layoutFaults({ panels }: Pick<Board, "panels">): string[] {
  const bottom = Math.max(...panels.map(({ gridPos: { y, h } }) => y + h));
  const faults: string[] = [];
  const taken = new Array<Panel | undefined>(COLUMNS * bottom).fill(undefined);
  for (const panel of panels) {
    const { x, y, w, h } = panel.gridPos;
    if (x < 0 || y < 0 || w < 1 || h < 1 || x + w > COLUMNS) faults.push(`"${panel.title}" leaves the grid`);
    const others = new Set<Panel>();
    for (let row = y; row < y + h; row++) {
      for (let column = x; column < Math.min(x + w, COLUMNS); column++) {
        const place = row * COLUMNS + column;
        if (taken[place] !== undefined) others.add(taken[place]);
        taken[place] = panel;
      }
    }
    for (const other of others) faults.push(`"${panel.title}" lies over "${other.title}"`);
  }
  for (let row = 0; row < bottom; row++) {
    const gap = taken.slice(row * COLUMNS, (row + 1) * COLUMNS).indexOf(undefined);
    if (gap >= 0) faults.push(`row ${row} is empty at column ${gap}`);
  }
  return faults;
}

import type { TestEffect } from "./run-feature-tests.ts";

const CLASS = "class ";

/**
 * What to call names that the reference does not hold: they can be personal data, and are told only where values may be
 * shown. A name that is not among them is called what it is.
 */
export type ToldNames = ReadonlyMap<string, string>;

export function toldNames(names: Iterable<string>, showValues: boolean): ToldNames {
  const told = new Map<string, string>();
  for (const name of names) told.set(name, showValues ? name : `(new name ${told.size + 1})`);
  return told;
}

export function toldTest(test: string, told: ToldNames): string {
  return test.startsWith(CLASS) ? CLASS + toldName(test.slice(CLASS.length), told) : test;
}

export function toldName(name: string, told: ToldNames): string {
  return told.get(name) ?? name;
}

/** "nulls: 5 % of the rows in the reference, 15.2 % now; PSI 0.31 above 0.2"; null without any. */
export function effectsInWords(effects: readonly TestEffect[], told: ToldNames): string | null {
  if (effects.length === 0) return null;
  return effects.map((effect) => inWords(effect, told)).join("; ");
}

function inWords({ test, before, now }: TestEffect, told: ToldNames): string {
  switch (test) {
    case "psi":
      return `PSI ${figure(now)} above ${figure(before)}`;
    case "novelty":
      return `${percent(now)} of the rows in new names, ${percent(before)} by chance`;
    case "outside":
      return `${percent(now)} of the rows outside the reference's range`;
    default:
      return `${toldTest(test, told)} ${percent(before)} in the reference, ${percent(now)} now`;
  }
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

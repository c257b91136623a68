import Type from "typebox";
import type { Field } from "../field.ts";

const UNITS = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;
const PATTERN = `^\\d+ ?(${Object.keys(UNITS).join("|")})$`;

/** Bytes, written as a number or as `16MiB`. The bounds are written the same way. */
export function size(title: string, byDefault: string, least: string, most: string): Field<number> {
  const [minimum, maximum] = [parseSize(least)!, parseSize(most)!];
  return {
    schema: {
      ...Type.Unsafe<string | number>({ type: ["string", "integer"], pattern: PATTERN }),
      title,
      description: `a size from ${least} to ${most} such as ${byDefault}, or a whole number of bytes`,
      default: byDefault,
    },
    read: (given) => {
      const bytes = typeof given === "string" ? parseSize(given) : given;
      return Number.isInteger(bytes) && Number(bytes) >= minimum && Number(bytes) <= maximum
        ? Number(bytes)
        : undefined;
    },
    write: formatSize,
  };
}

function parseSize(text: string): number | null {
  const [, digits, unit] = /^(\d+) ?([A-Za-z]+)$/.exec(text) ?? [];
  if (unit === undefined || !Object.hasOwn(UNITS, unit)) return null;
  return Number(digits) * UNITS[unit as keyof typeof UNITS];
}

function formatSize(bytes: number): string | number {
  for (const unit of ["GiB", "MiB", "KiB"] as const) {
    if (bytes > 0 && bytes % UNITS[unit] === 0) return `${bytes / UNITS[unit]}${unit}`;
  }
  return bytes;
}

/** `--name=value` or `--name value`. */
export function flag(name: string): string | undefined {
  const args = process.argv.slice(2);
  for (const [i, arg] of args.entries()) {
    if (arg === `--${name}`) return args[i + 1] ?? "";
    if (arg.startsWith(`--${name}=`)) return arg.slice(name.length + 3);
  }
  return undefined;
}

export function numberFlag(name: string, byDefault: number): number {
  const given = flag(name);
  if (given === undefined) return byDefault;
  const value = Number(given);
  if (given === "" || !Number.isFinite(value)) throw new Error(`--${name}: ${JSON.stringify(given)} is not a number`);
  return value;
}

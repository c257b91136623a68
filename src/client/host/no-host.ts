/** Takes the place of node-host.ts in the build for edge runtimes (scripts/pack-client.mjs): no disk, no end of a process. */

export function nodeProcess(): undefined {
  return undefined;
}

export function environment(): Readonly<Record<string, string | undefined>> {
  return globalThis.process?.env ?? {};
}

export function loadNodeHost(): void {}

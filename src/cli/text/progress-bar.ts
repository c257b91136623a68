import { Presets, SingleBar } from "cli-progress";
import type { Edge } from "../edge.ts";

export interface ProgressBar {
  /** `done` of `total`; a new label starts the bar again. */
  show(label: string, done: number, total: number): void;
  end(): void;
}

/** Files smaller than this are read before a bar could be seen. */
const WORTH_A_BAR = 16 * 1024 * 1024;

/** On a terminal, for what takes a while; elsewhere nothing, so that logs stay clean. */
export function progressBar({ terminal }: Edge, bytes: number): ProgressBar {
  if (!terminal.err || bytes < WORTH_A_BAR) return { show: () => {}, end: () => {} };
  const bar = new SingleBar(
    {
      format: "{label} {bar} {percentage}% | {eta_formatted} left",
      hideCursor: true,
      clearOnComplete: true,
      stream: process.stderr,
    },
    Presets.shades_classic,
  );
  let current: string | null = null;
  return {
    show(label, done, total) {
      if (label === current) return bar.update(done);
      if (current !== null) bar.stop();
      current = label;
      bar.start(total, done, { label });
    },
    end() {
      if (current !== null) bar.stop();
    },
  };
}

export interface InstrumentSpec {
  readonly help: string;
  /** Upper bounds, ascending, without +Inf. */
  readonly buckets: readonly number[];
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;
const REPORTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000] as const;

/** The histograms about the agent itself; the body shows them with the prefix `sluice_`. */
export const INSTRUMENTS = {
  commit_duration_seconds: { help: "How long the store took to commit a batch.", buckets: SECONDS },
  commit_reports: { help: "Reports in a batch.", buckets: REPORTS },
  http_request_duration_seconds: { help: "How long HTTP requests took, by route.", buckets: SECONDS },
  scrape_duration_seconds: { help: "How long it took until a scrape had been read to its end.", buckets: SECONDS },
} as const satisfies Record<string, InstrumentSpec>;

export type InstrumentName = keyof typeof INSTRUMENTS;
export type DurationName = Extract<InstrumentName, `${string}_duration_seconds`>;
export const INSTRUMENT_NAMES = Object.keys(INSTRUMENTS) as InstrumentName[];

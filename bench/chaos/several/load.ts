/** Something that works on the agents all the time, and knows what it was told. */
export interface Load {
  /** What may not be, found since the last look. */
  readonly violations: string[];
  /** Marks of the reports that were acknowledged. */
  readonly acknowledged: readonly string[];
  /** How many ids those reports had. */
  readonly ids: number;
  start(): void;
  /** Nothing new is begun; resolves when all that was begun has its answer. */
  drain(): Promise<void>;
}

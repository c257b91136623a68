/** How much is simulated. */
export interface Plan {
  /** Reports of a feature that is cheap to draw; where rows are drawn and sorted, or names are many, part of them. */
  readonly reports: number;
  /** Only each so-many-th of the false alarms' cells. */
  readonly each_cell: number;
  readonly runs_of_200: number;
  readonly references: number;
  readonly reports_a_reference: number;
  /** Draws of a shape whose verdict is known. */
  readonly draws: number;
}

export const FULL: Plan = {
  reports: 1_000,
  each_cell: 1,
  runs_of_200: 600,
  references: 60,
  reports_a_reference: 60,
  draws: 20,
};

export const QUICK: Plan = {
  reports: 300,
  each_cell: 9,
  runs_of_200: 20,
  references: 20,
  reports_a_reference: 15,
  draws: 1,
};

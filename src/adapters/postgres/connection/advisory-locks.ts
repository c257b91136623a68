/**
 * Every advisory lock that is taken, each with a number of its own: two things under one number wait for each other. The numbers
 * mean nothing and are never used again for something else, since agents of two versions may lock at once.
 */
export const ADVISORY_LOCKS = {
  /** Migrations, for as long as they take. */
  migrations: 7_302_881_400,
  /** A month's partition of one table. */
  partitions: 7_302_881_401,
  /** The plan of what people are told. */
  notice_plan: 7_302_881_402,
  /** Who joins the agents on the database, and who of them tells the others. */
  agents: 7_302_881_403,
  /** Days of the SLA are added up to months, or forgotten. */
  sla_days: 7_302_881_415,
} as const;

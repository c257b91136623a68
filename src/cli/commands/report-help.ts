const OUTCOME = `
Says what became of it: "delivered" (stored by the agent), or that it is kept on disk and sent with the next report, by
this command or by a client of the same agent; both end with 0 (the second with 40 where --must-deliver is given). What
the agent refuses ends with 1, a wrong command line with 2.
`;

export const REPORT = `
Example, a run from start to end:
  export SLUICE_URL=http://127.0.0.1:9877
  sluice report run     orders_daily started --run-id 2026-11-20
  sluice report records orders_daily load 47500 --run-id 2026-11-20 --expected-min 10000
  sluice report quality orders_daily null_rate 0.999 --run-id 2026-11-20 --threshold 0.95
  sluice report run     orders_daily success --run-id 2026-11-20
`;

export const RUN = `${OUTCOME}
Examples:
  sluice report run orders_daily started --run-id 2026-11-20
  sluice report run orders_daily success --run-id 2026-11-20
  sluice report run orders_daily failed --run-id 2026-11-20 --attempt 2 --error "no rows" --will-retry
`;

export const RECORDS = `${OUTCOME}
Examples:
  sluice report records orders_daily extract 50000
  sluice report records orders_daily load "$(wc -l < out.ndjson)" --failed 12 --expected-min 10000
`;

export const QUALITY = `${OUTCOME}
Examples:
  sluice report quality orders_daily null_rate 0.999 --threshold 0.95
  sluice report quality orders_daily fx_rates null --error "the bank's service did not answer"
`;

export const LATENCY = `${OUTCOME}
Examples:
  sluice report latency rag_index 0.021 0.034
  sluice report latency orders_daily 1.7 --operation bulk_insert
`;

export const FRESHNESS = `${OUTCOME}
Examples:
  sluice report freshness orders_daily 2026-11-20T00:00:00Z
  sluice report freshness orders_daily "$(date -u -r out.parquet +%FT%TZ)" --dataset orders
`;

export const SCHEMA = `${OUTCOME}
Examples:
  sluice report schema orders_daily user_id=int64 amount=float64 --complete
  psql -Atc "select column_name || '=' || data_type from information_schema.columns where table_name = 'orders'
             order by ordinal_position" | xargs -d '\\n' sluice report schema orders_daily --complete
`;

export const DRIFT = `${OUTCOME}
Of a file each column is taken that has a reference at the agent (see sluice reference import). The agent has to answer for
that: where it is away, this ends with 40 and nothing was reported.

Examples:
  sluice report drift user_features today.parquet --run-id 2026-11-20
  sluice report drift user_features --counts age=80,180,350,250,140
`;

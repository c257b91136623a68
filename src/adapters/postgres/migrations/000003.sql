-- What the micro-batches of a stream add up to: a row for each feature and tumbling window [window_start, window_end).
-- Two lengths of window (the configuration was changed) are two rows.
CREATE TABLE drift_window (
  pipeline_id   integer NOT NULL,
  feature_id    integer NOT NULL,
  window_start  timestamptz NOT NULL,
  window_end    timestamptz NOT NULL,
  -- the end and the time that is given to late reports
  closes_at     timestamptz NOT NULL,
  -- whose bins the counts are on: in their order, then "other" (categories), then nulls
  reference_id  bigint NOT NULL,
  counts        double precision[] NOT NULL,
  -- rows that re-binning may have put on the wrong side of an edge; NULL: nothing was re-binned
  rebin_rows    double precision,
  -- the latest run (run_order) that brought rows
  run_key       bigint NOT NULL,
  -- rows in it when the last verdict was given; NULL: none was
  judged_rows   double precision,
  closed        boolean NOT NULL DEFAULT false,
  PRIMARY KEY (pipeline_id, feature_id, window_start, window_end)
) WITH (fillfactor = 70);
CREATE INDEX drift_window_open ON drift_window (closes_at, pipeline_id) WHERE NOT closed;
CREATE INDEX drift_window_by_end ON drift_window USING brin (window_end) WITH (autosummarize = on);

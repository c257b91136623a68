-- breaking
-- Runs are cut into attempts, and evidence stands in an attempt and a try (docs/runs.md). Nothing here rewrites a large table:
-- columns have constant defaults, and what version 0.1 stored of a run is read where it lies until the run is heard of again.

ALTER TABLE run
  -- what was reported of the run (domain/run-mark.ts), by time; NULL: stored by version 0.1, in run_outcome
  ADD COLUMN marks jsonb,
  -- attempts of which only the number is kept (domain/fold-marks.ts); NULL: none
  ADD COLUMN folded jsonb,
  -- when the first report of it arrived; NULL: not known
  ADD COLUMN heard_at timestamptz,
  ADD COLUMN logical_date timestamptz,
  -- the place of the latest attempt, from 1
  ADD COLUMN attempt_no integer NOT NULL DEFAULT 1,
  -- checks and features of this attempt and later ones speak, and counts from the other on (a day where no attempt is known)
  ADD COLUMN evidence_from integer NOT NULL DEFAULT 1,
  ADD COLUMN records_from integer NOT NULL DEFAULT 1,
  -- from when evidence that goes by time speaks; NULL: from the beginning
  ADD COLUMN evidence_since timestamptz,
  -- evidence came that is a repetition inside its attempt
  ADD COLUMN tried boolean NOT NULL DEFAULT false,
  -- of a run-less run: none of its evidence is later; and when the next one started while nobody had said how it ended
  ADD COLUMN last_at timestamptz,
  ADD COLUMN given_up_at timestamptz,
  -- it was reported without a run_id, which the agent gave it
  ADD COLUMN IF NOT EXISTS runless boolean NOT NULL DEFAULT false;

UPDATE run SET runless = true WHERE run_id ~ '^auto-[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}$' AND NOT runless;
CREATE INDEX run_runless ON run (pipeline_id, first_at, run_key) WHERE runless;
-- A run's place among the runs need not be the end of its data interval any more.
CREATE INDEX run_by_interval ON run (pipeline_id, data_interval_end) WHERE data_interval_end IS NOT NULL;

ALTER TABLE pipeline
  -- a run of it was reported with a run_id
  ADD COLUMN IF NOT EXISTS has_named_runs boolean NOT NULL DEFAULT false,
  -- the greatest `at` of evidence without a run_id that no run-less run holds; NULL: there is none
  ADD COLUMN IF NOT EXISTS last_loose_at timestamptz;
UPDATE pipeline p SET has_named_runs = true
 WHERE NOT has_named_runs
   AND EXISTS (SELECT FROM run r WHERE r.pipeline_id = p.pipeline_id AND NOT r.runless AND r.status <> 'unknown');

-- Evidence: `attempt` and `try` are what it says (0: nothing), attempt_no and try_no where it stands. Of one thing the greatest
-- (attempt_no, try_no) speaks.
ALTER TABLE run_records
  ADD COLUMN try integer NOT NULL DEFAULT 0,
  ADD COLUMN attempt_no integer NOT NULL DEFAULT 1,
  ADD COLUMN try_no integer NOT NULL DEFAULT 1,
  -- the least of the whole stage that was said, beside expected_min, which is of the part
  ADD COLUMN stage_expected_min bigint,
  -- the earliest and the latest `at` of its reports; NULL: stored by version 0.1
  ADD COLUMN first_at timestamptz,
  ADD COLUMN IF NOT EXISTS last_at timestamptz,
  DROP CONSTRAINT run_records_pkey,
  ADD PRIMARY KEY (run_key, stage_id, part_id, attempt, try, attempt_no);

ALTER TABLE run_check
  ADD COLUMN attempt integer NOT NULL DEFAULT 0,
  ADD COLUMN try integer NOT NULL DEFAULT 0,
  ADD COLUMN attempt_no integer NOT NULL DEFAULT 1,
  ADD COLUMN try_no integer NOT NULL DEFAULT 1,
  DROP CONSTRAINT run_check_pkey,
  ADD PRIMARY KEY (run_key, check_id, attempt, try);

ALTER TABLE run_feature
  ADD COLUMN attempt integer NOT NULL DEFAULT 0,
  ADD COLUMN try integer NOT NULL DEFAULT 0,
  ADD COLUMN attempt_no integer NOT NULL DEFAULT 1,
  ADD COLUMN try_no integer NOT NULL DEFAULT 1,
  -- NULL: of a verdict that was overtaken before it was known that another run brought what overtook it
  ALTER COLUMN histogram DROP NOT NULL,
  DROP CONSTRAINT run_feature_pkey,
  ADD PRIMARY KEY (run_key, feature_id, attempt, try);

-- A window may be of reports that no run brought.
ALTER TABLE drift_window ALTER COLUMN run_key DROP NOT NULL;

-- What the reports said themselves (NULL: nothing), so that a run that is cut late can be read again.
ALTER TABLE records_report
  ALTER COLUMN attempt DROP NOT NULL,
  ADD COLUMN try integer,
  ADD COLUMN stage_expected_min bigint;
CREATE INDEX records_report_by_run ON records_report (run_key);
ALTER TABLE quality_result
  ALTER COLUMN attempt DROP NOT NULL,
  ADD COLUMN try integer;
ALTER TABLE drift_result
  ADD COLUMN attempt integer,
  ADD COLUMN try integer;

-- A report that says no attempt reads as the first, as before.
CREATE OR REPLACE VIEW data_quality_sla AS
  SELECT p.pipeline_name, c.name AS check_name, q.score, q.threshold, q.passed, q.checked_at,
         q.recorded_at, r.run_id, coalesce(q.attempt, 1) AS attempt, q.severity, q.excluded
    FROM quality_result q
    JOIN pipeline p ON p.pipeline_id = q.pipeline_id
    JOIN name c ON c.name_id = q.check_id
    LEFT JOIN run r ON r.run_key = q.run_key
   WHERE q.score IS NOT NULL;

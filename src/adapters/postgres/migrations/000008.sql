-- Evidence that was reported without a run_id while no run-less run was open ("loose"), in pipelines whose runs have ids. Which
-- run it counts for is found when a gate is decided (domain/attach.ts), so that no order of arrival matters.
-- Such rows have no run_key; rows of before all have one, so the indexes begin empty.
CREATE INDEX quality_result_loose ON quality_result (pipeline_id, checked_at) WHERE run_key IS NULL;
CREATE INDEX drift_result_loose ON drift_result (pipeline_id, at) WHERE run_key IS NULL;

-- The latest verdict on a feature that has no run, with its whole histogram, so that it can become a reference.
CREATE TABLE loose_histogram (
  pipeline_id  integer NOT NULL,
  feature_id   integer NOT NULL,
  at           timestamptz NOT NULL,
  n_current    double precision NOT NULL,
  histogram    jsonb NOT NULL,
  PRIMARY KEY (pipeline_id, feature_id)
) WITH (fillfactor = 80);

-- The window may be of reports that no run brought.
ALTER TABLE drift_window ALTER COLUMN run_key DROP NOT NULL;

-- It was reported without a run_id, which the agent gave it.
ALTER TABLE run ADD COLUMN IF NOT EXISTS runless boolean NOT NULL DEFAULT false;
UPDATE run SET runless = true WHERE run_id ~ '^auto-[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}$' AND NOT runless;
CREATE INDEX run_by_pipeline_first_at ON run (pipeline_id, first_at) WHERE NOT runless;

ALTER TABLE pipeline
  -- a run was reported with a run_id: evidence without one opens no run-less run any more
  ADD COLUMN IF NOT EXISTS has_named_runs boolean NOT NULL DEFAULT false,
  -- the greatest `at` of loose evidence; NULL: there is none
  ADD COLUMN IF NOT EXISTS last_loose_at timestamptz,
  -- a data_through was ahead of its report
  ADD COLUMN had_data_ahead boolean NOT NULL DEFAULT false;
UPDATE pipeline p SET has_named_runs = true
 WHERE NOT has_named_runs AND EXISTS (SELECT FROM run r WHERE r.pipeline_id = p.pipeline_id AND NOT r.runless AND r.status <> 'unknown');

-- Run-less runs that nobody ends, opened by quality or drift beside runs with ids: what comes from now on is loose.
UPDATE run r SET given_up_at = now()
  FROM pipeline p
 WHERE p.has_named_runs AND p.open_run_key = r.run_key AND r.given_up_at IS NULL
   AND NOT EXISTS (SELECT FROM run_records c WHERE c.run_key = r.run_key)
   AND NOT EXISTS (SELECT FROM run_outcome o WHERE o.run_key = r.run_key);

-- The latest report about a dataset, by its `at`: what it said where that was ahead of it (then data_through is its `at`).
ALTER TABLE dataset_freshness
  ADD COLUMN reported_at timestamptz,
  ADD COLUMN ahead timestamptz;
ALTER TABLE run_freshness
  ADD COLUMN reported_at timestamptz,
  ADD COLUMN ahead timestamptz;
ALTER TABLE freshness_report ADD COLUMN ahead timestamptz;

-- Times from the future, which earlier versions took up to 26 hours ahead: nothing is true later than it was heard of.
UPDATE run_outcome SET at = least(at, now()), started_at = least(started_at, now()), finished_at = least(finished_at, now())
 WHERE at > now() + interval '5 minutes' OR started_at > now() + interval '5 minutes' OR finished_at > now() + interval '5 minutes';
UPDATE run SET started_at = least(started_at, now()), finished_at = least(finished_at, now()), first_at = least(first_at, now())
 WHERE started_at > now() + interval '5 minutes' OR finished_at > now() + interval '5 minutes';
UPDATE run SET run_order = now() WHERE run_order > now() + interval '5 minutes' AND data_interval_end IS NULL;
UPDATE pipeline
   SET last_success_at = least(last_success_at, now()), last_failure_at = least(last_failure_at, now())
 WHERE last_success_at > now() + interval '5 minutes' OR last_failure_at > now() + interval '5 minutes';
UPDATE dataset_freshness SET data_through = now() WHERE data_through > now() + interval '5 minutes';

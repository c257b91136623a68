-- Runs that are going on, oldest first: a gate with a longest duration asks for those of its pipeline. Few rows at any time,
-- whatever the number of runs.
CREATE INDEX run_going_on ON run (pipeline_id, (coalesce(started_at, first_at)))
  WHERE NOT ended AND status IN ('started', 'retrying');

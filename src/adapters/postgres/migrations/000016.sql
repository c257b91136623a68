-- What was refused of a run that nobody knows yet, by the name that it gives: it becomes the run's own (rejected_item) when the run comes.
CREATE TABLE early_rejection (
  pipeline_id integer NOT NULL,
  run_id      text COLLATE "C" NOT NULL,
  attempt     integer NOT NULL,
  kind        text COLLATE "C" NOT NULL,
  item        text COLLATE "C" NOT NULL,
  at          timestamptz NOT NULL,
  code        text NOT NULL,
  why         text NOT NULL,
  first_at    timestamptz NOT NULL,
  seen        uuid[] NOT NULL,
  PRIMARY KEY (pipeline_id, run_id, attempt, kind, item)
);

-- Read with the lock of the pipeline: only where it is set does a new run look for them.
ALTER TABLE pipeline ADD COLUMN has_early_rejections boolean NOT NULL DEFAULT false;

-- Items of reports that came and could not be used, and items that a client said it had to drop. Each stands for evidence
-- that nobody has judged, until an accepted report of the same item with a later or equal time ends it.
CREATE TABLE rejected_item (
  run_key   bigint NOT NULL,
  -- the attempt that was said; 0: none was, so that its time tells
  attempt   integer NOT NULL,
  -- run, records, quality, drift …; ?: unreadable
  kind      text COLLATE "C" NOT NULL,
  -- a status, a stage (with its part: stage/part), a check, a feature; ?: unreadable
  item      text COLLATE "C" NOT NULL,
  -- when it was true, at most when it first came
  at        timestamptz NOT NULL,
  code      text NOT NULL,
  why       text NOT NULL,
  first_at  timestamptz NOT NULL,
  -- hashes of the latest ids and contents that it came with: a resend changes nothing
  seen      uuid[] NOT NULL,
  PRIMARY KEY (run_key, attempt, kind, item)
) WITH (fillfactor = 70);

-- Until when counts were true: what ends a refused count. NULL: counted by an older agent.
ALTER TABLE run_records ADD COLUMN IF NOT EXISTS last_at timestamptz;

-- From when evidence speaks for the attempt that is judged; NULL: from the beginning.
ALTER TABLE run ADD COLUMN IF NOT EXISTS evidence_since timestamptz;

-- Why a feature is `errored`, and whether it is because it is of another kind than its reference.
ALTER TABLE run_feature ADD COLUMN detail text, ADD COLUMN retyped boolean;
ALTER TABLE drift_result ADD COLUMN detail text, ADD COLUMN retyped boolean;

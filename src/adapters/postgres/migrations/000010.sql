-- Which agent works on this database. There is one row, always. `fence` grows with each new holder and is the key: a commit locks
-- the row FOR KEY SHARE under its own number, which a heartbeat does not disturb and a new holder waits for.
CREATE TABLE agent_holder (
  fence         bigint PRIMARY KEY,
  one_row       boolean NOT NULL DEFAULT true UNIQUE CHECK (one_row),
  -- NULL: nobody holds it
  host          text,
  pid           integer,
  -- tells the process from later ones of the same number on the same machine
  process       text,
  since         timestamptz,
  heartbeat_at  timestamptz NOT NULL
) WITH (fillfactor = 50);
INSERT INTO agent_holder (fence, heartbeat_at) VALUES (0, '-infinity');

-- So that every list is answered from an index.
CREATE INDEX quality_result_by_time ON quality_result (checked_at, result_id);
CREATE INDEX quality_result_by_check ON quality_result (check_id, checked_at, result_id);
CREATE INDEX run_by_status ON run (status, run_order DESC, run_key DESC);
CREATE INDEX drift_result_trouble ON drift_result (at) WHERE verdict IN ('drifted', 'no_data');
CREATE INDEX gate_transition_blocked ON gate_transition (at) WHERE decision = 'block';
CREATE INDEX gate_override_by_time ON gate_override (created_at);
CREATE INDEX mute_standing ON mute (expires_at) WHERE ended_at IS NULL;
CREATE INDEX notice_by_state ON notice (state, seq);
CREATE INDEX notice_by_name ON notice USING gin (pipeline_names);

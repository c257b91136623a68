-- breaking
-- Several agents work on one database: an older one, which hears nothing of others, must not work beside them.

-- The agents that work. A commit locks the row of its agent FOR KEY SHARE under the number it was begun with, which a heartbeat does not
-- disturb; who takes the row away, or gives it another number, waits for that commit.
CREATE TABLE agent (
  agent_id      bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  fence         bigint NOT NULL UNIQUE,
  host          text NOT NULL,
  pid           integer NOT NULL,
  -- tells the process from later ones of the same number on the same machine
  process       text,
  since         timestamptz NOT NULL,
  heartbeat_at  timestamptz NOT NULL,
  -- whether every commit under this number tells the others
  tells         boolean NOT NULL,
  -- the policies of its file: a hash of policy_set
  policies      text COLLATE "C"
) WITH (fillfactor = 50);
CREATE SEQUENCE agent_fence OWNED BY agent.fence;

-- Policies that agents have loaded: of those that agents work with, the one that was first seen last holds for all.
CREATE TABLE policy_set (
  hash           text COLLATE "C" PRIMARY KEY,
  content        json NOT NULL,
  first_seen_at  timestamptz NOT NULL
);

-- What the others have to hear of a commit. `xid` tells which rows an agent has read: those that its last snapshot saw.
CREATE TABLE change (
  change_id  bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  agent_id   bigint NOT NULL,
  xid        xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  what       json NOT NULL
);
CREATE INDEX change_by_xid ON change (xid);

-- Among the agents one holds the lease: it does what only one may do.
ALTER TABLE agent_holder ADD COLUMN agent_id bigint;

-- Time may decide these otherwise.
CREATE INDEX gate_by_valid_until ON gate (valid_until) WHERE valid_until IS NOT NULL;

-- What is wrong with each pipeline now. Messages are the difference between this and what a channel was told (notice_member).
CREATE TABLE notice_trouble (
  pipeline_id  integer PRIMARY KEY,
  open         boolean NOT NULL,
  -- domain/notice.ts: Trouble
  trouble      jsonb NOT NULL,
  -- when it last opened and when it last closed
  opened_at    timestamptz NOT NULL,
  closed_at    timestamptz,
  -- when it opened or closed lately, the newest last
  flips        timestamptz[] NOT NULL,
  -- grows with every change, so that a plan that was made of an older state is not taken for the last word
  revision     bigint NOT NULL,
  -- when there may be something to say; NULL: not before something changes
  look_at      timestamptz
) WITH (fillfactor = 60);
CREATE INDEX notice_trouble_due ON notice_trouble (look_at) WHERE look_at IS NOT NULL;

-- A conversation: the first message about one or more troubles, what follows it, and its end.
CREATE TABLE notice_thread (
  thread_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  channel      text COLLATE "C" NOT NULL,
  -- the first reason of its troubles
  code         text NOT NULL,
  grouped      boolean NOT NULL,
  opened_at    timestamptz NOT NULL,
  last_at      timestamptz NOT NULL,
  closed_at    timestamptz,
  -- where the channel keeps its first message, as the channel wants to be told
  ref          jsonb
);
CREATE INDEX notice_thread_recent ON notice_thread (channel, opened_at);

-- What a channel was told of a pipeline, for as long as its thread may go on.
CREATE TABLE notice_member (
  channel      text COLLATE "C" NOT NULL,
  pipeline_id  integer NOT NULL,
  thread_id    bigint NOT NULL,
  -- domain/notice.ts: Told
  told         jsonb NOT NULL,
  told_at      timestamptz NOT NULL,
  PRIMARY KEY (channel, pipeline_id)
) WITH (fillfactor = 70);
CREATE INDEX notice_member_by_thread ON notice_member (thread_id);

-- The outbox: one row a message and channel. It is pending until the channel has taken it (sent), or it is given up (dead).
CREATE TABLE notice (
  notice_id        uuid PRIMARY KEY,
  seq              bigint GENERATED ALWAYS AS IDENTITY,
  kind             text NOT NULL,
  channel          text COLLATE "C" NOT NULL,
  thread_id        bigint,
  -- NULL: it is about several, or none
  pipeline_id      integer,
  pipeline_names   text[] COLLATE "C" NOT NULL,
  code             text,
  severity         text NOT NULL,
  title            text NOT NULL,
  message          jsonb NOT NULL,
  -- the same thing is said once, whoever says it; NULL: it is not said twice anyway
  once             text COLLATE "C" UNIQUE,
  state            text NOT NULL,
  created_at       timestamptz NOT NULL,
  next_attempt_at  timestamptz NOT NULL,
  -- from then on one that fails is dead
  give_up_at       timestamptz NOT NULL,
  -- somebody is sending it, and is thought dead after this
  leased_until     timestamptz,
  lease            uuid,
  attempts         integer NOT NULL DEFAULT 0,
  sent_at          timestamptz,
  last_error       text
) WITH (fillfactor = 80);
CREATE INDEX notice_by_seq ON notice (seq);
CREATE INDEX notice_by_pipeline ON notice (pipeline_id, seq);
CREATE INDEX notice_pending ON notice (channel, next_attempt_at, seq) WHERE state = 'pending';
CREATE INDEX notice_pending_of_thread ON notice (thread_id, seq) WHERE state = 'pending';

export const ABOUT = `Sluice watches data pipelines: they report runs, counts and quality to it, and it answers whether to go on.
Without a command it starts the agent.`;

export const SERVE = `
The agent needs no configuration. What it takes from the environment:

  SLUICE_LISTEN          address and port (127.0.0.1:9877; other than loopback needs an API key)
  SLUICE_DATA_DIR        where the embedded Postgres keeps its data (./sluice-data)
  DATABASE_URL           a Postgres server, 15 or newer, instead of the embedded one
  REDIS_URL              a Redis server, for several agents on one database
  SLUICE_CONFIG          the YAML file with everything else (./sluice.yaml if it is there)
  SLUICE_API_KEYS_FILE   API keys, as "sluice keys create --file" writes them
  SLUICE_LOG_LEVEL       debug, info, warn or error (info)

DATABASE_URL and REDIS_URL can also be given as files: DATABASE_URL_FILE=/run/secrets/database_url.
"sluice config check" shows what is in force. SIGTERM or Ctrl-C stops the agent: it finishes what it has taken.
`;

export const KEYS_CREATE = `
Roles:
  report         write reports; read the gates and references of its pipelines
  read           read everything
  reference      set drift references
  operate        override gates, invalidate runs, mute notices, set schedules
  alertmanager   send Alertmanager's webhook
  admin          everything

Example:
  sluice keys create --name orders-etl --role report --pipelines 'orders_*' --file keys.yaml
`;

export const CONFIG_SCHEMA = `
Editors check sluice.yaml with it as you type. In its first line:
  # yaml-language-server: $schema=./sluice.schema.json
`;

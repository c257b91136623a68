export const ABOUT = `Sluice watches data pipelines: they report runs, counts and quality to it, and it answers whether to go on.
Without a command it starts the agent.`;

export const OVERVIEW = `
In a pipeline:   sluice exec orders_daily -- ./etl.sh
Before the next: sluice gate orders_daily --on-unreachable block && ./publish.sh
To look:         sluice sla orders_daily

Clients find the agent by SLUICE_URL and SLUICE_API_KEY. "sluice COMMAND --help" has examples.
`;

export const SERVE = `
The agent needs no configuration. What it takes from the environment:

  SLUICE_LISTEN          address and port (127.0.0.1:9877; other than loopback needs an API key)
  SLUICE_DATA_DIR        where the embedded Postgres keeps its data (./sluice-data)
  DATABASE_URL           a Postgres server, 15 or newer, instead of the embedded one
  SLUICE_CONFIG          the YAML file with everything else (./sluice.yaml if it is there)
  SLUICE_API_KEYS_FILE   API keys, as "sluice keys create --file" writes them
  SLUICE_LOG_LEVEL       debug, info, warn or error (info)
  SLUICE_SHUTDOWN_DELAY  how long it still answers after SIGTERM while /readyz says 503 (0s)

DATABASE_URL can also be given as a file: DATABASE_URL_FILE=/run/secrets/database_url.
"sluice config check" shows what is in force. SIGTERM or Ctrl-C stops the agent: it finishes what it has taken.
`;

export const KEYS_CREATE = `
Roles:
  report         write reports; read the gates and references of its pipelines
  read           read everything
  reference      set drift references
  operate        override gates, invalidate runs, mute notices
  alertmanager   send Alertmanager's webhook
  admin          everything

Examples:
  sluice keys create --name orders-etl --role report --pipelines 'orders_*' --file keys.yaml
  sluice keys create --name grafana --role read --json | jq -r .key
`;

export const CONFIG_SCHEMA = `
Editors check sluice.yaml with it as you type. In its first line:
  # yaml-language-server: $schema=./sluice.schema.json

Example:
  sluice config schema > sluice.schema.json
`;

export const CONFIG_CHECK = `
Examples:
  sluice config check
  SLUICE_CONFIG=/etc/sluice.yaml sluice config check --json | jq .config.retention
`;

export const KEYS_LIST = `
Example:
  SLUICE_API_KEYS_FILE=keys.yaml sluice keys list
`;

export const MIGRATE = `
Example, before a new version is rolled out:
  DATABASE_URL=postgres://sluice@db/sluice sluice migrate
`;

export const DOCTOR = `
Run it where the agent runs, with the agent's environment; where only clients run it looks at what they need.
Ends with 1 when something is wrong, with 0 when all is well or only worth a look.

Examples:
  sluice doctor
  SLUICE_URL=https://sluice.example.com sluice doctor --json | jq '.checks[] | select(.state != "ok")'
`;

export const VERSION = `
Example:
  sluice version --json
`;

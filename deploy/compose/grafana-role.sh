#!/bin/sh
# Run once by PostgreSQL's image, in the new database: what Grafana reads with. It cannot write.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set password="$(cat "${SECRETS:-/run/secrets}/grafana_role_password")" <<'SQL'
CREATE ROLE sluice_grafana LOGIN PASSWORD :'password';
GRANT USAGE ON SCHEMA public TO sluice_grafana;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO sluice_grafana;
SQL

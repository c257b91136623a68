/**
 * Shapes in which credentials stand in the output of programs, with what must not be seen of each. None is real; each is put
 * together here, so that no scanner of repositories takes it for one.
 */
export interface Shape {
  text: string;
  secret: string;
}

const LETTERS = "Zq3xW9vK2mP8sT5rB7nD4fH6";
const HEX = "9f86d081884c7d659a2feaa0c55ad015";
const glue = (...parts: string[]) => parts.join("");
const shape = (text: string, secret: string): Shape => ({ text: text.replaceAll("%", secret), secret });

export const CORPUS: readonly Shape[] = [
  shape("password=%", "hunter2-plain"),
  shape("PGPASSWORD=% psql -h db", "hunter2-pg"),
  shape("mysql: MYSQL_PWD=%", "hunter2-mysql"),
  shape("DB_PASS=%", "hunter2-dbpass"),
  shape('{"user": "etl", "password": "%"}', "hunter2 in json"),
  shape("environ({'WAREHOUSE_PASSWORD': '%', 'HOME': '/root'})", "hunter2-environ"),
  shape("connect(host='db', password='%')", "hunter2-kwargs"),
  shape("passphrase: %", "hunter2-phrase"),
  shape("sqlplus --password %", "hunter2-flag"),
  shape("tool --db-password=% --verbose", "hunter2-flag-eq"),
  shape("Server=db;User Id=etl;Pwd=%;Encrypt=yes", "hunter2-odbc"),
  shape("ALTER USER etl IDENTIFIED BY '%'", "hunter2 identified"),
  shape("CREATE ROLE etl WITH PASSWORD '%'", "hunter2 role"),
  shape("postgresql://etl:%@db:5432/shop", "hunter2-url"),
  shape("amqp://etl:%@mq/vhost", "hunter2/with@signs"),
  shape("redis://:%@cache:6379/0", "hunter2-redis"),
  shape("fatal: could not read https://%@git.example.com/etl.git", `${LETTERS}tokenuser`),
  shape("token=%", "t0ken-plain"),
  shape("access_token: %", "t0ken-colon"),
  shape('"refreshToken":"%"', "t0ken-camel"),
  shape("GET /export?api_key=%&limit=5 403", "k3y-query"),
  shape("https://blob.example.net/c?sv=2024&sig=%&se=2026", "abc%2Fdef%3D"),
  shape("AWS_SECRET_ACCESS_KEY=%", glue("wJalrXUtn", "FEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")),
  shape("aws_session_token = %", `IQoJ${LETTERS}//////`),
  shape("using key % in eu-west-1", glue("AKIA", "IOSFODNN7EXAMPLE")),
  shape("AccountKey=%;EndpointSuffix=core.windows.net", "abcDEF123+/=="),
  shape("client_secret='%'", "cl1ent-secret"),
  shape("> Authorization: Bearer %", `bearer.${LETTERS}`),
  shape("-H 'Authorization: Basic %'", "ZXRsOmh1bnRlcjI="),
  shape("{'Authorization': 'Token %'}", HEX),
  shape("Cookie: session=%; theme=dark", `c00kie${LETTERS}`),
  shape("x-api-key: %", "x-k3y-header"),
  shape("sent to https://hooks.slack.com/services/%", glue("T00000000/", "B00000000/", LETTERS)),
  shape("slack_sdk: %", glue("xox", "b-123456789012-", LETTERS)),
  shape("app token %", glue("xapp", "-1-A0000000000-", LETTERS)),
  shape("remote: % is not allowed", glue("gh", "p_", LETTERS, LETTERS)),
  shape("gitlab % expired", glue("glpat", "-", LETTERS)),
  shape("openai: Incorrect API key provided: %", glue("sk", "-proj-", LETTERS)),
  shape("stripe.error: Invalid API Key: %", glue("sk", "_live_", LETTERS)),
  shape("google: % is disabled", glue("AI", "zaSy", LETTERS, LETTERS)),
  shape("ya29 %", glue("ya", "29.", LETTERS)),
  shape("jwt % has expired", glue("ey", "JhbGciOiJIUzI1NiJ9.ey", "JzdWIiOiIxMjM0In0.", LETTERS)),
  shape("sendgrid %", glue("S", "G.", LETTERS, ".", LETTERS)),
  shape("vault login %", glue("hv", "s.", LETTERS, LETTERS)),
  shape("databricks %", glue("da", "pi", HEX)),
  shape("twilio %", glue("S", "K", HEX)),
  shape("telegram bot %", glue("123456789", ":AA", LETTERS, LETTERS)),
  shape("sluice key %", glue("sluice", "_", LETTERS, LETTERS)),
  shape("-----BEGIN RSA PRIVATE KEY-----\n%\n-----END RSA PRIVATE KEY-----", `MIIEpAIBAAKCAQEA${LETTERS}`),
  shape("-----BEGIN OPENSSH PRIVATE KEY-----\n%", `b3BlbnNzaC1rZXkt${LETTERS}`),
];

/** Lines that only sound like one: they must stay readable. */
export const INNOCENT: readonly string[] = [
  "prompt_tokens: 4210",
  "tokens=5000 in 3 batches",
  "primary key: order_id",
  "key=orders/2026-11-20.parquet",
  "KeyError: 'password'",
  'FATAL: password authentication failed for user "etl"',
  "author=anna",
  "pass: 12 of 13 tests",
  "Basic checks of the data failed",
  "bypass=1",
  "signature mismatch: expected 3 arguments",
  "scheduled__2026-11-20T02:00:00+00:00",
];

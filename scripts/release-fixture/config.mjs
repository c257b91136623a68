/** The configuration of the agent that fills the store; HOOK_PORT receives its notices. */
export const CONFIG = `
retention: 3660d
metrics:
  birth_hold: 0s
aliases:
  orders: orders_daily
drift:
  features:
    - {pipeline_name: clicks, feature_name: dwell, window: 1h}
gate:
  policies:
    - {pipeline_name: mart, depends_on: [orders_daily]}
    - {pipeline_name: "clicks", run: off}
alertmanager:
  repeat_interval: 4h
notices:
  group_wait: 0s
  channels:
    - {name: hook, type: webhook, url: "http://127.0.0.1:HOOK_PORT/"}
  routes: []
`;

-- The same content for etcd, a key a report: arguments PIPELINES, a prefix of four hexadecimal digits that makes ids
-- and runs of this measurement its own.
package.path = "bench/load/?.lua;" .. package.path
local result, ids, base64 = require("result"), require("ids"), require("base64")
local pipelines, prefix, count = 1000, "8000", 0
local headers = { ["Content-Type"] = "application/json" }
local RUN = 20

function init(args) pipelines, prefix = tonumber(args[1] or pipelines), args[2] or prefix end

function request()
  count = count + 1
  local turn = math.floor(count / pipelines)
  local id = ids.next(prefix, count)
  local report = string.format(
    '{"pipeline_name":"pipeline_%04d","run_id":"%s-%d","id":"%s","at":%d,"check_name":"check_%d","score":0.%d,"threshold":0.8}',
    count % pipelines, prefix, math.floor(turn / RUN), id, os.time(), turn % 5, 70 + count % 30)
  local body = string.format('{"key":"%s","value":"%s"}', base64.encode(id), base64.encode(report))
  return wrk.format("POST", "/v3/kv/put", headers, body)
end

function done(summary, latency) result.print(summary, latency) end

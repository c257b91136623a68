-- The same content for InfluxDB 1, a point a request: arguments DATABASE, PIPELINES, a prefix of four hexadecimal
-- digits that makes runs of this measurement its own.
package.path = "bench/load/?.lua;" .. package.path
local result, ids = require("result"), require("ids")
local database, pipelines, prefix, count = "bench", 1000, "8000", 0
local RUN = 20

function init(args)
  database, pipelines, prefix = args[1] or database, tonumber(args[2] or pipelines), args[3] or prefix
end

function request()
  count = count + 1
  local turn = math.floor(count / pipelines)
  -- The count in the nanoseconds: a point with the time of another one would replace it.
  local body = string.format(
    'data_quality,pipeline_name=pipeline_%04d,check_name=check_%d score=0.%d,threshold=0.8,run_id="%s-%d",id="%s" %d%09d',
    count % pipelines, turn % 5, 70 + count % 30, prefix, math.floor(turn / RUN), ids.next(prefix, count), os.time(), count)
  return wrk.format("POST", "/write?db=" .. database, nil, body)
end

function done(summary, latency) result.print(summary, latency) end

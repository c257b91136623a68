-- The same content for a Pushgateway: argument PIPELINES; each is a group.
package.path = "bench/load/?.lua;" .. package.path
local result = require("result")
local pipelines, count = 1000, 0

function init(args) pipelines = tonumber(args[1] or pipelines) end

function request()
  count = count + 1
  local check = math.floor(count / pipelines) % 5
  local body = string.format(
    '# TYPE data_quality_score gauge\ndata_quality_score{check_name="check_%d"} 0.%d\n' ..
    '# TYPE data_quality_threshold gauge\ndata_quality_threshold{check_name="check_%d"} 0.8\n',
    check, 70 + count % 30, check)
  return wrk.format("POST", string.format("/metrics/job/pipeline_%04d", count % pipelines), nil, body)
end

function done(summary, latency) result.print(summary, latency) end

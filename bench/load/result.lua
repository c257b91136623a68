-- Shared by the load scripts: prints what wrk measured as one line of JSON.
local result = {}

function result.print(summary, latency)
  local e = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"errors":%d,"microseconds":%d,"p50":%d,"p99":%d}\n',
    summary.requests, e.connect + e.read + e.write + e.status + e.timeout, summary.duration,
    latency:percentile(50), latency:percentile(99)))
end

return result

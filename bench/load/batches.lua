-- Batches: arguments KIND (quality, mixed), ITEMS, PIPELINES, a prefix of four hexadecimal digits from 8000
-- to bfff that makes ids and runs of this measurement its own.
package.path = "bench/load/?.lua;" .. package.path
local result, ids = require("result"), require("ids")
local kind, items, pipelines, prefix, count = "quality", 1000, 1000, "8000", 0
local headers = { ["Content-Type"] = "application/json" }

-- A pipeline has one run for every RUN reports of it.
local RUN = 20

function init(args)
  kind, items = args[1] or kind, tonumber(args[2] or items)
  pipelines, prefix = tonumber(args[3] or pipelines), args[4] or prefix
end

local function content(turn)
  -- Of 20 reports of a mixed batch: 12 quality, 5 records, 2 latency, 1 freshness.
  local place = kind == "mixed" and count % 20 or 0
  if place < 12 then
    return string.format('"kind":"quality","check_name":"check_%d","score":0.%d,"threshold":0.8', turn % 5, 70 + count % 30)
  elseif place < 17 then
    return string.format('"kind":"records","stage":"stage_%d","count":%d,"failed":%d', turn % 3, 1000 + count % 1000, count % 7)
  elseif place < 19 then
    return string.format('"kind":"latency","seconds":0.0%d', 10 + count % 90)
  end
  return string.format('"kind":"freshness","data_through":%d', os.time() - count % 3600)
end

function request()
  local parts = {}
  local now = os.time()
  for i = 1, items do
    count = count + 1
    local turn = math.floor(count / pipelines)
    parts[i] = string.format(
      '{"pipeline_name":"pipeline_%04d","run_id":"%s-%d","id":"%s","at":%d,%s}',
      count % pipelines, prefix, math.floor(turn / RUN), ids.next(prefix, count), now, content(turn))
  end
  return wrk.format("POST", "/v1/reports", headers, "[" .. table.concat(parts, ",") .. "]")
end

function done(summary, latency) result.print(summary, latency) end

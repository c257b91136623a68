-- Single reports: arguments KIND (quality, records, run), PIPELINES, a prefix of four hexadecimal digits from
-- 8000 to bfff that makes ids and runs of this measurement its own.
package.path = "bench/load/?.lua;" .. package.path
local result, ids = require("result"), require("ids")
local kind, pipelines, prefix, count = "quality", 1000, "8000", 0
local headers = { ["Content-Type"] = "application/json" }
local paths = { quality = "/v1/quality", records = "/v1/records", run = "/v1/runs" }

-- A pipeline has one run for every RUN reports of it.
local RUN = 20

function init(args)
  kind, pipelines, prefix = args[1] or kind, tonumber(args[2] or pipelines), args[3] or prefix
end

local function content(turn)
  if kind == "quality" then
    return string.format('"check_name":"check_%d","score":0.%d,"threshold":0.8', turn % 5, 70 + count % 30)
  elseif kind == "records" then
    return string.format('"stage":"stage_%d","count":%d,"failed":%d', turn % 3, 1000 + count % 1000, count % 7)
  end
  local status = turn % 2 == 0 and "started" or "success"
  return string.format('"status":"%s"', status)
end

function request()
  count = count + 1
  local pipeline = count % pipelines
  local turn = math.floor(count / pipelines)
  local run = kind == "run" and math.floor(turn / 2) or math.floor(turn / RUN)
  local body = string.format(
    '{"pipeline_name":"pipeline_%04d","run_id":"%s-%d","id":"%s","at":%d,%s}',
    pipeline, prefix, run, ids.next(prefix, count), os.time(), content(turn))
  return wrk.format("POST", paths[kind], headers, body)
end

function done(summary, latency) result.print(summary, latency) end

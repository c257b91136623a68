-- GETs spread over many pipelines: arguments PATH, in which %05d becomes a number, and PIPELINES.
package.path = "bench/load/?.lua;" .. package.path
local result = require("result")
local path, pipelines, count = "/", 1, 0

-- Coprime to every round number of pipelines: each is asked once in a round, in no order that a cache could like.
local STEP = 7919

function init(args) path, pipelines = args[1] or path, tonumber(args[2] or pipelines) end

function request()
  count = count + 1
  return wrk.format("GET", string.format(path, count * STEP % pipelines))
end

function done(summary, latency) result.print(summary, latency) end

-- Report ids as SDKs make them: UUIDv7, which begin with the time. The prefix of a measurement makes them its own.
local ids = {}

function ids.next(prefix, count)
  local ms = os.time() * 1000 + count % 1000
  return string.format("%08x-%04x-7%03x-%s-%012x", math.floor(ms / 65536), ms % 65536, count % 4096, prefix, count)
end

return ids

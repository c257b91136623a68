-- Base64 with padding.
local base64 = {}
local ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

-- Twelve bits at a time: two characters by one look-up.
local PAIRS = {}
for i = 0, 4095 do
  local high, low = math.floor(i / 64), i % 64
  PAIRS[i] = ALPHABET:sub(high + 1, high + 1) .. ALPHABET:sub(low + 1, low + 1)
end

function base64.encode(text)
  local parts, missing = {}, (3 - #text % 3) % 3
  local padded = text .. string.rep("\0", missing)
  for i = 1, #padded, 3 do
    local a, b, c = padded:byte(i, i + 2)
    local bits = a * 65536 + b * 256 + c
    parts[#parts + 1] = PAIRS[math.floor(bits / 4096)]
    parts[#parts + 1] = PAIRS[bits % 4096]
  end
  local encoded = table.concat(parts)
  return missing == 0 and encoded or encoded:sub(1, -missing - 1) .. string.rep("=", missing)
end

return base64

/**
 * Semaphores, in Lua:
 *
 * - `semaphore:<name>`: how many permits there are, how many of them are taken, the last place in line, and when it was
 *   looked last for those of sessions that are gone.
 * - `held:<name>`: the weight of each permit that is out, by its session and number.
 * - `line:<name>`: who waits, by priority. A place is `<weight>:<session>:<number>`, behind a count that keeps the order
 *   within one priority.
 */
export const semaphoreFunctions = `
  local function field(name, of, otherwise)
    return tonumber(call("HGET", key("semaphore", name), of) or otherwise)
  end

  local function grant(name, session, n, weight)
    call("HINCRBY", key("semaphore", name), "taken", weight)
    call("HSET", key("held", name), session .. ":" .. n, weight)
    call("HSET", key("permits", session), n, name)
    call("PEXPIRE", key("permits", session), hour)
    return '"granted",' .. string.format("%.0f", call("INCR", base .. ":tokens"))
  end

  local function giveBack(name, session, n)
    local held, holder = key("held", name), session .. ":" .. n
    local weight = call("HGET", held, holder)
    call("HDEL", key("permits", session), n)
    if not weight then return end
    call("HDEL", held, holder)
    call("HINCRBY", key("semaphore", name), "taken", -weight)
  end

  -- Who is next; those whose session is gone are not.
  local function first(name)
    local line = key("line", name)
    while true do
      local found = call("ZRANGE", line, 0, 0, "WITHSCORES")
      if not found[1] then return end
      local session, n = whoIs(found[1])
      if isAlive(session) then
        return found[1], tonumber(found[2]), session, n, tonumber(string.match(found[1], "^%d+:(%d+)"))
      end
      call("ZREM", line, found[1])
      forget(session, n)
    end
  end

  -- Forgets a name that nobody uses, where the next one who asks makes the same of it.
  local function tidy(name)
    local unused = field(name, "taken", 0) == 0 and field(name, "permits", 1) == 1
    if unused and call("EXISTS", key("line", name)) == 0 then call("DEL", key("semaphore", name)) end
    for _, kind in ipairs({ "semaphore", "held", "line" }) do call("PEXPIRE", key(kind, name), month) end
  end

  -- Hands free permits over to those who are next, until the first who wants more than there is.
  local function serve(name)
    while true do
      local place, _, session, n, weight = first(name)
      if not place or field(name, "taken", 0) + weight > field(name, "permits", 1) then break end
      call("ZREM", key("line", name), place)
      tell(session, n, grant(name, session, n, weight))
    end
    tidy(name)
  end

  -- Takes back the permits of sessions that are gone; looks no more than twice a second.
  local function sweep(name)
    local time = call("TIME")
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    if now - field(name, "swept", 0) >= 500 then
      call("HSET", key("semaphore", name), "swept", now)
      local held, alive = call("HKEYS", key("held", name)), {}
      for _, holder in ipairs(held) do
        local session, n = whoIs(holder)
        if alive[session] == nil then alive[session] = isAlive(session) end
        if not alive[session] then giveBack(name, session, n) end
      end
    end
    serve(name)
  end

  -- The last one who says how many permits there are counts. Nobody's is taken away; who waits for more than that is refused.
  local function declarePermits(name, permits)
    if permits == "" or tonumber(permits) == field(name, "permits", 1) then return end
    call("HSET", key("semaphore", name), "permits", permits)
    for _, place in ipairs(call("ZRANGE", key("line", name), 0, -1)) do
      local weight = string.match(place, "^%d+:(%d+)")
      if tonumber(weight) > tonumber(permits) then
        call("ZREM", key("line", name), place)
        local session, n = whoIs(place)
        tell(session, n, '"heavy",' .. permits)
      end
    end
    serve(name)
  end

  -- Only a higher priority passes those who wait, and has a lower score.
  local function isFree(name, weight, score)
    if field(name, "taken", 0) + weight > field(name, "permits", 1) then return false end
    local place, lowest = first(name)
    return not place or score < lowest
  end

  local function acquire(session, n, name, permits, weight, score, waits)
    declarePermits(name, permits)
    local most = field(name, "permits", 1)
    if weight > most then return '"heavy",' .. most end
    if not isFree(name, weight, score) then sweep(name) end
    if isFree(name, weight, score) then
      local answer = remember(session, n, grant(name, session, n, weight))
      tidy(name)
      return answer
    end
    if not waits then return '"not now"' end
    local count = call("HINCRBY", key("semaphore", name), "places", 1)
    local place = string.format("%016d:%d:%s:%s", count, weight, session, n)
    call("ZADD", key("line", name), score, place)
    tidy(name)
    return wait(session, n, "line " .. place .. " " .. name)
  end

  local function inspectSemaphore(name)
    sweep(name)
    local weights = {}
    for _, place in ipairs(call("ZRANGE", key("line", name), 0, -1)) do
      if isAlive(whoIs(place)) then weights[#weights + 1] = string.match(place, "^%d+:(%d+)") end
    end
    local counts = field(name, "permits", 1) .. "," .. field(name, "taken", 0)
    return '"semaphore",' .. counts .. ",[" .. table.concat(weights, ",") .. "]"
  end
`;

/**
 * Semaphores, in Lua:
 *
 * - `semaphore:<name>`: how many permits there are and how many of them are taken, the last place in line, when it was looked
 *   last for those of sessions that are gone; and of each permit that is out, by its session and number, its weight and its
 *   fencing token.
 * - `line:<name>`: who waits, by priority. A place is `<count>:<weight>:<session>:<number>`; the count keeps the order within
 *   one priority.
 */
export const semaphoreFunctions = `
  -- How many permits there are, how many are taken, and something else.
  local function look(name, also)
    local found = call("HMGET", key("semaphore", name), "permits", "taken", also)
    return tonumber(found[1] or 1), tonumber(found[2] or 0), found[3]
  end

  local function granted(token) return '"granted",' .. token end

  local function grant(name, session, n, weight, taken)
    local token = string.format("%.0f", call("INCR", base .. ":tokens"))
    local semaphore, holder = key("semaphore", name), session .. ":" .. n
    call("HSET", semaphore, "taken", taken + weight, holder, weight .. ":" .. token)
    if taken == 0 then call("PEXPIRE", semaphore, month) end
    call("HSET", key("session", session), "p" .. n, name)
    return granted(token)
  end

  -- True when somebody may be served now. A name that nobody uses is forgotten, where the next one who asks makes the same of it.
  local function giveBack(name, session, n)
    local semaphore, holder = key("semaphore", name), session .. ":" .. n
    call("HDEL", key("session", session), "p" .. n)
    local most, taken, held = look(name, holder)
    if not held then return false end
    local left = taken - string.match(held, "^%d+")
    if left == 0 and most == 1 and call("EXISTS", key("line", name)) == 0 then
      call("DEL", semaphore)
      return false
    end
    call("HDEL", semaphore, holder)
    call("HSET", semaphore, "taken", left)
    return true
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

  -- Hands free permits over to those who are next, until the first who wants more than there is.
  local function serve(name)
    while true do
      local place, _, session, n, weight = first(name)
      local most, taken = look(name, "swept")
      if not place and taken == 0 and most == 1 then call("DEL", key("semaphore", name)) end
      if not place or taken + weight > most then return end
      call("ZREM", key("line", name), place)
      tell(session, n, grant(name, session, n, weight, taken))
    end
  end

  -- Takes back the permits of sessions that are gone; looks no more than twice a second.
  local function sweep(name)
    local semaphore, time = key("semaphore", name), call("TIME")
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    if now - tonumber(call("HGET", semaphore, "swept") or 0) >= 500 then
      call("HSET", semaphore, "swept", now)
      local alive = {}
      for _, holder in ipairs(call("HKEYS", semaphore)) do
        local session, n = whoIs(holder)
        if session and alive[session] == nil then alive[session] = isAlive(session) end
        if session and not alive[session] then giveBack(name, session, n) end
      end
    end
    call("PEXPIRE", semaphore, month)
    call("PEXPIRE", key("line", name), month)
    serve(name)
  end

  -- The last one who says how many permits there are counts. Nobody's is taken away; who waits for more than that is refused.
  local function declarePermits(name, permits)
    if permits == "" or tonumber(permits) == look(name, "swept") then return end
    call("HSET", key("semaphore", name), "permits", permits)
    call("PEXPIRE", key("semaphore", name), month)
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
  local function isFree(name, weight, score, most, taken)
    if taken + weight > most then return false end
    local place, lowest = first(name)
    return not place or score < lowest
  end

  local function acquire(session, n, name, permits, weight, score, waits)
    declarePermits(name, permits)
    local most, taken, held = look(name, session .. ":" .. n)
    if held then return granted(string.match(held, "%d+$")) end
    if weight > most then return '"heavy",' .. most end
    local free = isFree(name, weight, score, most, taken)
    if not free then
      sweep(name)
      most, taken = look(name, "swept")
      free = isFree(name, weight, score, most, taken)
    end
    if free then return grant(name, session, n, weight, taken) end
    if not waits then return '"not now"' end
    local line, count = key("line", name), call("HINCRBY", key("semaphore", name), "places", 1)
    local place = string.format("%016d:%d:%s:%s", count, weight, session, n)
    call("ZADD", line, score, place)
    call("PEXPIRE", line, month)
    return wait(session, n, "line", place, name)
  end

  local function inspectSemaphore(name)
    sweep(name)
    local weights = {}
    for _, place in ipairs(call("ZRANGE", key("line", name), 0, -1)) do
      if isAlive(whoIs(place)) then weights[#weights + 1] = string.match(place, "^%d+:(%d+)") end
    end
    local most, taken = look(name, "swept")
    return '"semaphore",' .. most .. "," .. taken .. ",[" .. table.concat(weights, ",") .. "]"
  end
`;

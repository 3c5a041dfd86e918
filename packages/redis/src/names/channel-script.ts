/**
 * Channels, in Lua:
 *
 * - `channel:<name>`: its capacity and what it does when it is full, once somebody has said that; whether it is closed, and
 *   the error that it was closed with.
 * - `values:<name>`: the values in its buffer, as JSON.
 * - `senders:<name>`, `receivers:<name>`: who waits, as `<session>:<number>`.
 * - `sending:<name>`: the values of those senders.
 */
export const channelFunctions = `
  local function touchChannel(name)
    for _, kind in ipairs({ "channel", "values", "senders", "receivers", "sending" }) do
      call("PEXPIRE", key(kind, name), month)
    end
  end

  -- Whoever makes a key says how long it lives; who uses it says so again with each beat.
  local function push(how, kind, name, value)
    if call(how, key(kind, name), value) == 1 then call("PEXPIRE", key(kind, name), month) end
  end

  -- Whether somebody waits on a side, once those are gone whose session is.
  local function isAwaited(name, side)
    while true do
      local place = call("LINDEX", key(side, name), 0)
      if not place then return false end
      local session, n = whoIs(place)
      if isAlive(session) then return true end
      forget(session, n)
      call("LPOP", key(side, name))
      call("HDEL", key("sending", name), place)
    end
  end

  local function hand(name, value)
    if not isAwaited(name, "receivers") then return false end
    local session, n = whoIs(call("LPOP", key("receivers", name)))
    tell(session, n, '"value",' .. value)
    return true
  end

  -- The value of the sender that has waited longest.
  local function takeSent(name)
    if not isAwaited(name, "senders") then return nil end
    local place = call("LPOP", key("senders", name))
    local value = call("HGET", key("sending", name), place)
    call("HDEL", key("sending", name), place)
    local session, n = whoIs(place)
    tell(session, n, '"done"')
    return value
  end

  -- Lets those go on who wait for room, as far as there is room.
  local function admit(name, capacity)
    while isAwaited(name, "receivers") or call("LLEN", key("values", name)) < capacity do
      local value = takeSent(name)
      if not value then return end
      if not hand(name, value) then push("RPUSH", "values", name, value) end
    end
  end

  local function sizeOf(capacity) return capacity == "inf" and math.huge or tonumber(capacity) end

  -- What a channel is, once this was said of it. *Errors*: where somebody has said before that it is something else.
  local function channelOf(name, capacity, overflow)
    local said = call("HMGET", key("channel", name), "capacity", "overflow", "closed", "error")
    if capacity ~= "" and said[1] and (said[1] ~= capacity or said[2] ~= overflow) then
      return nil, '"other","' .. said[1] .. '","' .. said[2] .. '"'
    end
    if capacity ~= "" and not said[1] then
      said[1], said[2] = capacity, overflow
      call("HSET", key("channel", name), "capacity", capacity, "overflow", overflow)
      call("PEXPIRE", key("channel", name), month)
      admit(name, sizeOf(capacity))
    end
    local size = sizeOf(said[1] or "0")
    return { capacity = size, overflow = said[2] or "block", closed = said[3], error = said[4] }
  end

  local function send(session, n, name, channel, value, waits)
    local done = '"done"'
    if channel.closed then return '"closed",' .. (channel.error or "null") end
    if hand(name, value) then return remember(session, n, done) end
    local isRoom = channel.capacity > 0 and call("LLEN", key("values", name)) < channel.capacity
    if not isRoom and channel.overflow == "drop-newest" then return remember(session, n, done) end
    if isRoom or channel.overflow == "drop-oldest" then
      push("RPUSH", "values", name, value)
      if not isRoom then call("LPOP", key("values", name)) end
      return remember(session, n, done)
    end
    if not waits then return '"not now"' end
    if channel.overflow == "error" then return '"full",' .. channel.capacity end
    local place = session .. ":" .. n
    push("RPUSH", "senders", name, place)
    call("HSET", key("sending", name), place, value)
    call("PEXPIRE", key("sending", name), month)
    return wait(session, n, "senders", place, name)
  end

  local function theEnd(err) return err and '"end",' .. err or '"end"' end

  local function receive(session, n, name, channel, waits)
    local value = call("LPOP", key("values", name))
    if value then admit(name, channel.capacity) else value = takeSent(name) end
    if value then return remember(session, n, '"value",' .. value) end
    if channel.closed then return theEnd(channel.error) end
    if not waits then return '"not now"' end
    local place = session .. ":" .. n
    push("RPUSH", "receivers", name, place)
    return wait(session, n, "receivers", place, name)
  end

  -- A value that was received by nobody is the next one again.
  local function putBack(name, session, n)
    local answer = call("HGET", key("session", session), n)
    if not answer or string.sub(answer, 1, 8) ~= '"value",' then return end
    forget(session, n)
    local value = string.sub(answer, 9)
    if not hand(name, value) then push("LPUSH", "values", name, value) end
  end

  local function close(name, err)
    if call("HSETNX", key("channel", name), "closed", 1) == 0 then return end
    if err ~= "" then call("HSET", key("channel", name), "error", err) end
    call("PEXPIRE", key("channel", name), month)
    while isAwaited(name, "receivers") do
      local session, n = whoIs(call("LPOP", key("receivers", name)))
      tell(session, n, theEnd(err ~= "" and err))
    end
  end

  local function count(name, side)
    local many = 0
    for _, place in ipairs(call("LRANGE", key(side, name), 0, -1)) do
      if isAlive(whoIs(place)) then many = many + 1 end
    end
    return many
  end

  local function inspectChannel(name)
    local channel = channelOf(name, "", "")
    local capacity = channel.capacity == math.huge and '"inf"' or channel.capacity
    local counts = { capacity, call("LLEN", key("values", name)), count(name, "senders"), count(name, "receivers") }
    return '"channel",' .. table.concat(counts, ",") .. "," .. (channel.closed and "true" or "false")
  end
`;

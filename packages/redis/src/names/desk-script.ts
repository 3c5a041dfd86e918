import { channelFunctions } from "./channel-script.ts";
import { semaphoreFunctions } from "./semaphore-script.ts";

/**
 * All that Redis is asked about names, in Lua: each question is one step, so that nothing is seen half done.
 *
 * Who asks is a session of a desk, as `<desk>.<number>`. As long as it lives, its key `alive` is renewed; what a session
 * without one holds or waits for counts as given back. Under the base are:
 *
 * - `alive:<session>`: the lease of all that it has.
 * - `waits:<session>`: where each question stands in line that was not answered yet, by its number.
 * - `permits:<session>`: of which semaphore each permit is, by the number of the question that it was granted to.
 * - `answered:<session>`: answers until the desk has acknowledged them. ioredis asks again where a connection broke before the
 *   answer; then it is given again, and nothing is done twice.
 * - `answers:<desk>`: a stream of those that had to wait.
 * - `tokens`: the last fencing token.
 *
 * An answer is what stands in the brackets of a JSON array: its kind, and what goes with it.
 */
const commonFunctions = `
  local call, base = redis.call, KEYS[1]
  local hour, month, streamLife = 3600000, 2592000000, 300000

  local function key(kind, name) return base .. ":" .. kind .. ":" .. name end

  local function isAlive(session) return call("EXISTS", key("alive", session)) == 1 end

  -- Somebody waits no more, whose session is gone.
  local function forget(session, n) call("HDEL", key("waits", session), n) end

  -- A place in a line ends with the session and the number of who stands there.
  local function whoIs(place) return string.match(place, "([^:]+):(%d+)$") end

  local function remember(session, n, answer)
    local answered = key("answered", session)
    call("HSET", answered, n, answer)
    call("PEXPIRE", answered, hour)
    return answer
  end

  local function wait(session, n, line)
    local waits = key("waits", session)
    call("HSET", waits, n, line)
    call("PEXPIRE", waits, hour)
    return '"waits"'
  end

  -- Answers somebody who has waited.
  local function tell(session, n, answer)
    call("HDEL", key("waits", session), n)
    remember(session, n, answer)
    local stream = key("answers", string.match(session, "^[^.]+"))
    call("XADD", stream, "*", "w", session, "f", "[[" .. n .. "," .. answer .. "]]")
    if call("PTTL", stream) < 0 then call("PEXPIRE", stream, streamLife) end
  end
`;

const sessionFunctions = `
  -- Takes somebody out of the line; what they gave away meanwhile is not asked for any more.
  local function leave(session, n)
    local line = call("HGET", key("waits", session), n)
    if not line then return call("HGET", key("answered", session), n) or '"left"' end
    call("HDEL", key("waits", session), n)
    local kind, place, name = string.match(line, "^(%a+) (%S+) (.*)$")
    if kind == "line" then
      call("ZREM", key("line", name), place)
      serve(name)
    else
      call("LREM", key(kind, name), 1, place)
      call("HDEL", key("sending", name), place)
    end
    return '"left"'
  end

  -- Ends a session, and begins another one. Gives what it was told and has not acknowledged; values go back to their channels
  -- that nobody waits for any more: pairs of numbers and names.
  local function renew(session, nextSession, lease, pairsAt)
    call("DEL", key("alive", session))
    local waits = call("HGETALL", key("waits", session))
    for i = 1, #waits, 2 do leave(session, waits[i]) end
    local permits = call("HGETALL", key("permits", session))
    for i = 1, #permits, 2 do
      giveBack(permits[i + 1], session, permits[i])
      serve(permits[i + 1])
    end
    for i = pairsAt, #ARGV, 2 do putBack(ARGV[i + 1], session, ARGV[i]) end
    local answered, unseen = call("HGETALL", key("answered", session)), {}
    for i = 1, #answered, 2 do unseen[#unseen + 1] = "[" .. answered[i] .. "," .. answered[i + 1] .. "]" end
    call("DEL", key("waits", session), key("permits", session), key("answered", session))
    if nextSession ~= "" then call("SET", key("alive", nextSession), 1, "PX", lease)
    else call("DEL", key("answers", string.match(session, "^[^.]+"))) end
    return '"unseen",[' .. table.concat(unseen, ",") .. "]"
  end

  -- Renews the lease, takes back what could not be given back before, and looks after the names that it uses: kinds and
  -- names. Gives the numbers of permits that are none any more.
  local function beat(session, lease, permits, returned, namesAt)
    call("PEXPIRE", key("alive", session), lease)
    for _, kind in ipairs({ "waits", "permits", "answered" }) do call("PEXPIRE", key(kind, session), hour) end
    for n in string.gmatch(returned, "%d+") do
      local name = call("HGET", key("permits", session), n)
      if name then giveBack(name, session, n) serve(name) end
    end
    local lost = {}
    for n in string.gmatch(permits, "%d+") do
      if call("HEXISTS", key("permits", session), n) == 0 then lost[#lost + 1] = n end
    end
    for i = namesAt, #ARGV, 2 do
      if ARGV[i] == "semaphore" then sweep(ARGV[i + 1]) else touch(ARGV[i + 1]) end
    end
    return '"lost",[' .. table.concat(lost, ",") .. "]"
  end
`;

const questions = `
  local ask, session, n = ARGV[1], ARGV[2], ARGV[3]
  for seen in string.gmatch(ARGV[4], "%d+") do call("HDEL", key("answered", session), seen) end

  if ask == "open" then
    call("SET", key("alive", session), 1, "PX", ARGV[5])
    return '"done"'
  end
  if ask == "renew" then return renew(session, ARGV[5], ARGV[6], 7) end
  if not isAlive(session) then return '"gone"' end
  if ask == "beat" then return beat(session, ARGV[5], ARGV[6], ARGV[7], 8) end
  if ask == "leave" then return leave(session, n) end

  local known = call("HGET", key("answered", session), n)
  if known and ask ~= "putBack" then return known end
  if call("HEXISTS", key("waits", session), n) == 1 then return '"waits"' end

  local name = ARGV[5]
  if ask == "putBack" then putBack(name, session, n)
  elseif ask == "release" then
    giveBack(name, session, ARGV[6])
    serve(name)
  elseif ask == "acquire" then
    return acquire(session, n, name, ARGV[6], tonumber(ARGV[7]), tonumber(ARGV[8]), ARGV[9] == "1")
  elseif ask == "permits" then declarePermits(name, ARGV[6])
  elseif ask == "semaphore" then return inspectSemaphore(name)
  elseif ask == "channel" then return inspectChannel(name)
  else
    local refusal = declareChannel(name, ARGV[6], ARGV[7])
    if refusal then return refusal end
    if ask == "send" then return send(session, n, name, ARGV[8], ARGV[9] == "1") end
    if ask == "receive" then return receive(session, n, name, ARGV[8] == "1") end
    if ask == "close" then close(name, ARGV[8]) end
  end
  return '"done"'
`;

/** The script. `KEYS`: the base. `ARGV`: the question, the session, the number, what was seen, and what belongs to the question. */
export const deskScript: string = [
  commonFunctions,
  semaphoreFunctions,
  channelFunctions,
  sessionFunctions,
  questions,
].join("");

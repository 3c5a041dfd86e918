import { channelFunctions } from "./channel-script.ts";
import { semaphoreFunctions } from "./semaphore-script.ts";

/**
 * All that Redis is asked about names, in Lua: each question is one step, so that nothing is seen half done.
 *
 * Who asks is a session of a desk, as `<desk>.<number>`. As long as it lives, its key `alive` is renewed; what a session
 * without one holds or waits for counts as given back. Under the base are:
 *
 * - `alive:<session>`: the lease of all that it has.
 * - `session:<session>`: under the number of a question, where it stands in line, as `waits <line> <place> <name>`, or its answer
 *   until the desk has seen it: ioredis asks again where a connection broke before the answer; then it is given again, and
 *   nothing is done twice. Under `p<number>`, of which semaphore it was granted a permit.
 * - `answers:<desk>`: a stream of the answers to those that had to wait.
 * - `tokens`: the last fencing token.
 *
 * An answer is what stands in the brackets of a JSON array: its kind, and what goes with it.
 */
const commonFunctions = `
  local call, base = redis.call, KEYS[1]
  local hour, month, streamLife = 3600000, 2592000000, 300000

  local function key(kind, name) return base .. ":" .. kind .. ":" .. name end

  local function isAlive(session) return call("EXISTS", key("alive", session)) == 1 end

  -- A place in a line ends with the session and the number of who stands there.
  local function whoIs(place) return string.match(place, "([^:]+):(%d+)$") end

  local function remember(session, n, answer)
    call("HSET", key("session", session), n, answer)
    return answer
  end

  -- Somebody waits no more, whose session is gone.
  local function forget(session, n) call("HDEL", key("session", session), n) end

  local function wait(session, n, line, place, name)
    call("HSET", key("session", session), n, "waits " .. line .. " " .. place .. " " .. name)
    return '"waits"'
  end

  -- Answers somebody who has waited.
  local function tell(session, n, answer)
    remember(session, n, answer)
    local stream = key("answers", string.match(session, "^[^.]+"))
    call("XADD", stream, "*", "w", session, "f", "[[" .. n .. "," .. answer .. "]]")
    if call("PTTL", stream) < 0 then call("PEXPIRE", stream, streamLife) end
  end
`;

const sessionFunctions = `
  -- Takes somebody out of the line they stand in, unless they were answered.
  local function leave(session, n)
    local known = call("HGET", key("session", session), n)
    local line, place, name = string.match(known or "", "^waits (%a+) (%S+) (.*)$")
    if not line then return known or '"left"' end
    forget(session, n)
    if line == "line" then
      call("ZREM", key("line", name), place)
      serve(name)
    else
      call("LREM", key(line, name), 1, place)
      call("HDEL", key("sending", name), place)
    end
    return '"left"'
  end

  local function open(session, lease)
    call("SET", key("alive", session), 1, "PX", lease)
    -- It is there from the beginning, so that its life is known.
    call("HSET", key("session", session), "0", "")
    call("PEXPIRE", key("session", session), hour)
  end

  -- Ends a session, and begins another one. Gives what it was told and has not seen, also when it is asked once more; values
  -- go back to their channels that nobody waits for any more: pairs of numbers and names.
  local function renew(session, nextSession, lease, pairsAt)
    call("DEL", key("alive", session))
    for i = pairsAt, #ARGV, 2 do putBack(ARGV[i + 1], session, ARGV[i]) end
    local all, unseen = call("HGETALL", key("session", session)), {}
    for i = 1, #all, 2 do
      if string.sub(all[i + 1], 1, 6) == "waits " then leave(session, all[i]) end
    end
    for i = 1, #all, 2 do
      local number, is = all[i], all[i + 1]
      local permit = string.match(number, "^p(%d+)$")
      if permit then
        if giveBack(is, session, permit) then serve(is) end
      elseif is ~= "" and string.sub(is, 1, 6) ~= "waits " then
        unseen[#unseen + 1] = "[" .. number .. "," .. is .. "]"
      end
    end
    if nextSession ~= "" then open(nextSession, lease)
    else call("DEL", key("session", session), key("answers", string.match(session, "^[^.]+"))) end
    return '"unseen",[' .. table.concat(unseen, ",") .. "]"
  end

  -- Renews the lease, takes back what could not be given back before, and looks after the names that it uses: kinds and
  -- names. Gives the numbers of permits that are none any more, and of those that should stand in a line and are unknown.
  local function beat(session, lease, permits, returned, standing, namesAt)
    call("PEXPIRE", key("alive", session), lease)
    call("PEXPIRE", key("session", session), hour)
    for n in string.gmatch(returned, "%d+") do
      local name = call("HGET", key("session", session), "p" .. n)
      if name and giveBack(name, session, n) then serve(name) end
    end
    local lost, unknown = {}, {}
    for n in string.gmatch(permits, "%d+") do
      if call("HEXISTS", key("session", session), "p" .. n) == 0 then lost[#lost + 1] = n end
    end
    for n in string.gmatch(standing, "%d+") do
      if call("HEXISTS", key("session", session), n) == 0 then unknown[#unknown + 1] = n end
    end
    for i = namesAt, #ARGV, 2 do
      if ARGV[i] == "semaphore" then sweep(ARGV[i + 1]) else touchChannel(ARGV[i + 1]) end
    end
    return '"lost",[' .. table.concat(lost, ",") .. "],[" .. table.concat(unknown, ",") .. "]"
  end
`;

/** What every question begins with. */
const beginning = `
  local ask, session, n, seen = ARGV[1], ARGV[2], ARGV[3], {}
  for number in string.gmatch(ARGV[4], "%d+") do seen[#seen + 1] = number end
  if #seen > 0 then call("HDEL", key("session", session), unpack(seen)) end
`;

/** What was answered before, or waits already. */
const knownAnswer = `
  local known = call("HGET", key("session", session), n)
  if known then return string.sub(known, 1, 6) == "waits " and '"waits"' or known end
`;

/** `KEYS`: the base. `ARGV`: the question, the session, the number, what was seen, and what belongs to the question. */
export type DeskScript = "session" | "semaphore" | "channel";

/** The scripts. Redis makes all functions of one anew for each question, so that each has no more than it needs. */
export const deskScripts: Readonly<Record<DeskScript, string>> = {
  session: `
    ${commonFunctions}${semaphoreFunctions}${channelFunctions}${sessionFunctions}${beginning}
    if ask == "open" then
      open(session, ARGV[5])
      return '"done"'
    end
    if ask == "renew" then return renew(session, ARGV[5], ARGV[6], 7) end
    if not isAlive(session) then return '"gone"' end
    if ask == "leave" then return leave(session, n) end
    return beat(session, ARGV[5], ARGV[6], ARGV[7], ARGV[8], 9)
  `,
  semaphore: `
    ${commonFunctions}${semaphoreFunctions}${beginning}
    if not isAlive(session) then return '"gone"' end
    local name = ARGV[5]
    if ask == "acquire" then
      ${knownAnswer}
      return acquire(session, n, name, ARGV[6], tonumber(ARGV[7]), tonumber(ARGV[8]), ARGV[9] == "1")
    end
    if ask == "semaphore" then return inspectSemaphore(name) end
    if ask == "permits" then declarePermits(name, ARGV[6])
    elseif giveBack(name, session, ARGV[6]) then serve(name) end
    return '"done"'
  `,
  channel: `
    ${commonFunctions}${channelFunctions}${beginning}
    local name = ARGV[5]
    -- Also what a session was told that has ended.
    if ask == "putBack" then
      putBack(name, session, n)
      return '"done"'
    end
    if not isAlive(session) then return '"gone"' end
    if ask == "channel" then return inspectChannel(name) end
    ${knownAnswer}
    local channel, refusal = channelOf(name, ARGV[6], ARGV[7])
    if refusal then return refusal end
    if ask == "send" then return send(session, n, name, channel, ARGV[8], ARGV[9] == "1") end
    if ask == "receive" then return receive(session, n, name, channel, ARGV[8] == "1") end
    if ask == "close" then close(name, ARGV[8]) end
    return '"done"'
  `,
};

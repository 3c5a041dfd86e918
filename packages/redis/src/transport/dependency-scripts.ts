/**
 * What Redis is asked of dependencies, each in one step: an end in between would be told to nobody.
 *
 * `needs:<job>` says of each job that it waits for how that ended: nothing yet, `r` for a result, or the error as it is kept.
 * `dependents:<job>` is who waits for it.
 */

/** A function in Lua: of what is kept of a job, how it ended. The first match is the frame's: quotes in a name are escaped. */
export const endOf: string = `
  local function endOf(kept)
    if string.match(kept, '"frame":%["(%a)"') == "r" then return "r" end
    return kept
  end
`;

/** Another one: whether nothing keeps a job from being looked at again, where a worker has put it aside. */
const isOpen = `
  local function isOpen(needs)
    if redis.call("HGET", needs, "aside") ~= "1" then return false end
    local all = redis.call("HGETALL", needs)
    local open = true
    for i = 1, #all, 2 do
      if all[i] ~= "aside" and all[i + 1] == "" then open = false end
      if all[i] ~= "aside" and all[i + 1] ~= "" and all[i + 1] ~= "r" then return true end
    end
    return open
  end
`;

// KEYS: its needs. ARGV: the job, milliseconds, the prefixes of needs, dependents and kept, the jobs it waits for.
// Gives the number of one that waits for the job itself, directly or through others.
export const registerScript: string = `
  ${endOf}
  local job, life = ARGV[1], ARGV[2]
  for i = 6, #ARGV do
    local seen, queue = { [ARGV[i]] = true }, { ARGV[i] }
    while #queue > 0 and #queue < 10000 do
      local one = table.remove(queue)
      if one == job then return i - 5 end
      local all = redis.call("HGETALL", ARGV[3] .. one)
      for n = 1, #all, 2 do
        if all[n + 1] == "" and not seen[all[n]] then
          seen[all[n]] = true
          queue[#queue + 1] = all[n]
        end
      end
    end
  end
  for i = 6, #ARGV do
    local one = ARGV[i]
    if redis.call("HEXISTS", KEYS[1], one) == 0 then
      local kept = redis.call("GET", ARGV[5] .. one)
      redis.call("HSET", KEYS[1], one, kept and endOf(kept) or "")
      if not kept then
        redis.call("SADD", ARGV[4] .. one, job)
        redis.call("PEXPIRE", ARGV[4] .. one, life)
      end
    end
  end
  redis.call("PEXPIRE", KEYS[1], life)
  return 0
`;

// KEYS: its needs. ARGV: the job, milliseconds, the prefixes of dependents, kept and jobs, the jobs it waits for.
// Gives a state and a text for each: what was kept is looked for as well, in case that nobody has told of it.
export const lookScript: string = `
  ${endOf}
  local states = {}
  for i = 6, #ARGV do
    local one = ARGV[i]
    local ended = redis.call("HGET", KEYS[1], one)
    if not ended or ended == "" then
      local kept = redis.call("GET", ARGV[4] .. one)
      ended = kept and endOf(kept) or ""
      redis.call("HSET", KEYS[1], one, ended)
    end
    local state, text = "completed", ""
    if ended == "" then
      local found = redis.call("HMGET", ARGV[5] .. one, "name", "finishedOn", "failedReason")
      if not found[1] then state = "unknown"
      elseif found[2] then state, text = "dead", found[3] or ""
      else
        state = "pending"
        redis.call("SADD", ARGV[3] .. one, ARGV[1])
        redis.call("PEXPIRE", ARGV[3] .. one, ARGV[2])
      end
    elseif ended ~= "r" then state, text = "failed", ended end
    states[#states + 1] = { state, text }
  end
  redis.call("PEXPIRE", KEYS[1], ARGV[2])
  return states
`;

// KEYS: who depends on it. ARGV: the prefix of needs, whether it is gone. Gives who is to be looked at again.
export const wakeScript: string = `
  ${isOpen}
  local woken = {}
  for _, job in ipairs(redis.call("SMEMBERS", KEYS[1])) do
    local needs = ARGV[1] .. job
    if isOpen(needs) or (ARGV[2] == "1" and redis.call("HGET", needs, "aside") == "1") then woken[#woken + 1] = job end
  end
  redis.call("DEL", KEYS[1])
  return woken
`;

// KEYS: the job's needs. True when there is nothing left to wait for.
export const openScript: string = `
  ${isOpen}
  return isOpen(KEYS[1])
`;

"""The limiter's two scripts, in Lua, since Redis runs a script as one step that no other worker interrupts.

Times are milliseconds. Kinds of limits are numbers: 1 minute, 2 day, 3 concurrent, 4 app (`KINDS`).

Two bounds on what may be sent now are kept for the minute, and the larger one counts, since both are safe:

* own count: the limit less the calls of the last 60 seconds. A call counts from when it is sent until 60 seconds after
  its answer, so that no window of the other side, whenever it starts, sees more calls than the limit (X 10.5).
* `allow`: what the other side last reported as remaining, less every call that may not have been counted in it: those
  that overlapped with the one that brought the report, and those sent since.

Where the other side reports less than own counting explains, somebody else calls too: `foreign` is that part.
"""

from typing import Final

KINDS: Final = {1: "minute", 2: "day", 3: "concurrent", 4: "app"}

_COMMON: Final = """
local MINUTE, HOUR, DAY, PERIOD = 60000, 3600000, 86400000, 120000
local now, slot = tonumber(ARGV[1]), ARGV[2]
local function call(...) return redis.call(...) end

local function state_of(key)
  local flat, found = call('HGETALL', key), {}
  for i = 1, #flat, 2 do found[flat[i]] = tonumber(flat[i + 1]) end
  return found
end

local function counted(done, flight, since)
  return call('ZCOUNT', done, '(' .. since, '+inf') + call('ZCARD', flight)
end

-- The limit as the other side states it; else the most that it reported to remain lately, and the call that said so.
local function limit_of(state, limit)
  if state.limit or limit <= 0 then return state.limit or limit end
  local period = math.floor(now / PERIOD)
  if state.top_at == period and state.top_before then return math.max(state.top, state.top_before) + 1 end
  return state.top_at == period - 1 and state.top + 1 or limit
end

-- A tier of Xero's (X 10.1) that fits the most that was seen to remain.
local function day_size(state, per_day)
  local top = state.day_top
  if not top then return per_day end
  if per_day >= top and per_day <= 5000 and not (top <= 1000 and per_day > 1000) then return per_day end
  if top <= 1000 then return 1000 end
  return math.max(top, 5000)
end
"""

#: What may be sent now; shared by the scripts that take a slot and that only look.
_COUNTING: Final = """
local HELD, ANSWERED_BY, KEPT, PLENTY = 55000, 35000, 120000, 1e9

-- Slots of killed workers are free again; their calls count on, as if answered when a call times out.
local function sweep(done, flight)
  local lost = call('ZRANGEBYSCORE', flight, '-inf', now - HELD, 'WITHSCORES')
  for i = 1, #lost, 2 do
    call('ZREM', flight, lost[i])
    call('ZADD', done, tonumber(lost[i + 1]) + ANSWERED_BY, lost[i])
  end
  call('ZREMRANGEBYSCORE', done, '-inf', now - KEPT)
end

local function foreign_of(state)
  return state.foreign and now < state.foreign_at + MINUTE and state.foreign or 0
end

local function room(key, state, done, flight, limit)
  limit = limit_of(state, limit)
  if state.reset and now >= state.reset then
    -- The window that the other side named is over: the new one is whole, but for what is under way.
    state.allow, state.allow_at, state.foreign = limit - call('ZCARD', flight), now, nil
    call('HSET', key, 'allow', state.allow, 'allow_at', now)
    call('HDEL', key, 'reset', 'foreign')
    state.reset = nil
  end
  local allow = state.allow and now < state.allow_at + MINUTE and state.allow or nil
  if limit <= 0 then return allow or PLENTY end
  local own = limit - counted(done, flight, now - MINUTE) - foreign_of(state)
  return allow and math.max(own, allow) or own
end
"""

#: KEYS: state, done, flight, app's state, app's done, app's flight, app's firms.
#: ARGV: now, slot, per minute, at once, per day, reserve (thousandths), app per minute, firm.
#: Gives {0, sequence, overlap, app's sequence, app's overlap} or {kind, until}.
ACQUIRE: Final = (
    _COMMON
    + _COUNTING
    + """
local per_minute, at_once, per_day = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local reserve, app_limit, firm = tonumber(ARGV[6]) / 1000, tonumber(ARGV[7]), ARGV[8]
-- When one call may go: the window that the other side named is over, or the own count lets one through.
local function opens(state, done, flight, limit)
  limit = limit_of(state, limit)
  if limit <= 0 then return state.reset or now + MINUTE end
  local foreign = foreign_of(state)
  local needed = counted(done, flight, now - MINUTE) + foreign - limit + 1
  local function nth(n)
    if n < 1 then return now end
    local row = call('ZRANGEBYSCORE', done, '(' .. (now - MINUTE), '+inf', 'WITHSCORES', 'LIMIT', n - 1, 1)
    return row[2] and tonumber(row[2]) + MINUTE
  end
  local without, with = nth(needed), foreign > 0 and nth(needed - foreign)
  local both = with and math.max(with, state.foreign_at + MINUTE)
  local own = without and both and math.min(without, both) or without or both
  return own and state.reset and math.min(own, state.reset) or own or state.reset or now + 1000
end

local state, app = state_of(KEYS[1]), state_of(KEYS[4])
sweep(KEYS[2], KEYS[3])
if (state.blocked or 0) > now then return {state.blocked_kind, state.blocked} end
if (app.blocked or 0) > now then return {4, app.blocked} end

if state.day_start and now >= state.day_start + DAY then
  for _, field in ipairs({'day_left', 'day_start', 'day_seen', 'day_top', 'day_at'}) do
    state[field] = nil
    call('HDEL', KEYS[1], field)
  end
end
local left = state.day_left or (per_day > 0 and per_day) or nil
if left then
  local spare = left - math.floor(day_size(state, per_day) * reserve)
  -- Where nobody knows when the day ends, one call an hour asks.
  local ask = left < 1 and not state.day_start and now >= (state.day_at or now) + HOUR
  if spare < 1 and not ask then return {2, state.day_start and state.day_start + DAY or now + HOUR} end
end

if room(KEYS[1], state, KEYS[2], KEYS[3], per_minute) < 1 then
  return {1, opens(state, KEYS[2], KEYS[3], per_minute)}
end
local held = call('ZCARD', KEYS[3])
if at_once > 0 and held >= at_once then return {3, now + 1000} end

local app_sequence, app_overlap = 0, 0
if app_limit > 0 then
  sweep(KEYS[5], KEYS[6])
  call('ZREMRANGEBYSCORE', KEYS[7], '-inf', now - MINUTE)
  local app_room = room(KEYS[4], app, KEYS[5], KEYS[6], app_limit)
  if app_room < 1 then return {4, opens(app, KEYS[5], KEYS[6], app_limit)} end
  if app_room < app_limit / 5 then
    -- Little is left: a firm goes on only below its even share.
    local others = call('ZCARD', KEYS[7]) - (call('ZSCORE', KEYS[7], firm) and 1 or 0)
    if counted(KEYS[2], KEYS[3], now - MINUTE) >= math.floor(app_limit / (others + 1)) then
      local first = call('ZRANGEBYSCORE', KEYS[2], '(' .. (now - MINUTE), '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
      return {4, first[2] and tonumber(first[2]) + MINUTE or now + 1000}
    end
  end
  app_overlap = call('ZCARD', KEYS[6])
  app_sequence = call('HINCRBY', KEYS[4], 'sequence', 1)
  if app.allow then call('HINCRBY', KEYS[4], 'allow', -1) end
  call('ZADD', KEYS[6], now, slot)
  call('ZADD', KEYS[7], now, firm)
  for i = 4, 7 do call('PEXPIRE', KEYS[i], 2 * DAY) end
end

local sequence = call('HINCRBY', KEYS[1], 'sequence', 1)
if state.allow then call('HINCRBY', KEYS[1], 'allow', -1) end
if state.day_left then
  call('HINCRBY', KEYS[1], 'day_left', -1)
elseif left then
  call('HSET', KEYS[1], 'day_left', left - 1, 'day_start', now, 'day_at', now)
end
call('ZADD', KEYS[3], now, slot)
for i = 1, 3 do call('PEXPIRE', KEYS[i], 2 * DAY) end
return {0, sequence, held, app_sequence, app_overlap}
"""
)

#: KEYS: as above. ARGV: now, slot, per minute, per day, reserve (thousandths). Gives {room in this minute, room today},
#: -1 where there is no limit.
ROOM: Final = (
    _COMMON
    + _COUNTING
    + """
local per_minute, per_day, reserve = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]) / 1000
local state = state_of(KEYS[1])
if (state.blocked or 0) > now then return {0, 0} end
local left = state.day_left or (per_day > 0 and per_day) or nil
local today = left and left - math.floor(day_size(state, per_day) * reserve) or -1
local minute = room(KEYS[1], state, KEYS[2], KEYS[3], per_minute)
return {minute >= PLENTY and -1 or math.floor(minute), today}
"""
)

#: KEYS: as above. ARGV: now, slot, when acquired, sequence, overlap, app's sequence, app's overlap, per minute,
#: per day, app per minute, and what the answer said, '' where it said nothing: remaining, limit, reset, day remaining,
#: app remaining, kind of block, end of block.
REPORT: Final = (
    _COMMON
    + """
local acquired, sequence, overlap = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local app_sequence, app_overlap = tonumber(ARGV[6]), tonumber(ARGV[7])
local per_minute, per_day, app_limit = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
local remaining, limit, reset = tonumber(ARGV[11]), tonumber(ARGV[12]), tonumber(ARGV[13])
local day, app_remaining = tonumber(ARGV[14]), tonumber(ARGV[15])
local block, block_until = tonumber(ARGV[16]), tonumber(ARGV[17])

local function finish(done, flight)
  call('ZREM', flight, slot)
  call('ZADD', done, now, slot)
end

-- A report that an earlier call brought is only a lower bound; a later one also says that there is no more.
local function bounded(before, reported, uncounted, is_latest)
  local sure = reported - uncounted
  if not before then return sure end
  return is_latest and math.max(sure, math.min(before, reported)) or math.max(sure, before)
end

local function note(key, state, done, flight, ceiling, reported, mine, overlapped)
  local is_latest = mine > (state.noted or 0)
  local before = state.allow and now < state.allow_at + MINUTE and state.allow or nil
  local uncounted = overlapped + state.sequence - mine
  local allow = bounded(before, reported, uncounted, is_latest)
  local period = math.floor(now / PERIOD)
  if state.top_at == period then
    call('HSET', key, 'top', math.max(state.top, reported))
  else
    call('HDEL', key, 'top_before')
    if state.top_at == period - 1 then call('HSET', key, 'top_before', state.top) end
    call('HSET', key, 'top', reported, 'top_at', period)
  end
  call('HSET', key, 'allow', allow, 'allow_at', now)
  if not is_latest then return end
  call('HSET', key, 'noted', mine)
  local unexplained = ceiling - counted(done, flight, acquired - MINUTE) - reported
  if unexplained > 0 then
    call('HSET', key, 'foreign', unexplained + uncounted, 'foreign_at', now)
  else
    call('HDEL', key, 'foreign')
  end
end

finish(KEYS[2], KEYS[3])
local state = state_of(KEYS[1])
if limit then
  state.limit = limit
  call('HSET', KEYS[1], 'limit', limit)
end
if reset and sequence > (state.noted or 0) then call('HSET', KEYS[1], 'reset', reset) end
if day then
  local is_latest = sequence > (state.day_noted or 0)
  local uncounted = overlap + state.sequence - sequence
  if not state.day_seen or day > state.day_seen + uncounted then
    -- The first report, or a new day: it began between the call before and this one.
    local began = state.day_seen and now or nil
    call('HSET', KEYS[1], 'day_top', day)
    state.day_top, state.day_left = day, nil
    if not began and day >= day_size(state, per_day) - 1 - uncounted then began = acquired end
    if began then call('HSET', KEYS[1], 'day_start', began) else call('HDEL', KEYS[1], 'day_start') end
  end
  call('HSET', KEYS[1], 'day_left', bounded(state.day_left, day, uncounted, is_latest), 'day_at', now)
  if is_latest then call('HSET', KEYS[1], 'day_noted', sequence, 'day_seen', day) end
end
if remaining then
  note(KEYS[1], state, KEYS[2], KEYS[3], limit_of(state, per_minute), remaining, sequence, overlap)
end
if app_limit > 0 then
  finish(KEYS[5], KEYS[6])
  if app_remaining then
    note(KEYS[4], state_of(KEYS[4]), KEYS[5], KEYS[6], app_limit, app_remaining, app_sequence, app_overlap)
  end
end

if block then
  local key, done = block == 4 and KEYS[4] or KEYS[1], block == 4 and KEYS[5] or KEYS[2]
  local before = tonumber(call('HGET', key, 'blocked')) or 0
  if block_until > before then call('HSET', key, 'blocked', block_until, 'blocked_kind', block) end
  if block == 1 or block == 4 then
    -- When the block ends, the window is new: what was counted before it does not matter any more.
    call('DEL', done)
    call('HDEL', key, 'allow', 'foreign', 'reset')
  elseif block == 2 then
    call('HSET', KEYS[1], 'day_left', 0, 'day_start', block_until - DAY)
  end
end
return 1
"""
)

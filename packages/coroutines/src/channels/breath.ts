import { systemClock } from "@quintet/core/kit";
import { nextTurn } from "../scheduling/next-turn.ts";

/** So many operations may end at once before anyone looks at the clock. */
const stride = 1_024;
/** For so many milliseconds, about, channels may keep timers and I/O waiting. */
const longest = 8;

const atOnce = Promise.resolve();
let operations = 0;
let since = 0;
/** The event loop's next turn, while operations wait for it. */
let turn: Promise<void> | undefined;

/**
 * What an operation that need not wait returns: a promise that is resolved already.
 *
 * Two coroutines that hand values to and fro without ever waiting starve timers and I/O, because promise reactions
 * come before both. So when operations have gone on for 8 ms, those that follow resolve in the event loop's next turn:
 * each of them, for the turn comes only when nobody goes on.
 * One of the two sides of a channel always ends here, so it is enough to count these.
 */
export function breath(): Promise<void> {
  return ++operations < stride ? atOnce : look();
}

function look(): Promise<void> {
  if (turn) return turn;
  const now = systemClock.now();
  if (now - since < longest) {
    operations = 0;
    return atOnce;
  }
  turn = new Promise((resolve) => {
    nextTurn(() => {
      turn = undefined;
      operations = 0;
      since = systemClock.now();
      resolve();
    });
  });
  return turn;
}

/** The same, with a value. */
export function breathWith<T>(value: T): Promise<T> {
  const breathing = ++operations < stride ? atOnce : look();
  return breathing === atOnce ? Promise.resolve(value) : breathing.then(() => value);
}

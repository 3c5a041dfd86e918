import { type Track, waitWatch } from "@quintet/core/kit";

/**
 * Says who waits right now, to whoever watches waits. This file is in the folder of the whole package, by which the
 * watch knows the package on a stack.
 */
export function track(): Track | undefined {
  return waitWatch.current?.track();
}

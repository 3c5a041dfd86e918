import type { Arm } from "../../selectable.ts";

/** An arm that makes an answer of what it gets, for another one. */
export function answering<Got, Answer>(arm: Arm<Answer>, answer: (got: Got) => Answer): Arm<Got> {
  return {
    owner: arm.owner,
    fire: (got) => arm.fire(answer(got)),
    fail: (error) => arm.fail(error),
  };
}

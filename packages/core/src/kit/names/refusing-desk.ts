import { NotSupportedError } from "../../errors.ts";
import { answered, type OwnDesk } from "./name-desk.ts";

/** The desk of a place that keeps no names: all that is asked is refused with `NOT_SUPPORTED`. */
export function refusingDesk(executor: string): OwnDesk {
  return {
    ask(_, reply) {
      reply.failed(
        new NotSupportedError(`${executor} keeps no semaphores and channels by name yet.`),
      );
      return answered;
    },
    close() {},
  };
}

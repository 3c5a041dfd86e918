import { ClosedError } from "../../errors.ts";
import { type AbortRegistration, onAbort } from "../waits/abort-hub.ts";
import { givenUp, type NameDesk, type NameRequest } from "./name-desk.ts";

/** The task for which something was asked has ended. */
export class TaskEndedError extends ClosedError {
  constructor() {
    super("The task has ended: nothing is asked for it any more.");
  }
}

/** How an answer is awaited. */
export interface AskingOptions<Answer> {
  /** Gives up when it aborts. */
  readonly signal?: AbortSignal | undefined;
  /** Makes of what the desk answers what the asker gets. Default: that itself. */
  readonly read?: (answer: unknown) => Answer;
  /** Told when a permit that was granted is lost. */
  readonly onLost?: (reason: unknown) => void;
}

/**
 * Asks a desk. *Errors*: what the desk says, or `signal.reason`. A promise that nobody awaits is not reported as a rejection
 * that nobody handles when its task has ended: that would end the worker, and cost a neighbour.
 */
export function asking<Answer>(
  desk: NameDesk,
  request: NameRequest,
  options: AskingOptions<Answer> = {},
): Promise<Answer> {
  const { signal, read = (answer) => answer as Answer, onLost = () => {} } = options;
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  if (signal?.aborted) reject(signal.reason);
  else {
    let isOver = false;
    let registration: AbortRegistration | undefined;
    const end = (): void => {
      isOver = true;
      registration?.leave();
    };
    const asked = desk.ask(request, {
      done(answer) {
        end();
        resolve(read(answer));
      },
      failed(reason) {
        end();
        if (reason instanceof TaskEndedError) promise.catch(() => {});
        reject(reason === givenUp ? signal?.reason : reason);
      },
      lost: onLost,
    });
    if (signal && !isOver) registration = onAbort(signal, () => asked.leave());
  }
  return promise;
}

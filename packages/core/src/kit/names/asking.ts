import { type AbortRegistration, onAbort } from "../waits/abort-hub.ts";
import { givenUp, type NameDesk, type NameRequest } from "./name-desk.ts";

/** Asks a desk, and gives up when the signal aborts. *Errors*: what the desk says, or `signal.reason`. */
export function asking(
  desk: NameDesk,
  request: NameRequest,
  signal?: AbortSignal,
  onLost: (reason: unknown) => void = () => {},
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    let isOver = false;
    let registration: AbortRegistration | undefined;
    const end = (): void => {
      isOver = true;
      registration?.leave();
    };
    const asked = desk.ask(request, {
      done(answer) {
        end();
        resolve(answer);
      },
      failed(error) {
        end();
        reject(error === givenUp ? signal?.reason : error);
      },
      lost: onLost,
    });
    if (signal && !isOver) registration = onAbort(signal, () => asked.leave());
  });
}

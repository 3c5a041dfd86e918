import { type Clock, systemClock, type Timer } from "@quintet/core/kit";

/** How often a worker gives a sign of life, in milliseconds. */
const beatEvery = 2_500;

/** Signs of life, in the background: what keeps the process alive is the link's business. */
export class Heartbeat {
  readonly #beat: () => Promise<unknown>;
  readonly #onError: (error: Error) => void;
  readonly #clock: Clock;
  #timer: Timer | undefined;

  constructor(
    beat: () => Promise<unknown>,
    onError: (error: Error) => void,
    clock: Clock = systemClock,
  ) {
    this.#beat = beat;
    this.#onError = onError;
    this.#clock = clock;
  }

  start(): void {
    const beat = (): void => {
      this.#beat().catch(this.#onError);
      this.start();
    };
    this.#timer = this.#clock.after(beatEvery, beat, { background: true });
  }

  stop(): void {
    this.#timer?.cancel();
  }
}

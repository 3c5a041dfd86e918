import { channel } from "./channel.ts";
import type { LocalChannel, ReceiveChannel } from "./local-channel.ts";
import type { Stage } from "./stage.ts";

/** One stage at work between two channels. What it starts has ended when its results end. */
export class StageRun<In, Out> {
  readonly results: LocalChannel<Out>;
  readonly #source: ReceiveChannel<In>;
  readonly #stage: Stage<In, Out>;
  readonly #controller: AbortController;
  readonly #running = new Set<Promise<Out>>();
  #failure: { readonly error: unknown } | undefined;

  constructor(source: ReceiveChannel<In>, stage: Stage<In, Out>, controller: AbortController) {
    this.#source = source;
    this.#stage = stage;
    this.#controller = controller;
    this.results = channel({ capacity: stage.capacity });
    void this.#run();
  }

  async #run(): Promise<void> {
    const { concurrency, ordered } = this.#stage;
    const loops =
      ordered && concurrency > 1
        ? this.#orderedLoops(concurrency)
        : Array.from({ length: concurrency }, () => this.#loop());
    await Promise.all(loops.map((loop) => loop.catch(this.#fail)));
    await Promise.allSettled(this.#running);
    this.results.close(this.#failure?.error);
  }

  async #loop(): Promise<void> {
    for (;;) {
      const received = await this.#source.receive();
      if (received.done) return;
      await this.results.send(await this.#start(received.value));
    }
  }

  /** One starts them, with room for the result reserved before a value is taken; the other waits for them in order. */
  #orderedLoops(concurrency: number): Promise<void>[] {
    const started = channel<Promise<Out>>({ capacity: concurrency - 1 });
    const starting = async (): Promise<void> => {
      for (;;) {
        const room = await started.reserve();
        try {
          const received = await this.#source.receive();
          if (received.done) return;
          room.send(this.#start(received.value));
        } finally {
          room.release();
        }
      }
    };
    const sending = async (): Promise<void> => {
      for (;;) {
        const received = await started.receive();
        if (received.done) return;
        await this.results.send(await received.value);
      }
    };
    return [starting().finally(() => started.close()), sending().finally(() => started.cancel())];
  }

  #start(value: In): Promise<Out> {
    const running = this.#call(value);
    this.#running.add(running);
    const forget = (): void => void this.#running.delete(running);
    running.then(forget, forget); // also marks an error as handled, which the loop will see
    return running;
  }

  async #call(value: In): Promise<Out> {
    return await this.#stage.work(value, { signal: this.#controller.signal });
  }

  /** The first error is everybody's, for the others come of it. */
  #fail = (error: unknown): void => {
    const { signal } = this.#controller;
    if (!signal.aborted) this.#controller.abort(error);
    this.#failure ??= { error: signal.reason };
    this.#source.cancel(signal.reason);
  };
}

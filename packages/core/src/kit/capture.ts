import type { TaskOutput } from "../run-options.ts";

type Decoder = InstanceType<typeof TextDecoder>;

/** What one task writes, as text: characters that are cut in two between chunks are put together. */
export class Capture {
  readonly #send: (output: TaskOutput) => void;
  readonly #decoders = new Map<TaskOutput["stream"], Decoder>();

  constructor(send: (output: TaskOutput) => void) {
    this.#send = send;
  }

  /** Takes what was written; bytes are UTF-8. */
  write(stream: TaskOutput["stream"], chunk: string | Uint8Array): void {
    if (typeof chunk === "string") this.#pass(stream, this.#rest(stream) + chunk);
    else this.#pass(stream, this.#decoder(stream).decode(chunk, { stream: true }));
  }

  /** Nothing more comes: half a character stands for itself. */
  end(): void {
    for (const stream of this.#decoders.keys()) this.#pass(stream, this.#rest(stream));
  }

  #pass(stream: TaskOutput["stream"], text: string): void {
    if (text !== "") this.#send({ stream, text });
  }

  #rest(stream: TaskOutput["stream"]): string {
    return this.#decoders.get(stream)?.decode() ?? "";
  }

  #decoder(stream: TaskOutput["stream"]): Decoder {
    const decoder = this.#decoders.get(stream) ?? new TextDecoder("utf-8", { ignoreBOM: true });
    this.#decoders.set(stream, decoder);
    return decoder;
  }
}

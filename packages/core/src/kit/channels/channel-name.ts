/** Counted over all channels, so that two without a name are told apart. */
let count = 0;

/** What a channel is called: as it was named, or by its kind and a number. */
export class ChannelName {
  readonly kind: string;
  readonly #given: string | undefined;
  readonly #number: number = ++count;

  constructor(kind: string, given?: string) {
    this.kind = kind;
    this.#given = given;
  }

  get text(): string {
    return this.#given ?? `${this.kind}#${this.#number}`;
  }
}

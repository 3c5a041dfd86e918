import type { LocalChannel } from "../src/channels/local-channel.ts";
import type { Reservation } from "@quintet/core/kit";
import type { Sender } from "../src/channels/sender.ts";
import { select } from "../src/select/select.ts";

/** A value that says where it comes from. */
export interface Message {
  readonly sender: number;
  readonly number: number;
}

/** Makes the channel that is looked at. */
export type MakeChannel = (onUndelivered: (value: Message) => void) => LocalChannel<Message>;

/** A call that has not settled. */
interface Pending {
  readonly kind: "send" | "receive" | "reserve" | "select";
  readonly controller: AbortController;
}

/** Two turns, as an operation that lets timers have theirs resolves in the next one. */
const settle = (): Promise<void> =>
  new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

/** Does anything to two channels, keeps account of every value, and says what cannot be. */
export class ChannelHarness {
  readonly channels: readonly LocalChannel<Message>[];
  readonly #given = new Set<Message>();
  readonly #received: Message[] = [];
  readonly #undelivered: Message[] = [];
  readonly #pending = new Set<Pending>();
  readonly #reservations: { readonly held: Reservation<Message>; readonly index: number }[] = [];
  readonly #senders: Sender<Message>[] = [];
  readonly #pendingAt: Record<Pending["kind"], number>[];
  #names = 0;
  #numbers = 0;
  readonly problems: string[] = [];

  constructor(makes: readonly MakeChannel[]) {
    this.channels = makes.map((make) => make((value) => void this.#undelivered.push(value)));
    this.#pendingAt = makes.map(() => ({ send: 0, receive: 0, reserve: 0, select: 0 }));
    this.#senders.push(...this.channels.map((one) => one.sender()));
  }

  /** Several sends of one sender at once. */
  send(index: number, count: number): void {
    const sender = this.#names++;
    for (let sent = 0; sent < count; sent++) {
      const message = this.#message(sender);
      this.#given.add(message);
      this.#track("send", index, (signal) => this.channels[index]!.send(message, { signal }));
    }
  }

  trySend(index: number): void {
    const message = this.#message(this.#names++);
    if (this.channels[index]!.trySend(message)) this.#given.add(message);
  }

  receive(index: number): void {
    const receiving = (signal: AbortSignal): Promise<IteratorResult<Message, undefined>> =>
      this.channels[index]!.receive({ signal });
    this.#track("receive", index, receiving, ({ done, value }) => {
      if (!done) this.#received.push(value);
    });
  }

  tryReceive(index: number): void {
    try {
      const received = this.channels[index]!.tryReceive();
      if (received && !received.done) this.#received.push(received.value);
    } catch {
      // The reason of a cancel.
    }
  }

  reserve(index: number): void {
    const reserving = (signal: AbortSignal): Promise<Reservation<Message>> =>
      this.channels[index]!.reserve({ signal });
    this.#track("reserve", index, reserving, (held) => this.#reservations.push({ held, index }));
  }

  /** Uses one of the reservations up, or gives it back. */
  useReservation(which: number, sends: boolean): void {
    const [reservation] = this.#reservations.splice(which % (this.#reservations.length || 1), 1);
    if (!reservation) return;
    if (!sends) return reservation.held.release();
    const message = this.#message(this.#names++);
    this.#given.add(message);
    try {
      reservation.held.send(message);
    } catch {
      // It was cancelled: the value has to be undelivered.
    }
  }

  /** Receives from one channel or sends to the other, or the same. */
  select(from: number, to: number): void {
    const message = this.#message(this.#names++);
    const arms = {
      received: this.channels[from]!.receiving(),
      sent: this.channels[to]!.sending(message),
    };
    this.#track("select", undefined, async (signal) => {
      const won = await select(arms, { signal });
      if (won.arm === "sent") this.#given.add(message);
      else if (!won.value.done) this.#received.push(won.value.value);
    });
  }

  /** Aborts one of the calls that wait. */
  abort(which: number): void {
    [...this.#pending][which % (this.#pending.size || 1)]?.controller.abort(new Error("aborted"));
  }

  close(index: number): void {
    this.channels[index]!.close();
  }

  cancel(index: number): void {
    this.channels[index]!.cancel(new Error("cancelled"));
  }

  clone(which: number): void {
    const sender = this.#senders[which % (this.#senders.length || 1)];
    if (sender && !sender.closed) this.#senders.push(sender.clone());
  }

  closeSender(which: number): void {
    this.#senders.splice(which % (this.#senders.length || 1), 1)[0]?.close();
  }

  /** Lets everything settle, then says what cannot be. */
  async check(): Promise<void> {
    await settle();
    this.#checkValues();
    this.channels.forEach((_, index) => this.#checkWaiters(index));
  }

  /** Ends everything: then every call has settled, and every value was received or reported. */
  async finish(): Promise<void> {
    await this.check();
    while (this.#reservations.length > 0) this.useReservation(0, false);
    for (const one of this.channels) one.cancel();
    await this.check();
    this.#expect(this.#pending.size === 0, "calls that never settle");
    for (const message of this.#given) {
      const found = this.#received.includes(message) || this.#undelivered.includes(message);
      this.#expect(found, "a value that was neither received nor reported");
    }
  }

  #checkValues(): void {
    const seen = [...this.#received, ...this.#undelivered];
    this.#expect(new Set(seen).size === seen.length, "a value that was seen twice");
    this.#expect(
      seen.every((message) => this.#given.has(message)),
      "a value that nobody gave",
    );
    const last = new Map<number, number>();
    for (const { sender, number } of this.#received) {
      this.#expect(number > (last.get(sender) ?? -1), "values of a sender in another order");
      last.set(sender, number);
    }
  }

  /** Nobody waits who need not, and nobody is in line who does not wait. */
  #checkWaiters(index: number): void {
    const { size, capacity, closed, waiting } = this.channels[index]!;
    const { send, receive, reserve } = this.#pendingAt[index]!;
    const selects = [...this.#pending].filter((one) => one.kind === "select").length;
    const reserved = this.#reservations.filter((one) => one.index === index).length;
    this.#expect(receive === 0 || size === 0, "a receiver that waits beside a value");
    this.#expect(receive <= reserved || send === 0, "a receiver that waits beside a sender");
    this.#expect(
      send + reserve === 0 || reserved > 0 || closed || size >= capacity,
      "a sender that waits beside room",
    );
    this.#expect(!closed || reserved > 0 || receive === 0, "a receiver that waits after the end");
    this.#expect(capacity === 0 || size <= capacity, "more values than there is room for");
    this.#expect(
      waiting.receivers >= receive && waiting.receivers <= receive + selects,
      "a receiver in line who does not wait",
    );
    this.#expect(
      waiting.senders >= send + reserve && waiting.senders <= send + reserve + selects,
      "a sender in line who does not wait",
    );
  }

  #track<Value>(
    kind: Pending["kind"],
    index: number | undefined,
    call: (signal: AbortSignal) => Promise<Value>,
    use?: (value: Value) => unknown,
  ): void {
    const pending: Pending = { kind, controller: new AbortController() };
    const counts = index === undefined ? undefined : this.#pendingAt[index];
    this.#pending.add(pending);
    if (counts) counts[kind]++;
    const end = (): void => {
      this.#pending.delete(pending);
      if (counts) counts[kind]--;
    };
    call(pending.controller.signal).then(
      (value) => {
        end();
        use?.(value);
      },
      end, // aborted, closed or full: the accounts show what became of the value
    );
  }

  #message(sender: number): Message {
    return { sender, number: this.#numbers++ };
  }

  #expect(holds: boolean, problem: string): void {
    if (!holds) this.problems.push(problem);
  }
}

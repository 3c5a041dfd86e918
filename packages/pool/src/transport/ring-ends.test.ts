/** Both ends of a ring, step by step in every order: what holds between them, whoever is slow. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { nextPosition, type Position, type RunOrder, ringSlots } from "./ring-memory.ts";
import { Ring } from "./ring.ts";
import { ValueKind } from "../codec/slot-values.ts";

/** What the caller does next; a number chooses which run. */
type Action =
  | { readonly do: "put"; readonly byMessage: boolean }
  | { readonly do: "submit" }
  | { readonly do: "revoke"; readonly which: number };

interface Interleaving {
  readonly start: Position;
  readonly actions: readonly Action[];
  /** Whether the next step is the worker's. */
  readonly turns: readonly boolean[];
}

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("put" as const), byMessage: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("submit" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("revoke" as const), which: fc.nat() }),
  },
);

const interleaving: fc.Arbitrary<Interleaving> = fc.record({
  start: fc.constantFrom(0, 2 ** 31 - 5, -5, ringSlots - 5),
  actions: fc.array(action, { maxLength: 60, size: "max" }),
  turns: fc.array(fc.boolean(), { maxLength: 400, size: "max" }),
});

const order: RunOrder = { task: 0, attempt: 1, wishes: 0, window: 0, number: 0 };

/** What is on its way between the ends. */
interface Mail {
  toWorker: number;
  readonly inputs: number[];
  readonly toCaller: ("bell" | { readonly position: Position; readonly output: number })[];
}

/** A worker, up to each step that the other end might see. */
function* workerEnd(ring: Ring, mail: Mail, ran: number[]): Generator<"asleep" | void> {
  for (let position = ring.completed; ;) {
    if (position === ring.submitted) {
      yield;
      if (ring.unheard && ring.ring(position, true)) mail.toCaller.push("bell");
      yield;
      if (ring.listen(position)) {
        while (mail.toWorker === 0) yield "asleep";
        mail.toWorker--;
      }
      yield;
      continue;
    }
    const byMessage = ring.inMessage(position);
    const arrived = byMessage ? mail.inputs.shift() : undefined;
    if (byMessage && arrived === undefined) throw new Error("Its input has not come.");
    yield;
    const started = ring.start(position);
    let wasMessage = false;
    if (started) {
      yield;
      const input = arrived ?? (ring.valueAt(position) as number);
      ran.push(input);
      yield;
      // What came by message is answered by message, and each third of the others.
      wasMessage = byMessage || input % 3 === 0;
      if (wasMessage) {
        ring.writeMessage(position);
        yield;
        mail.toCaller.push({ position, output: input });
      } else ring.write(position, 0, input);
      yield;
    }
    ring.complete(position);
    position = nextPosition(position);
    yield;
    if (wasMessage) ring.alert();
    else if (ring.ring(position)) mail.toCaller.push("bell");
    yield;
  }
}

/** The other end, likewise: puts, takes back, and reads answers when it is told that there are some. */
class CallerEnd {
  readonly live = new Map<Position, number>();
  readonly revoked: number[] = [];
  readonly answers: number[] = [];
  readonly #ring: Ring;
  readonly #mail: Mail;
  #count = 0;
  #heard = 0;
  #head: Position;
  #tail: Position;

  constructor(ring: Ring, mail: Mail) {
    this.#ring = ring;
    this.#mail = mail;
    this.#head = this.#tail = ring.completed;
  }

  get puts(): number {
    return this.#count;
  }

  *play(actions: readonly Action[]): Generator<"asleep" | void> {
    for (const next of actions) {
      this.#act(next);
      yield;
      while (this.#mail.toCaller.length > 0) yield* this.#hear();
    }
    this.#submit();
    for (;;) {
      if (this.#mail.toCaller.length === 0) yield "asleep";
      else yield* this.#hear();
    }
  }

  #act(next: Action): void {
    if (next.do === "submit") this.#submit();
    else if (next.do === "put") {
      const input = this.#count++;
      const position = this.#tail;
      this.#tail = nextPosition(position);
      this.live.set(position, input);
      if (!this.#ring.put(position, order, input, next.byMessage)) this.#mail.inputs.push(input);
    } else {
      const choice = [...this.live][next.which % Math.max(1, this.live.size)];
      if (!choice || !this.#ring.revoke(choice[0])) return;
      this.live.delete(choice[0]);
      this.revoked.push(choice[1]);
    }
  }

  #submit(): void {
    if (this.#ring.submit(this.#tail)) this.#mail.toWorker++;
  }

  *#hear(): Generator<void> {
    const message = this.#mail.toCaller.shift();
    if (typeof message === "object") {
      yield* this.#read(message.position);
      if (this.#head !== message.position) throw new Error("It overtook one before it.");
      this.#answer(message.position, message.output);
    }
    for (;;) {
      const { completed } = this.#ring;
      yield* this.#read(completed);
      // Sometimes it waits for several.
      const mark = (completed + 1 + (this.#heard++ % 3)) | 0;
      if (!this.#ring.hear(completed, mark)) continue;
      yield;
      return;
    }
  }

  *#read(end: Position): Generator<void> {
    while (((end - this.#head) | 0) > 0) {
      const position = this.#head;
      if (this.live.has(position)) {
        if (this.#ring.answer(position) === ValueKind.message) return;
        this.#answer(position, this.#ring.valueAt(position) as number);
      } else this.#head = nextPosition(position);
      yield;
    }
  }

  #answer(position: Position, output: number): void {
    if (output !== this.live.get(position)) throw new Error("It is the answer of another.");
    this.live.delete(position);
    this.#head = nextPosition(position);
    this.answers.push(output);
  }
}

/** Plays one interleaving to its end, where both ends sleep. */
function play(makeRing: () => Ring, { start, actions, turns }: Interleaving): void {
  const ring = makeRing();
  ring.complete((start - 1) | 0);
  ring.submit(start);
  const mail: Mail = { toWorker: 0, inputs: [], toCaller: [] };
  const ran: number[] = [];
  const caller = new CallerEnd(ring, mail);
  const ends = [caller.play(actions), workerEnd(ring, mail, ran)] as const;
  for (const isWorkers of turns) ends[isWorkers ? 1 : 0].next();
  for (let left = 20_000, asleep = 0; asleep < 2; left--) {
    expect(left).toBeGreaterThan(0);
    asleep = ends.filter((end) => end.next().value === "asleep").length;
  }
  const all = Array.from({ length: caller.puts }, (_, input) => input);
  const kept = all.filter((input) => !caller.revoked.includes(input));
  // Each that was not taken back ran once and answered once, in order.
  expect(ran).toEqual(kept);
  expect(caller.answers).toEqual(kept);
  expect(caller.live.size).toBe(0);
}

function expectNothingLost(makeRing: () => Ring): void {
  fc.assert(
    fc.property(interleaving, (each) => play(makeRing, each)),
    { numRuns: 500 },
  );
}

it("lose nothing, do nothing twice, and keep the order", () => {
  expectNothingLost(() => new Ring());
});

/** Does not look again before it sleeps. */
class HeavySleeper extends Ring {
  override listen(position: Position): boolean {
    super.listen(position);
    return true;
  }
}

/** Starts what was taken back. */
class Greedy extends Ring {
  override start(position: Position): boolean {
    super.start(position);
    return true;
  }
}

/** Takes back what has started. */
class Grabbing extends Ring {
  override revoke(position: Position): boolean {
    super.revoke(position);
    return true;
  }
}

/** Rings once and never again. */
class Deaf extends Ring {
  override hear(): boolean {
    return true;
  }
}

/** Sleeps on what the caller was not told of. */
class Silent extends Ring {
  override get unheard(): boolean {
    return false;
  }
}

/** Is told that something was submitted, and cannot tell where it ends. */
class Shy extends Ring {
  override submit(end: Position): boolean {
    super.submit(end);
    return false;
  }
}

it.each([
  ["HeavySleeper", HeavySleeper],
  ["Greedy", Greedy],
  ["Grabbing", Grabbing],
  ["Deaf", Deaf],
  ["Silent", Silent],
  ["Shy", Shy],
])("would, if the ring was a %s one, and this suite would see it", (_, broken) => {
  expect(() => expectNothingLost(() => new broken())).toThrow("Property failed");
});

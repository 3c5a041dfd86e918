/** Both ends of a ring in one process; what one of them sends arrives when the test lets it. */
import { virtualClock, type VirtualClock } from "@quintet/core/kit";
import { nextPosition, type Position, Ring, ringSlots, type RunOrder } from "@quintet/pool";
import { AnswerFile } from "../src/answer-file.ts";
import { CallerRing } from "../src/caller-ring.ts";
import { Claims } from "../src/claims.ts";
import { Frame, type FrameContent, FrameReader, FrameWriter } from "../src/frames.ts";
import { Patience } from "../src/patience.ts";
import { putRuns } from "../src/put-runs.ts";
import { RecordWriter } from "../src/record-writer.ts";
import { TaskRing } from "../src/task-ring.ts";

export const order: RunOrder = { task: 7, attempt: 2, wishes: 3, window: 64, number: 2 ** 40 + 1 };

const cells = (count: number): Int32Array => new Int32Array(new SharedArrayBuffer(4 * count));

export class BothEnds {
  readonly caller: CallerRing;
  readonly worker: TaskRing;
  readonly clock: VirtualClock = virtualClock();
  readonly answers: AnswerFile = new AnswerFile();
  /** Positions of which the worker said that they were passed over. */
  readonly passed: Position[] = [];
  /** What was completed when a message came. */
  readonly messages: Position[] = [];
  /** How often the worker has written to its pipe. */
  writes = 0;
  readonly #down = new FrameWriter();
  readonly #recalls = new FrameWriter();
  readonly #returns = new FrameWriter();
  readonly #memory = new Ring();
  readonly #claims = new Claims(cells(ringSlots));
  readonly #patience: Patience;
  readonly #otherPatience: Patience;
  readonly #written: Buffer[] = [];

  constructor() {
    const shared = cells(2);
    this.#patience = new Patience(shared);
    this.#otherPatience = new Patience(shared);
    const up = new FrameWriter();
    this.caller = new CallerRing({
      frames: this.#down,
      recalls: this.#recalls,
      flush: () => {},
      answers: this.answers,
      clock: this.clock,
      soon: (call) => call(),
    });
    const flush = (): void =>
      up.flush((bytes) => {
        this.writes++;
        this.#written.push(Buffer.from(bytes));
      });
    const records = new RecordWriter(this.answers.descriptor);
    const paths = { frames: up, flush, records };
    this.worker = new TaskRing(this.#memory.buffer, this.#claims, this.#patience, paths);
  }

  /** Lets the runs that the caller wrote arrive. */
  readonly deliver = (): void => {
    new FrameReader(this.#takeDown).push(Buffer.concat(this.#down.take()));
  };

  /** Lets what the caller wrote to the worker's other thread arrive. */
  readonly recall = (): void => {
    new FrameReader(this.#takeDown).push(Buffer.concat(this.#recalls.take()));
  };

  /** Lets what the worker has sent arrive. */
  readonly reply = (): void => {
    const reader = new FrameReader(this.#takeUp);
    for (const bytes of this.#written.splice(0)) reader.push(bytes);
    this.caller.catchUp();
  };

  /** Lets what its other thread has sent arrive. */
  readonly replyOfOther = (): void => {
    const take = (_: number, content: FrameContent): void => this.caller.seen(content.integer());
    new FrameReader(take).push(Buffer.concat(this.#returns.take()));
  };

  /** The worker ends: what it sent arrives, and what is in the file is read. */
  readonly exit = (): void => {
    this.reply();
    this.caller.readLast();
  };

  /** The caller is patient, and gives so many runs, whose inputs are their positions. */
  readonly give = (count: number, first: Position = this.caller.submitted): void => {
    const { caller } = this;
    caller.hear(caller.completed, caller.completed + 2);
    let position = first;
    for (let left = count; left > 0; left--, position = nextPosition(position))
      caller.put(position, order, position, false);
    caller.submit(position);
    this.deliver();
  };

  /** The worker runs one, or starts it only. */
  readonly run = (position: Position, output: unknown = `answer to ${position}`): void => {
    const { worker } = this;
    if (!worker.start(position)) throw new Error(`${position} was taken back.`);
    this.end(position, output);
  };

  readonly end = (position: Position, output: unknown = `answer to ${position}`): void => {
    this.worker.write(position, position / 2, output);
    this.worker.complete(position);
  };

  readonly #takeDown = (kind: number, content: FrameContent): void => {
    if (kind === Frame.runs) {
      this.#patience.begin(content.integer());
      this.worker.submit(putRuns(this.worker, content));
    } else if (kind === Frame.look) {
      this.#returns.begin(Frame.recorded);
      this.#returns.integer(this.#otherPatience.end(content.integer()));
      this.#returns.end();
    } else if (kind === Frame.cancel) this.#memory.cancel(content.integer());
    else this.#claims.revoke(content.integer());
  };

  readonly #takeUp = (kind: number, content: FrameContent): void => {
    const { caller } = this;
    if (kind === Frame.answer) caller.answered(content);
    else if (kind === Frame.recorded) caller.recorded(content.integer());
    else if (kind === Frame.started) caller.begun(content);
    else if (kind === Frame.report) this.messages.push(caller.completed);
    else {
      const position = content.integer();
      this.passed.push(position);
      caller.passed(position);
    }
  };
}

import { nextPosition, type Position, Ring, type RunOrder } from "@quintet/pool";
import { Frame, type FrameContent, type FrameWriter } from "./frames.ts";
import { byMessage, readPlain, writePlain } from "./slot-frames.ts";

/** What is said of a run before all else. */
const Mark = { alike: 1, revoked: 2 } as const;

/**
 * The caller's end of a ring whose worker is in another process. The memory is not shared: what is put here goes out
 * in frames, and what the worker tells is put here when its frames arrive.
 */
export class CallerRing extends Ring {
  readonly #frames: FrameWriter;
  readonly #recalls: FrameWriter;
  readonly #flush: (now: boolean) => void;
  /** Up to where runs went out. */
  #sent: Position;
  /** How often runs were asked for without an answer yet. */
  #asked = 0;

  /** Runs go to the thread of the tasks, recalls to another one; `flush` sends both, now or after this turn. */
  constructor(frames: FrameWriter, recalls: FrameWriter, flush: (now: boolean) => void) {
    super();
    this.#frames = frames;
    this.#recalls = recalls;
    this.#flush = flush;
    this.#sent = this.submitted;
  }

  override get isDistant(): boolean {
    return true;
  }

  /** Puts what is new into a frame. The worker looks by itself. */
  override submit(end: Position): boolean {
    if (end === this.#sent) return false;
    const frames = this.#frames;
    frames.begin(Frame.runs);
    frames.integer(this.#sent);
    for (let position = this.#sent; position !== end; position = nextPosition(position))
      this.#write(position);
    frames.end();
    this.#sent = end;
    super.submit(end);
    this.#flush(true);
    return false;
  }

  /** Only what did not go out is sure not to have started. */
  override revoke(position: Position): boolean {
    return this.#isOut(position) ? false : super.revoke(position);
  }

  override recall(position: Position): void {
    this.#asked++;
    this.#tell(Frame.recall, position);
  }

  override get isRecalling(): boolean {
    return this.#asked > 0;
  }

  /** So often it was said whether a run comes back. */
  recalled(times: number): void {
    this.#asked -= times;
  }

  override cancel(position: Position): void {
    super.cancel(position);
    this.#tell(Frame.cancel, position);
  }

  /** The worker has started a run, and where it was asked to tell of that, has called its function. */
  begun(content: FrameContent): void {
    const position = content.integer();
    super.start(position);
    if (content.byte() === 1) super.run(position);
  }

  /** The worker has an answer, or passed a run over that was taken back. */
  answered(content: FrameContent): void {
    const position = content.integer();
    const duration = content.number();
    super.write(position, duration, readPlain(content));
    super.complete(position);
  }

  passed(position: Position): void {
    super.complete(position);
  }

  /** The answer comes by message. */
  answeredByMessage(position: Position): void {
    super.writeMessage(position);
    super.complete(position);
  }

  #isOut(position: Position): boolean {
    return ((position - this.#sent) | 0) < 0;
  }

  #tell(kind: number, position: Position): void {
    this.#recalls.begin(kind);
    this.#recalls.integer(position);
    this.#recalls.end();
    this.#flush(false);
  }

  #write(position: Position): void {
    const frames = this.#frames;
    const isAlike = this.isAlike(position);
    // One that was taken back keeps its place, or all behind it would stand elsewhere there.
    frames.byte((isAlike ? Mark.alike : 0) | (this.isRevoked(position) ? Mark.revoked : 0));
    if (!isAlike) {
      frames.integer(this.task(position));
      frames.byte(this.wishes(position));
      frames.integer(this.attempt(position));
      frames.integer(this.window(position));
      frames.number(this.numberAt(position));
    }
    writePlain(frames, this.inMessage(position) ? byMessage : this.valueAt(position));
  }
}

/** Puts the runs of a frame into the ring of the worker; gives up to where. */
export function putRuns(ring: Ring, content: FrameContent): Position {
  let position = content.integer();
  while (!content.isOver) {
    const marks = content.byte();
    const order = marks & Mark.alike ? undefined : readOrder(content);
    const input = readPlain(content);
    if (order)
      ring.put(position, order, input === byMessage ? undefined : input, input === byMessage);
    else ring.putAlike(position, input);
    if (marks & Mark.revoked) ring.revoke(position);
    position = nextPosition(position);
  }
  return position;
}

function readOrder(content: FrameContent): RunOrder {
  const [task, wishes, attempt, window] = [
    content.integer(),
    content.byte(),
    content.integer(),
    content.integer(),
  ];
  return { task, wishes, attempt, window, number: content.number() };
}

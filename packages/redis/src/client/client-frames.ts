import { isQuintetError } from "@quintet/core";
import type { EngineHost } from "@quintet/core/kit";
import { decodeError, decodeValue } from "../values/decode-value.ts";
import type { Frame } from "../transport/protocol.ts";
import type { SentRun } from "./sent-run.ts";

/** Tells the executor what workers tell of its runs. What is heard twice, or too late, changes nothing. */
export class ClientFrames {
  /** Workers that were lost while they ran a task of this client. */
  restarts = 0;
  readonly #host: EngineHost;
  readonly #live: ReadonlyMap<number, SentRun>;
  readonly #onEnd: (sent: SentRun, duration: number | null) => void;

  constructor(
    host: EngineHost,
    live: ReadonlyMap<number, SentRun>,
    onEnd: (sent: SentRun, duration: number | null) => void,
  ) {
    this.#host = host;
    this.#live = live;
    this.#onEnd = onEnd;
  }

  take(worker: string, frame: Frame): void {
    const sent = this.#live.get(frame[1]);
    if (!sent) return;
    sent.missing = false;
    switch (frame[0]) {
      case "s":
        return this.#started(sent, worker, frame[2], frame[3]);
      case "r":
        return this.#result(sent, worker, frame[2], frame[3]);
      case "c":
        if (sent.stopping) {
          return this.#end(sent, worker, frame[2], { ok: false, value: sent.stopping.reason });
        }
        return this.#failed(sent, worker, frame[2], frame[3]);
      case "e":
        return this.#failed(sent, worker, frame[2], frame[3]);
      case "q":
        return this.#requeued(sent, frame[2]);
      case "j":
        sent.job = frame[2];
        sent.shares = 1;
        return undefined;
      case "p":
      case "i":
        return this.#told(sent, frame);
    }
  }

  #started(sent: SentRun, worker: string, attempt: number, delivery: number): void {
    const { run } = sent;
    // It was lost with its worker, which could not say so.
    if (run.started) {
      this.restarts++;
      this.#host.requeued(run, "retried");
    }
    sent.delivery = delivery;
    sent.startTimer?.cancel();
    run.attempt = attempt;
    this.#host.started(run, worker);
  }

  #requeued({ run }: SentRun, why: "retried" | "failed" | "moved"): void {
    if (why === "retried") this.restarts++;
    if (run.started || why === "moved")
      this.#host.requeued(run, why === "moved" ? "moved" : "retried");
  }

  #result(sent: SentRun, worker: string, duration: number, json: unknown): void {
    let ending;
    try {
      ending = { ok: true, value: decodeValue(json) };
    } catch (value) {
      ending = { ok: false, value };
    }
    this.#end(sent, worker, duration, ending);
  }

  #failed(sent: SentRun, worker: string, duration: number | null, json: unknown): void {
    let value;
    try {
      value = decodeError(json, worker);
    } catch (error) {
      value = error;
    }
    if (isQuintetError(value, "WORKER_LOST")) this.restarts++;
    this.#end(sent, worker, duration, { ok: false, value });
  }

  #end(
    sent: SentRun,
    worker: string,
    duration: number | null,
    ending: { ok: boolean; value: unknown },
  ): void {
    const { run } = sent;
    // Of what ends soon after its start only the end is told.
    if (duration !== null && !run.started) {
      this.#host.started(run, worker, this.#host.clock.now() - duration);
    }
    this.#onEnd(sent, duration);
    this.#host.finished(run, ending, duration ?? undefined);
  }

  #told(sent: SentRun, [kind, , delivery, json]: Frame & readonly ["p" | "i", ...unknown[]]): void {
    const { run } = sent;
    if (delivery !== sent.delivery || run.settled) return;
    let value;
    try {
      value = decodeValue(json);
    } catch (error) {
      run.cancel(error);
      return;
    }
    if (kind === "p") this.#host.progress(run, value);
    else run.items?.push(value);
  }
}

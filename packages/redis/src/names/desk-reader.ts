import type { Redis } from "ioredis";
import { type Connection, connect, hangUp } from "../transport/connection.ts";
import { ResultReader } from "../transport/result-reader.ts";
import { SocketHold } from "../transport/socket-hold.ts";
import type { NumberedAnswer } from "./desk-calls.ts";

/** Where it reads. */
export interface DeskReaderOptions {
  readonly redis: Redis;
  /** What it opens a connection of its own with. */
  readonly connection: Connection;
  readonly onError: (error: Error) => void;
}

/** Whom a reader tells. */
export interface DeskListener {
  /** What a session was told. */
  take(session: string, answers: readonly NumberedAnswer[]): void;
  /** Answers may have been lost. */
  missed(): void;
}

interface Reading {
  readonly blocking: Redis;
  readonly reader: ResultReader;
  readonly hold: SocketHold;
}

/**
 * Reads what a desk is answered to what had to wait. It connects when that is wanted first, and keeps the process alive only
 * while it is wanted.
 */
export class DeskReader {
  readonly #stream: string;
  readonly #options: DeskReaderOptions;
  readonly #listener: DeskListener;
  #reading: Reading | undefined;

  constructor(stream: string, options: DeskReaderOptions, listener: DeskListener) {
    this.#stream = stream;
    this.#options = options;
    this.#listener = listener;
  }

  want(isWanted: boolean): void {
    if (isWanted) this.#reading ??= this.#open();
    this.#reading?.hold.set(isWanted);
    this.#reading?.reader.want(isWanted);
  }

  close(): void {
    if (!this.#reading) return;
    this.#reading.reader.close();
    hangUp(this.#reading.blocking);
  }

  #open(): Reading {
    const { redis: commands, connection, onError } = this.#options;
    const blocking = connect(connection, onError);
    const reader = new ResultReader(
      this.#stream,
      { blocking, commands },
      (session, frames) => this.#listener.take(session, frames as readonly unknown[] as []),
      () => this.#listener.missed(),
      onError,
    );
    return { blocking, reader, hold: new SocketHold(blocking) };
  }
}

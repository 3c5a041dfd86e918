import {
  answered,
  type Asked,
  type NameDesk,
  type NameRequest,
  type OwnDesk,
  type Reply,
  RunNames,
} from "@quintet/core/kit";

/** What one client or worker has of the names of a queue in memory, until it is closed. */
export class MemoryDesk implements OwnDesk {
  readonly #names: RunNames;
  #closed: { readonly reason: unknown } | undefined;

  constructor(desk: NameDesk) {
    this.#names = new RunNames(desk);
  }

  ask(request: NameRequest, reply: Reply): Asked {
    if (!this.#closed || request.ask === "release") return this.#names.ask(request, reply);
    reply.failed(this.#closed.reason);
    return answered;
  }

  close(reason: unknown): void {
    this.#closed ??= { reason };
    this.#names.cancel(reason);
    this.#names.end();
  }
}

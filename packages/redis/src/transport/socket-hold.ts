import { Cluster, type Redis } from "ioredis";

/** What ioredis opens beside its nodes, to hear of failovers, whether anybody subscribes or not. */
interface WithSubscriber {
  readonly subscriber?: { getInstance?(): Redis | null };
}

/** Lets the process end, or not, while a socket is open; also one that is opened later. */
export class SocketHold {
  readonly #connections: readonly (Redis | Cluster)[];
  #held = true;

  constructor(...connections: readonly Redis[]) {
    this.#connections = connections;
    for (const redis of this.#connections) {
      if (redis instanceof Cluster) redis.on("+node", (node: Redis) => this.#watch(node));
      else this.#watch(redis);
      redis.on("ready", () => this.#applyAll());
    }
  }

  set(held: boolean): void {
    if (this.#held === held) return;
    this.#held = held;
    this.#applyAll();
  }

  #watch(redis: Redis): void {
    redis.on("connect", () => this.#apply(redis));
  }

  #applyAll(): void {
    for (const redis of this.#connections) {
      if (!(redis instanceof Cluster)) this.#apply(redis);
      else {
        for (const node of redis.nodes()) this.#apply(node);
        const subscriber = (redis as unknown as WithSubscriber).subscriber?.getInstance?.();
        if (subscriber) this.#apply(subscriber);
      }
    }
  }

  #apply({ stream }: Redis): void {
    const socket = stream as unknown as { ref?(): void; unref?(): void } | undefined;
    if (this.#held) socket?.ref?.();
    else socket?.unref?.();
  }
}

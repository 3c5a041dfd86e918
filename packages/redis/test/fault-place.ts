import { afterEach, beforeEach } from "vitest";
import { Fleet } from "./fleet.ts";
import { Proxy } from "./proxy.ts";
import { type RedisServer, startRedis } from "./redis-server.ts";

/** A Redis of its own for each test, with workers, clients and ways to it that can be cut. */
export class FaultPlace {
  server!: RedisServer;
  fleet!: Fleet;
  readonly #proxies: Proxy[] = [];

  constructor() {
    beforeEach(async () => {
      this.server = await startRedis("--appendonly", "yes", "--appendfsync", "always");
      this.fleet = new Fleet();
    });
    afterEach(async () => {
      await this.fleet.clear();
      await Promise.all(this.#proxies.splice(0).map((proxy) => proxy.close()));
      await this.server.stop();
    });
  }

  async proxy(): Promise<Proxy> {
    const proxy = await Proxy.to(this.server.port);
    this.#proxies.push(proxy);
    return proxy;
  }
}

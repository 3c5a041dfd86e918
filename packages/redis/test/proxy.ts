import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** A way to a server that can be cut, made deaf, and made to swallow answers. */
export class Proxy {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  readonly port: number;
  readonly #frozen = new Set<readonly [Socket, Socket]>();
  /** What the server answers is lost. */
  swallows = false;
  /** New connections are refused. */
  down = false;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as { port: number }).port;
  }

  static async to(port: number): Promise<Proxy> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const proxy = new Proxy(server);
    server.on("connection", (socket) => proxy.#join(socket, port));
    return proxy;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Nothing goes through the connections there are, and nobody is told: somebody has pulled a cable. */
  freeze(): void {
    for (const pair of this.#pairs) this.#frozen.add(pair);
  }

  /** Resets all connections. */
  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.resetAndDestroy();
    this.#pairs.clear();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(socket: Socket, port: number): void {
    if (this.down) {
      socket.resetAndDestroy();
      return;
    }
    const upstream = connect(port, "127.0.0.1");
    const pair = [socket, upstream] as const;
    this.#pairs.add(pair);
    socket.on("data", (data) => !this.#frozen.has(pair) && upstream.write(data));
    upstream.on("data", (data) => !this.#frozen.has(pair) && !this.swallows && socket.write(data));
    const end = (): void => {
      this.#pairs.delete(pair);
      socket.destroy();
      upstream.destroy();
    };
    for (const one of pair) one.on("close", end).on("error", end);
  }
}

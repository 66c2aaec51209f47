/** A way to a server that tests can cut: what a network does at its worst. */

import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** A port that nobody uses now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

export class Proxy {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #frozen = false;
  #refusing = false;
  /** Looks at what clients send; to cut the way at a certain moment. */
  onData: ((data: Buffer) => void) | null = null;

  constructor(target: number) {
    this.#server = createServer((client) => this.#accept(client, target));
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  get connections(): number {
    return this.#pairs.size;
  }

  async listen(): Promise<this> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return this;
  }

  #accept(client: Socket, target: number): void {
    if (this.#refusing) return void client.destroy();
    const server = connect(target, "127.0.0.1");
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    const end = () => {
      this.#pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    client.on("error", end).on("close", end);
    server.on("error", end).on("close", end);
    client.on("data", (data) => {
      this.onData?.(data as Buffer);
      if (!this.#frozen) server.write(data);
    });
    server.on("data", (data) => {
      if (!this.#frozen) client.write(data);
    });
  }

  /** Cuts all connections, so that both sides notice. */
  cut(): void {
    for (const [client, server] of this.#pairs) {
      client.resetAndDestroy();
      server.destroy();
    }
  }

  /** From now on everything that is sent is lost, and nobody is told. */
  freeze(): void {
    this.#frozen = true;
  }

  /** New connections pass again; those that were frozen stay dead. */
  thaw(): void {
    for (const [client, server] of this.#pairs) {
      client.removeAllListeners("data").on("data", () => {});
      server.removeAllListeners("data").on("data", () => {});
    }
    this.#frozen = false;
  }

  refuse(refusing: boolean): void {
    this.#refusing = refusing;
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }
}

/** The servers on which a suite runs. */

import { after, before, describe } from "node:test";
import { connections } from "asgimod";
import { mysql } from "../mysql/server.ts";
import { postgresql } from "../postgresql/server.ts";
import { createBank } from "./bank.ts";
import type { TestServer } from "./server.ts";

export const SERVERS: readonly TestServer[] = [postgresql, mysql];

/** Describes `topic` on each server, in a database of its own, which has the tables of the bank. */
export function onEachServer(topic: string, define: (server: TestServer) => void): void {
  for (const server of SERVERS) {
    const { name, skip } = server;
    describe(`${name}: ${topic}`, { skip }, async () => {
      if (skip !== false) return;
      const { url } = await server.database(topic.replaceAll(/\W+/g, "_"));
      before(() => createBank(url));
      after(() => connections.close());
      define(server);
    });
  }
}

/** The settings of the pizzeria: its apps, and two databases. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "asgimod";
import * as orders from "./orders/models.ts";
import * as testapp from "./testapp/models.ts";

/** The database file; PIZZERIA_DATABASE names another one. */
export const file: string =
  process.env["PIZZERIA_DATABASE"] ?? fileURLToPath(new URL("./pizzeria.sqlite3", import.meta.url));

export default defineConfig({
  apps: { testapp, orders },
  databases: { default: `sqlite:${file}`, archive: "sqlite::memory:" },
});

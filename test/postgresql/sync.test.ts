import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { atomic } from "asgimod";
import { settings, setUp } from "../servers/bank.ts";
import { Account } from "../servers/models.ts";
import { postgresql, skip } from "./server.ts";

await setUp(postgresql, "sync");

describe("PostgreSQL: sync access through a worker", { skip }, () => {
  it("a transaction has its isolation, and is read-only when it says so", () => {
    settings({ sync: true });
    atomic(
      () => {
        const [level] = Account.objects.raw(
          "SELECT 1 AS id, current_setting('transaction_isolation') AS name",
        );
        assert.equal(level?.name, "serializable");
        assert.throws(() => Account.objects.create({ name: "no" }), /read-only/);
      },
      { isolation: "serializable", readOnly: true },
    );
  });
});

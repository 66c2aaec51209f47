/** Collations and extensions. What Django writes is in its CreateCollation and CreateExtension. */
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { CharField, configure, connections, createTables, Model, onQuery } from "asgimod";
import { createCollation, createExtension } from "asgimod/postgres";
import { database, skip } from "../postgresql/server.ts";

export class Member extends Model(
  "club.Member",
  {
    email: CharField({ maxLength: 40, unique: true, dbCollation: "case_insensitive" }),
    number: CharField({ maxLength: 40, dbCollation: "numeric" }),
  },
  { ordering: ["number"] },
) {}

declare module "asgimod" {
  interface Apps {
    club: typeof import("./collations.test.ts");
  }
}

const sent: string[] = [];

if (skip === false) {
  const { url } = await database("contrib_collations");
  configure({ apps: { club: { Member } as never }, databases: { default: url, lite: "sqlite::memory:" } });
  const stop = onQuery(({ sql }) => void sent.push(sql));
  for (let i = 0; i < 2; i++) {
    await createCollation("case_insensitive", "und-u-ks-level2", { provider: "icu", deterministic: false });
    await createCollation("numeric", "und-u-kn-true", { provider: "icu" });
    await createExtension("citext");
  }
  stop();
  await createTables();
  after(() => connections.close());
}

describe("PostgreSQL: collations", { skip }, () => {
  it("are made once, in Django's words", () => {
    assert.deepEqual(sent.slice(0, 3), [
      'CREATE COLLATION IF NOT EXISTS "case_insensitive" (locale="und-u-ks-level2", provider=icu, deterministic=false)',
      'CREATE COLLATION IF NOT EXISTS "numeric" (locale="und-u-kn-true", provider=icu)',
      'CREATE EXTENSION IF NOT EXISTS "citext"',
    ]);
  });

  it("texts that are equal whatever their case", async () => {
    const ann = await Member.aobjects.create({ email: "Ann@Example.org", number: "A-10" });
    assert.equal((await Member.aobjects.get({ email: "ann@example.ORG" })).id, ann.id);
    assert.equal(await Member.aobjects.filter({ email__in: ["ANN@EXAMPLE.ORG", "x"] }).count(), 1);
    await assert.rejects(Member.aobjects.create({ email: "ANN@example.org", number: "" }), {
      name: "IntegrityError",
    });
    const again = new Member({ email: "ANN@example.org", number: "A-1" });
    await assert.rejects(again.afullClean(), /Member with this Email already exists/);
  });

  it("an order that counts", async () => {
    await Member.aobjects.create({ email: "b", number: "A-9" });
    await Member.aobjects.create({ email: "c", number: "A-100" });
    assert.deepEqual(
      [...(await Member.aobjects.valuesList("number", { flat: true }))],
      ["A-9", "A-10", "A-100"],
    );
  });

  it("other databases have none", async () => {
    await assert.rejects(createCollation("x", "C", { using: "lite" }), { name: "NotSupportedError" });
    await assert.rejects(createExtension("x", { using: "lite" }), { name: "NotSupportedError" });
    await assert.rejects(createExtension("no_such_extension"), { name: "NotSupportedError" });
    await assert.rejects(createCollation("x", "C", { provider: "other" as never }), { name: "ValueError" });
  });
});

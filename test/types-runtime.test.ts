/** What the public types promise is there at run time: every member of every kind of object, as a method or as a value. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { configure, connections } from "asgimod";
import ts from "typescript-6.0";
import { fill } from "../examples/pizzeria/data.ts";
import * as orders from "../examples/pizzeria/orders/models.ts";
import * as testapp from "../examples/pizzeria/testapp/models.ts";
import { probes } from "./types-runtime/probes.ts";

/** A member that a type promises. `either` where the type does not say what it is. */
interface Member {
  readonly key: string | symbol;
  readonly kind: "function" | "value" | "either";
}

const root = fileURLToPath(new URL("..", import.meta.url));
const probesFile = join(root, "test/types-runtime/probes.ts");

const WELL_KNOWN: Readonly<Record<string, symbol>> = {
  iterator: Symbol.iterator,
  asyncIterator: Symbol.asyncIterator,
  toPrimitive: Symbol.toPrimitive,
};

/** What the types of the probes promise, by probe. */
function promised(): Map<string, Member[]> {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, include: [], files: [probesFile] },
    ts.sys,
    root,
  );
  const program = ts.createProgram([probesFile], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(probesFile);
  assert(source);
  const symbol = checker.getExportsOfModule(checker.getSymbolAtLocation(source) as ts.Symbol)[0];
  assert(symbol);
  const [signature] = checker.getTypeOfSymbol(symbol).getCallSignatures();
  assert(signature);
  const all = new Map<string, Member[]>();
  for (const probe of signature.getReturnType().getProperties()) {
    const type = checker.getTypeOfSymbol(probe);
    const members = checker.getPropertiesOfType(type).map((member) => memberOf(checker, member));
    all.set(
      probe.name,
      members.filter((member) => member !== null),
    );
  }
  return all;
}

function memberOf(checker: ts.TypeChecker, member: ts.Symbol): Member | null {
  const name = member.name;
  // Rows are asked for by index; optional members need not be there.
  if (/^\d+$/.test(name) || member.flags & ts.SymbolFlags.Optional) return null;
  const type = checker.getTypeOfSymbol(member);
  const open = (type.flags & (ts.TypeFlags.Unknown | ts.TypeFlags.Any)) !== 0 || type.isUnion();
  const callable = type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0;
  const kind = open ? "either" : callable ? "function" : "value";
  if (!name.startsWith("__@")) return { key: name, kind };
  // Symbols of the types alone, such as that under which a model's fields are kept, are no members.
  const known = WELL_KNOWN[name.slice(3).replace(/@\d+$/, "")];
  return known === undefined ? null : { key: known, kind };
}

const types = promised();
let values: Record<string, object>;

before(async () => {
  configure({ apps: { testapp, orders }, databases: { default: "sqlite::memory:" } });
  await fill();
  values = probes();
});
after(() => connections.close());

test("the types were found", () => {
  assert.deepEqual([...types.keys()], Object.keys(values));
  for (const [name, members] of types) assert(members.length > 0, `${name} has no members`);
  const methods = types.get("an async queryset")?.map((member) => member.key) ?? [];
  for (const name of ["filter", "alias", "explain", "eval", "item", Symbol.asyncIterator]) {
    assert(methods.includes(name), `the type of an async queryset has no ${String(name)}`);
  }
  const members = types.get("an object with choices")?.map((member) => member.key) ?? [];
  for (const name of ["arefreshFromDb", "get_status_display", "apizza", "pizza_id"]) {
    assert(members.includes(name), `the type of an order has no ${name}`);
  }
});

describe("every promised member is there", () => {
  for (const [name, members] of types) {
    test(name, () => {
      const value = values[name];
      assert(value !== undefined);
      const missing = members.filter(({ key }) => !(key in value)).map(({ key }) => String(key));
      assert.deepEqual(missing, [], "members that the type promises");
      const wrong = members
        .filter(({ kind }) => kind !== "either")
        .filter(
          ({ key, kind }) => (typeof Reflect.get(value, key, value) === "function") !== (kind === "function"),
        )
        .map(({ key, kind }) => `${String(key)} is not a ${kind}`);
      assert.deepEqual(wrong, []);
    });
  }
});

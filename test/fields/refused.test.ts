/** Values that a column cannot hold are refused before the database is asked, and the error says where. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  BigIntegerField,
  CharField,
  configure,
  connections,
  countQueries,
  createTables,
  DataError,
  DateField,
  DecimalField,
  DurationField,
  IntegerField,
  Model,
  TextField,
  ValidationError,
  ValueError,
} from "asgimod";
import { database as mysqlDatabase, skip as mysqlSkip } from "../mysql/server.ts";
import { database, skip } from "../postgresql/server.ts";

class Row extends Model("refused.Row", {
  n: IntegerField({ null: true }),
  big: BigIntegerField({ null: true }),
  day: DateField({ null: true }),
  text: CharField({ maxLength: 3, null: true }),
  long: TextField({ null: true }),
  price: DecimalField({ maxDigits: 5, decimalPlaces: 2, null: true }),
  took: DurationField({ null: true }),
}) {}
declare module "asgimod" {
  interface Apps {
    refused: { Row: typeof Row };
  }
}

type Refused = readonly [values: object, error: new (...args: never) => Error, message: string];

/** Refused everywhere. */
const everywhere: readonly Refused[] = [
  [{ n: 2n ** 64n }, DataError, "integer out of range: Row.n got 18446744073709551616"],
  [{ big: 2n ** 63n }, DataError, "bigint out of range: Row.big got 9223372036854775808"],
  [
    { big: 2 ** 53 },
    ValueError,
    "Row.big got 9007199254740992: a number beyond 2^53 may have been rounded already. Use a bigint.",
  ],
  [{ n: "x" }, ValueError, "Field 'n' expected a number but got 'x'."],
  [{ text: "\ud800" }, ValueError, 'Row.text got "\\ud800": half of a surrogate pair is no character.'],
  [{ long: "a\udc00" }, ValueError, 'Row.long got "a\\udc00": half of a surrogate pair is no character.'],
  [
    { day: "2024-02-30" },
    ValidationError,
    "Row.day: “2024-02-30” value has the correct format (YYYY-MM-DD) but it is an invalid date.",
  ],
  [
    { day: new Date(Number.NaN) },
    ValidationError,
    "Row.day: “Invalid Date” value has an invalid date format. It must be in YYYY-MM-DD format.",
  ],
  [{ price: "1,5" }, ValidationError, "Row.price: “1,5” value must be a decimal number."],
  [
    { took: "" },
    ValidationError,
    "Row.took: “” value has an invalid format. It must be in [DD] [[HH:]MM:]ss[.uuuuuu] format.",
  ],
  [{ price: Number.NaN }, ValidationError, "Row.price: “nan” value must be a decimal number."],
];

/** SQLite takes 64 bits in every column; what a `number` cannot hold would not come back. */
const sqlite: readonly Refused[] = [
  [
    { n: 2n ** 53n + 1n },
    ValueError,
    "Row.n got 9007199254740993, which does not fit a number exactly. Use a BigIntegerField for such values.",
  ],
];

/** PostgreSQL would refuse them, too, but says neither model nor field. */
const postgresql: readonly Refused[] = [
  [{ n: 2n ** 31n }, DataError, "integer out of range: Row.n got 2147483648"],
  [{ text: "😀😀😀😀" }, DataError, "value too long for type character varying(3): Row.text got '😀😀😀😀'"],
  [{ text: "abc   " }, DataError, "value too long for type character varying(3): Row.text got 'abc   '"],
  [{ long: "a\0b" }, DataError, "text fields cannot contain NUL (0x00) bytes: Row.long got 'a\\x00b'"],
  [{ price: "999.995" }, DataError, "numeric field overflow (precision 5, scale 2): Row.price got 999.995"],
];

/** MariaDB and MySQL, too. */
const mysql: readonly Refused[] = [
  [{ n: 2n ** 31n }, DataError, "integer out of range: Row.n got 2147483648"],
  [{ text: "abcd" }, DataError, "Data too long for column: Row.text got 'abcd'"],
  [{ text: "abc   " }, DataError, "Data too long for column: Row.text got 'abc   '"],
  [{ price: "999.995" }, DataError, "Out of range value for column: Row.price got 999.995"],
];

const mysqlUrl = mysqlSkip === false ? (await mysqlDatabase("refused")).url : "";
const url = skip === false ? (await database("refused")).url : "";

for (const [name, database, more] of [
  ["sqlite", "sqlite::memory:", sqlite],
  ["postgresql", url, postgresql],
  ["mysql", mysqlUrl, mysql],
] as const) {
  describe(name, { skip: database === "" ? `no ${name} server` : false }, () => {
    before(async () => {
      configure({ apps: { refused: { Row } }, databases: { default: database } });
      await connections.close();
      await createTables({ apps: ["refused"] });
    });
    after(() => connections.close());

    for (const [values, kind, message] of [...everywhere, ...more]) {
      test(message, async () => {
        const row = await Row.aobjects.create({});
        const ways: Record<string, () => Promise<unknown>> = {
          create: () => Row.aobjects.create(values as never),
          save: () => Object.assign(new Row({}), values).asave(),
          "save again": () => Object.assign(row, values).asave(),
          bulkCreate: () => Row.aobjects.bulkCreate([new Row(values as never)]),
          update: () => Row.aobjects.update(values as never),
          bulkUpdate: () =>
            Row.aobjects.bulkUpdate([Object.assign(row, values)], Object.keys(values) as never),
        };
        for (const [way, write] of Object.entries(ways)) {
          const { count } = await countQueries(() =>
            assert.rejects(write, (error) => {
              assert(error instanceof kind, `${way}: ${error}`);
              assert.equal(error.message, message, way);
              return true;
            }),
          );
          assert.equal(count, 0, `${way} asked the database`);
        }
      });
    }

    test("what fits is taken, to the last digit", async () => {
      const values = {
        n: 2 ** 31 - 1,
        big: -(2n ** 63n),
        text: "😀é漢",
        price: "-999.99",
        long: "x".repeat(100_000),
      };
      const { pk } = await Row.aobjects.create(values);
      const row = await Row.aobjects.get({ pk });
      assert.deepEqual([row.n, row.big, row.text, String(row.price), row.long], Object.values(values));
    });
  });
}

/** The pages "Constraints reference" and "GeneratedField". */
import {
  CheckConstraint,
  Deferrable,
  F,
  GeneratedField,
  IntegerField,
  Lower,
  Q,
  UniqueConstraint,
} from "asgimod";
import { Point, Ticket } from "./expression-models.ts";
import { clean, compareWithDjango, type Loose, rows } from "./expression-setup.ts";

/** Classes as JavaScript may call them. */
const unchecked = <T>(value: T) => value as unknown as (...args: unknown[]) => unknown;
const unique = unchecked(UniqueConstraint);
const check = unchecked(CheckConstraint);
const generated = unchecked(GeneratedField);

type Values = ConstructorParameters<typeof Ticket>[0];

compareWithDjango("constraints", ({ colour, Ticket: tickets, Point: points }) => {
  const ticket = (values: Values, exclude: readonly string[] = []) =>
    clean(new Ticket(values), colour, exclude);
  /** Asks while there is a ticket. */
  const beside = (question: () => unknown) => async () => {
    await tickets.create({ event: "A", holder: "Ann", row: 1, seat: 2, price: 10 });
    return rows(await question());
  };
  const pointBeside = (y: number | null, question: () => unknown) => async () => {
    await points.create({ x: 1, y });
    return question();
  };
  return {
    good: () => ticket({ event: "A", price: 3 }),
    "a check": () => ticket({ event: "A", price: -1, paid: -5 }),
    "a check of expressions": () => ticket({ event: "A", price: 1, paid: 5 }),
    "a check of a field that is excluded": () => ticket({ event: "A", price: 1, paid: 5 }, ["paid"]),
    "a check of null": () => ticket({ event: "A", price: 1, paid: null as never }),
    "an expression": beside(() => ticket({ event: "A", holder: "aNN", price: 1 })),
    "an expression, another event": beside(() => ticket({ event: "B", holder: "aNN", price: 1 })),
    "an expression of null": beside(() => ticket({ event: "A", holder: null, price: 1 })),
    "an expression, excluded": beside(() => ticket({ event: "A", holder: "aNN", price: 1 }, ["holder"])),
    "the same object": beside(async () => clean((await tickets.get()) as unknown as Ticket, colour)),
    "a condition": beside(() => ticket({ event: "A", row: 1, seat: 2, price: 1 })),
    "a condition that does not hold": beside(() =>
      ticket({ event: "A", row: 1, seat: 2, price: 1, void: true }),
    ),
    "a condition that is excluded": beside(() => ticket({ event: "A", row: 1, seat: 2, price: 1 }, ["void"])),
    "fields with a null": beside(() => ticket({ event: "A", row: null, seat: 2, price: 1 })),
    "the database's own check": () => tickets.create({ event: "A", price: -1, paid: -5 }),
    "the database's own uniqueness": beside(() =>
      tickets.create({ event: "A", holder: "Bob", row: 1, seat: 2, price: 1 }),
    ),
    "a generated column": beside(() => tickets.valuesList("due", { flat: true })),
    "a generated column filtered": beside(() => tickets.filter({ due__gt: 5 }).count()),
    "a generated column of an object": async () =>
      ((await tickets.create({ event: "G", price: 5, paid: 2 })) as Loose & { due: number }).due,
    "a check of a generated column": () => clean(new Point({ x: 99, y: 1 }), colour),
    "uniqueness of a generated column": pointBeside(null, () => clean(new Point({ x: 0, y: 1 }), colour)),
    "fields with a code": pointBeside(2, () => clean(new Point({ x: 1, y: 2 }), colour)),
    "no name": () => unique({ fields: ["x"], name: "" }),
    "no fields": () => unique({ name: "x" }),
    "fields and expressions": () => unique(F("x"), { fields: ["x"], name: "x" }),
    "a condition that is none": () => unique({ fields: ["x"], condition: F("x"), name: "x" }),
    "deferred with a condition": () =>
      unique({ fields: ["x"], condition: Q({ x: 1 }), deferrable: Deferrable.DEFERRED, name: "x" }),
    "deferred with an expression": () => unique(Lower("x"), { deferrable: Deferrable.DEFERRED, name: "x" }),
    "deferred with included columns": () =>
      unique({ fields: ["x"], include: ["y"], deferrable: Deferrable.DEFERRED, name: "x" }),
    "operator classes of expressions": () => unique(Lower("x"), { opclasses: ["a"], name: "x" }),
    "too few operator classes": () => unique({ fields: ["x", "y"], opclasses: ["a"], name: "x" }),
    "a check of no condition": () => check({ condition: F("x"), name: "x" }),
    "a generated field with a default": () =>
      generated({ expression: F("x"), outputField: IntegerField(), dbPersist: true, default: 1 }),
    "a generated field, editable": () =>
      generated({ expression: F("x"), outputField: IntegerField(), dbPersist: true, editable: true }),
    "a generated field that does not say whether it is stored": () =>
      generated({ expression: F("x"), outputField: IntegerField(), dbPersist: null }),
  };
});

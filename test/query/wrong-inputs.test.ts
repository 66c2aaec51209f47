/** Wrong inputs to each method of querysets: the class of the error, and a text that names the culprit and the choices. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  ArgumentTypeError,
  ConnectionDoesNotExist,
  Count,
  connections,
  F,
  FieldError,
  IndexError,
  NotSupportedError,
  Prefetch,
  Sum,
  ValidationError,
  ValueError,
} from "asgimod";
import { open, Pizza, Topping } from "./pizzeria.ts";

type Call = (...args: unknown[]) => unknown;
/** Wrong on purpose, so without types. */
type Loose = Record<string, Call>;
type ErrorClass = new (...args: never[]) => Error;
type Wrong = readonly [method: string, args: readonly unknown[], error: ErrorClass, text: RegExp];

const CHOICES = /Choices are: box, box_id, id, name, price, price_id, size, toppings/;
const PROMISE = Promise.resolve("x");
const INVALID_DATE = new Date(Number.NaN);

/** `toppings` is a queryset in the colour of the call. */
function cases(toppings: unknown, pizzas: Loose): Wrong[] {
  const twoColumns = (pizzas["values"] as Call).call(pizzas, "id", "name");
  return [
    // Names that are not there.
    ["filter", [{ bogus: 1 }], FieldError, /^Cannot resolve keyword 'bogus' into field\./],
    ["filter", [{ bogus: 1 }], FieldError, CHOICES],
    [
      "exclude",
      [{ box__bogus: 1 }],
      FieldError,
      /Unsupported lookup 'bogus' for ForeignKey or join on the field not permitted/,
    ],
    ["filter", [{ name__bogus: 1 }], FieldError, /Unsupported lookup 'bogus' for CharField/],
    ["filter", [{ name__startwith: "a" }], FieldError, /perhaps you meant startswith or istartswith/],
    ["get", [{ bogus: 1 }], FieldError, CHOICES],
    ["update", [{ bogus: 1 }], Error, /Pizza has no field named 'bogus'/],
    ["create", [{ bogus: 1 }], ArgumentTypeError, /Pizza\(\) got unexpected keyword arguments: 'bogus'/],
    ["getOrCreate", [{ bogus: 1 }], FieldError, /'bogus'/],
    ["updateOrCreate", [{ bogus: 1 }], FieldError, /'bogus'/],
    ["annotate", [{ x: F("bogus") }], FieldError, CHOICES],
    [
      "annotate",
      [{ name: Count("pk") }],
      ValueError,
      /The annotation 'name' conflicts with a field on the model\./,
    ],
    ["aggregate", [{ x: Sum("bogus") }], FieldError, CHOICES],
    ["values", ["bogus"], FieldError, CHOICES],
    ["valuesList", ["bogus"], FieldError, CHOICES],
    ["orderBy", ["bogus"], FieldError, CHOICES],
    ["only", ["bogus"], Error, /Pizza has no field named 'bogus'/],
    ["selectRelated", ["bogus"], FieldError, /'bogus'. Choices are: box, price/],
    [
      "prefetchRelated",
      ["bogus"],
      Error,
      /Cannot find 'bogus' on Pizza object, 'bogus' is an invalid parameter/,
    ],
    ["prefetchRelated", ["name"], ValueError, /'name' does not resolve to an item that supports prefetching/],
    ["dates", ["bogus", "year"], FieldError, CHOICES],
    ["dates", ["name", "year"], ArgumentTypeError, /'name' isn't a DateField/],
    ["latest", ["bogus"], FieldError, CHOICES],
    ["earliest", [], ValueError, /require either fields as positional arguments or 'getLatestBy'/],
    ["inBulk", [["a"], { fieldName: "name" }], ValueError, /must be a unique field but 'name' isn't/],
    ["using", ["bogus"], ConnectionDoesNotExist, /'bogus' doesn't exist. Choices are: default/],
    ["bulkUpdate", [[], ["bogus"]], Error, /Pizza has no field named 'bogus'/],
    // undefined: a misspelt property, most often.
    ...["filter", "exclude", "get", "getOrCreate", "updateOrCreate"].map(
      (method): Wrong => [
        method,
        [{ name: undefined }],
        ArgumentTypeError,
        /undefined is not a value: pass null/,
      ],
    ),
    ["filter", [{ id__in: [1, undefined] }], ArgumentTypeError, /undefined is not a value/],
    ["update", [{ name: undefined }], ArgumentTypeError, /'Pizza\.name' is undefined\. Use null/],
    ["create", [{ name: undefined }], ArgumentTypeError, /Pizza\(\) got undefined for 'name'/],
    ["filter", [undefined], ArgumentTypeError, /Conditions are objects of lookups, Q objects or expressions/],
    ["update", [undefined], ArgumentTypeError, /update\(\) takes an object of fields and values, not/],
    ["annotate", [undefined], ArgumentTypeError, /received non-expression\(s\): undefined/],
    ["values", [undefined], ArgumentTypeError, /received non-expression\(s\)/],
    ["orderBy", [undefined], ArgumentTypeError, /undefined/],
    ["only", [undefined], ArgumentTypeError, /only\(\) takes names of fields, not/],
    ["bulkCreate", [undefined], ArgumentTypeError, /bulkCreate\(\) takes a list of objects, not/],
    ["bulkUpdate", [[]], ArgumentTypeError, /bulkUpdate\(\) takes a list of the names of fields, not/],
    ["contains", [undefined], ArgumentTypeError, /'obj' must be a model instance/],
    ["extra", [undefined], ArgumentTypeError, /extra\(\) takes an object of options, not/],
    // A promise: a missing await.
    ...["filter", "exclude", "get", "getOrCreate", "updateOrCreate"].map(
      (method): Wrong => [
        method,
        [{ name: PROMISE }],
        ArgumentTypeError,
        /A promise is not a value: await it first/,
      ],
    ),
    ["filter", [{ id__in: [1, PROMISE] }], ArgumentTypeError, /A promise is not a value: await it first/],
    ["update", [{ name: PROMISE }], ArgumentTypeError, /Field 'name' got a promise: await it first/],
    [
      "create",
      [{ name: PROMISE, price_id: 1 }],
      ArgumentTypeError,
      /Field 'name' got a promise: await it first/,
    ],
    ["create", [PROMISE], ArgumentTypeError, /create\(\) takes an object of fields and values, not/],
    ["update", [PROMISE], ArgumentTypeError, /update\(\) takes an object of fields and values, not/],
    ["bulkCreate", [PROMISE], ArgumentTypeError, /bulkCreate\(\) takes a list of objects, not/],
    ["inBulk", [PROMISE], ArgumentTypeError, /inBulk\(\) takes a list of keys, not/],
    ["union", [PROMISE], ArgumentTypeError, /union\(\) takes querysets, not/],
    ["at", [PROMISE], ArgumentTypeError, /QuerySet indices must be integers/],
    // Values that no column can hold.
    ["filter", [{ id: Number.NaN }], ValueError, /Field 'id' expected a number but got nan/],
    ["filter", [{ size__gt: "many" }], ValueError, /Field 'size' expected a number but got 'many'/],
    ["filter", [{ size__in: [1, "many"] }], ValueError, /Field 'size' expected a number but got 'many'/],
    ["filter", [{ size: {} }], ArgumentTypeError, /Field 'size' expected a number but got {}/],
    ["filter", [{ size: INVALID_DATE }], Error, /Field 'size' expected a number/],
    ["filter", [{ price__amount: "dear" }], ValidationError, /must be a decimal number/],
    ["filter", [{ name__isnull: 1 }], ValueError, /isnull lookup must be True or False/],
    ["filter", [{ id__in: 5 }], ArgumentTypeError, /5 is not a list|not iterable/],
    ["filter", [{ id__range: [1] }], Error, /range|two/i],
    ["filter", [{ box: "Medium" }], ValueError, /Field 'id' expected a number but got 'Medium'/],
    // Querysets with other rows or columns.
    [
      "filter",
      [{ id__in: twoColumns }],
      ValueError,
      /must have 1 selected fields? \(received 2\)|only one column|1 selected field/i,
    ],
    [
      "filter",
      [{ box: toppings }],
      ValueError,
      /Cannot use QuerySet for "Topping": Use a QuerySet for "Box"/,
    ],
    ["filter", [5], ArgumentTypeError, /Conditions are objects of lookups/],
    ["and", [toppings], ArgumentTypeError, /Cannot combine queries on two different base models/],
    ["xor", [5], ArgumentTypeError, /Operator \^ takes another queryset, not 5/],
    ["union", [5], ArgumentTypeError, /union\(\) takes querysets, not 5/],
    ["intersection", [{}], ArgumentTypeError, /intersection\(\) takes querysets, not {}/],
    ["difference", ["a"], ArgumentTypeError, /difference\(\) takes querysets, not 'a'/],
    // Wrong types at the other places.
    ["distinct", [5], ArgumentTypeError, /distinct\(\) takes names of fields, not 5/],
    ["distinct", ["name"], NotSupportedError, /DISTINCT ON fields is not supported/],
    [
      "prefetchRelated",
      [5],
      ArgumentTypeError,
      /prefetchRelated\(\) takes names and Prefetch objects, not 5/,
    ],
    ["selectRelated", [5], ArgumentTypeError, /selectRelated\(\) takes names of fields, not 5/],
    ["defer", [5], ArgumentTypeError, /defer\(\) takes names of fields, not 5/],
    ["orderBy", [{}], FieldError, /Invalid orderBy arguments: \[{}\]/],
    ["latest", [5], FieldError, /Invalid orderBy arguments: \[5\]/],
    ["slice", [-1], ValueError, /Negative indexing is not supported/],
    ["slice", [1.5], ArgumentTypeError, /QuerySet indices must be integers or slices, not 1\.5/],
    ["at", [7], IndexError, /no row at index 7/],
    ["using", [5], ArgumentTypeError, /using\(\) takes the alias of a database, not 5/],
    ["bulkCreate", [[5]], ArgumentTypeError, /bulkCreate\(\) takes instances of Pizza, not 5/],
    [
      "bulkCreate",
      [[new Topping({ name: "x" })]],
      ArgumentTypeError,
      /takes instances of Pizza, not .*Topping/,
    ],
    ["bulkUpdate", [[5], ["name"]], ArgumentTypeError, /bulkUpdate\(\) takes instances of Pizza, not 5/],
    ["bulkUpdate", [[], []], ValueError, /Field names must be given to bulkUpdate\(\)/],
    ["dates", ["name", "century"], ValueError, /'kind' must be one of 'year', 'month', 'week', or 'day'/],
    ["dates", ["name", "year", "UP"], ValueError, /'order' must be either 'ASC' or 'DESC'/],
    ["fetchMode", [5], ArgumentTypeError, /fetchMode\(\) takes FETCH_ONE, FETCH_PEERS or FETCH_RAISE/],
    ["raw", [5], Error, /must be a string/],
    // Options that are not there.
    [
      "valuesList",
      ["id", { flatt: true }],
      ArgumentTypeError,
      /has no option 'flatt'. Choices are: flat, named/,
    ],
    ["valuesList", ["id", "name", { flat: true }], ArgumentTypeError, /'flat' is not valid/],
    ["union", [toppings, { al: true }], ArgumentTypeError, /union\(\) has no option 'al'. Choices are: all/],
    [
      "extra",
      [{ were: ["1"] }],
      ArgumentTypeError,
      /extra\(\) has no option 'were'. Choices are: select, selectParams, where/,
    ],
    [
      "selectForUpdate",
      [{ wait: 1 }],
      ArgumentTypeError,
      /has no option 'wait'. Choices are: nowait, skipLocked, of, noKey/,
    ],
    [
      "iterator",
      [{ size: 1 }],
      ArgumentTypeError,
      /iterator\(\) has no option 'size'. Choices are: chunkSize/,
    ],
    ["iterator", [{ chunkSize: 0 }], ValueError, /Chunk size must be strictly positive/],
    [
      "bulkCreate",
      [[], { batch: 1 }],
      ArgumentTypeError,
      /bulkCreate\(\) has no option 'batch'. Choices are: /,
    ],
    ["bulkCreate", [[], { batchSize: -1 }], ValueError, /Batch size must be a positive integer/],
  ];
}

/** Chains, then evaluates, whatever the call gave. */
async function run(pizzas: Loose, method: string, args: readonly unknown[]): Promise<unknown> {
  const result = await (pizzas[method] as Call).call(pizzas, ...args);
  if (typeof result === "object" && result !== null) {
    if (Symbol.iterator in result) return [...(result as Iterable<unknown>)];
    if (Symbol.asyncIterator in result) {
      for await (const row of result as AsyncIterable<unknown>) void row;
    }
  }
  return result;
}

for (const colour of ["sync", "async"] as const) {
  describe(`wrong inputs, ${colour}`, () => {
    before(open);
    after(() => connections.close());
    const pizzas = (colour === "sync" ? Pizza.objects : Pizza.aobjects) as unknown as Loose;
    const toppings: unknown = colour === "sync" ? Topping.objects.all() : Topping.aobjects.all();

    for (const [method, args, error, text] of cases(toppings, pizzas)) {
      it(`${method}: ${text.source}`, async () => {
        await assert.rejects(
          () => run(pizzas, method, args),
          (thrown: Error) => {
            assert.match(thrown.message, text);
            assert.ok(thrown instanceof error, `${thrown.constructor.name} is no ${error.name}`);
            assert.equal(typeof (thrown as { code?: unknown }).code, "string", "an error of the library");
            return true;
          },
        );
      });
    }

    it("nothing was written", async () => {
      assert.deepEqual(await Pizza.aobjects.orderBy("id").valuesList("name", { flat: true }), [
        "Margherita",
        "Funghi",
        "Prosciutto",
      ]);
    });
  });
}

describe("wrong inputs to expressions", () => {
  const rejected: [string, () => unknown, ErrorClass, RegExp][] = [
    ["F", () => F(5 as never), ArgumentTypeError, /F\(\) takes the name of a field, not 5/],
    ["Prefetch", () => Prefetch("toppings", { queryset: 5 as never }), Error, /Prefetch/],
  ];
  for (const [name, make, error, text] of rejected) {
    it(name, () => {
      assert.throws(make, (thrown: Error) => {
        assert.match(thrown.message, text);
        return thrown instanceof error;
      });
    });
  }
});

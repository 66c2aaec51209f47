/** What must compile, and (under `@ts-expect-error`) what must not. */

import type { Decimal } from "../../src/util/decimal.ts";
import { Count, F, Prefetch, Q, Sum } from "./api.ts";
import { Box, Label, MyPlace, Note, Pizza, Price, Restaurant, Tag, Topping } from "./models.ts";

type Eq<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function is<A>(): <B>(b: B, ...ok: Eq<A, B> extends true ? [] : [never]) => void;

const price = await Price.aobjects.create({ amount: "9.99" });
await Pizza.aobjects.create({ name: "x", price });
await Pizza.aobjects.create({ name: "x", price_id: 1 });
const pizza = await Pizza.aobjects.get({ id: 1 });
is<string>()(pizza.name);
is<string>()(pizza.shout);
is<Box | null>()(await pizza.abox);
is<Pizza>()(await price.apizza);
const boxes = await Box.aobjects.filter({ pizza__name: "x", pizza__toppings__name__in: ["a", "b"] });
is<Pizza[]>()(await boxes[0]!.apizza_set.filter({ price__currency: "usd" }));
is<Pizza>()(await Pizza.aobjects.orderBy("box__name", "-price__amount")[0]);
is<"S" | "L">()(pizza.size);
const rows = await Pizza.aobjects
  .annotate({ n: Count("toppings") })
  .values("name", "box__name", "price__amount", "n", "box");
is<{ name: string; box__name: string | null; price__amount: Decimal; n: number; box: number | null }[]>()(
  rows,
);

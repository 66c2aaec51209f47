import type { AsyncQuerySet } from "asgimod/db";
import { define, say, show } from "../print.ts";
import { Pizza } from "../testapp/models.ts";

export const name = "managers";
export const title = "managers and querysets with methods of your own";

/** Functions can take querysets; their types have the model's label. */
async function shortest(pizzas: AsyncQuerySet<"testapp.Pizza">): Promise<string> {
  const names = await pizzas.valuesList("name", { flat: true });
  return names.toSorted((a, b) => a.length - b.length)[0] ?? "";
}

export async function run(): Promise<void> {
  const menu = define("menu", () =>
    Pizza.aobjects.extend({
      below(amount: string) {
        return this.filter({ price__amount__lt: amount });
      },
      boxed() {
        return this.filter({ box__isnull: false });
      },
    }),
  );

  say("The methods are on the manager and on all that is chained to it.");
  await show(() => menu.below("10"));
  await show(() => menu.exclude({ name: "Funghi" }).boxed().below("12").orderBy("-name"));

  say("A function of a queryset.");
  await show(() => shortest(Pizza.aobjects.exclude({ name: "Hawaii" })));
}

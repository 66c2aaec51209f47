import { Decimal, F, Q } from "asgimod";
import { define, say, show } from "../print.ts";
import { Pizza, Price } from "../testapp/models.ts";

export const name = "operators";
export const title = "and, or, xor, Q and F";

export async function run(): Promise<void> {
  say("Two querysets of one model make a third: Python's &, | and ^.");
  const qa = define("qa", () => Price.objects.filter({ amount__gt: "8" }));
  const qb = define("qb", () => Price.objects.filter({ currency: "usd" }));
  await show(() => qa.and(qb));
  await show(() => qa.or(qb));
  await show(() => qa.xor(qb));
  await show(() =>
    Price.aobjects
      .filter({ currency: "usd" })
      .or(Price.aobjects.filter({ currency: "eur" }))
      .count(),
  );
  await show(() =>
    Price.aobjects.filter({ amount__gt: "8" }).and(Price.aobjects.filter({ amount__gt: "12" })),
  );

  say("Conditions combine too. Pizza.Q is checked where it stands, Q where it is used.");
  await show(() => Pizza.aobjects.filter(Pizza.Q({ name: "Funghi" }).or(Pizza.Q({ box__name: "large" }))));
  await show(() =>
    Pizza.aobjects.filter(Q({ name__contains: "a" }).and(Q({ toppings__name: "Basil" }).not())),
  );

  say("F is the value of a field in the database; it calculates.");
  await show(() => Pizza.aobjects.filter({ price_id: F("id") }).count());
  await show(() =>
    Price.aobjects.annotate({ twice: F("amount").mul(2) }).valuesList("twice", { flat: true }),
  );
  await show(() =>
    Price.aobjects.filter({ currency: "eur" }).update({ amount: F("amount").add(1).sub(new Decimal("0.5")) }),
  );
  await show(() => Price.aobjects.get({ currency: "eur" }));
}

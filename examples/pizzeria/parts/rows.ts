import { Count, Max, Sum, Upper } from "asgimod";
import { say, show } from "../print.ts";
import { Pizza, Price, Topping } from "../testapp/models.ts";

export const name = "rows";
export const title = "values and valuesList: rows instead of objects";

export async function run(): Promise<void> {
  say("values gives plain objects, also across relations, and of expressions.");
  await show(() => Topping.aobjects.values().slice(0, 2));
  await show(() => Pizza.aobjects.values("name", "box__name", "price__amount"));
  await show(() => Pizza.aobjects.values("id", { loud: Upper("name") }).slice(0, 2));

  say("valuesList gives tuples, bare values or tuples with names.");
  await show(() => Pizza.aobjects.valuesList("id", "name"));
  await show(() => Topping.aobjects.valuesList("name", { flat: true }));
  const [first] = await show(
    () => Pizza.aobjects.valuesList("name", "box__name", { named: true }).slice(0, 1),
    "[first]",
  );
  await show(() => first?.box__name);

  say("values before annotate groups the rows.");
  await show(() => Price.aobjects.values("currency").annotate({ n: Count("id"), sum: Sum("amount") }));
  await show(() => Pizza.aobjects.values("box__name").annotate(Max("price__amount")).orderBy("box__name"));
}

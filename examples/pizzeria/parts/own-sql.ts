import { aatomic, createTables } from "asgimod";
import { say, show } from "../print.ts";
import { Pizza, Topping } from "../testapp/models.ts";

export const name = "own-sql";
export const title = "raw, extra, explain, using, selectForUpdate";

export async function run(): Promise<void> {
  say("raw makes objects from SQL of your own; values travel as parameters.");
  await show(() => Pizza.aobjects.raw("SELECT id, name FROM testapp_pizza WHERE name LIKE %s", ["%a%"]));
  await show(() =>
    Topping.aobjects.raw(
      "SELECT id AS number, upper(name) AS name FROM testapp_topping WHERE id < %(below)s",
      { below: 3 },
      { translations: { number: "id" } },
    ),
  );

  say("extra adds pieces of SQL to a queryset.");
  await show(() =>
    Pizza.aobjects.extra({ select: { letters: "length(name)" }, where: ["length(name) > %s"], params: [6] }),
  );
  await show(() => Topping.objects.extra({ where: ["name LIKE 'M%%'"] }).valuesList("name", { flat: true }));

  say("explain is what the database says about the query.");
  await show(() => Pizza.aobjects.filter({ box__name: "large" }).explain());

  say("using asks another database of the settings.");
  await createTables({ using: "archive" });
  await show(() => Topping.aobjects.using("archive").create({ name: "Truffle" }));
  await show(() => Topping.aobjects.using("archive").all());
  await show(() => Topping.aobjects.filter({ name: "Truffle" }).exists());

  say("selectForUpdate locks rows until the transaction ends; SQLite locks the whole database instead.");
  await show(() =>
    aatomic(async () => {
      const pizza = await Pizza.aobjects.selectForUpdate().get({ id: 1 });
      return pizza.name;
    }),
  );
}

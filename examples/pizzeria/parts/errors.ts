import { IntegrityError, ObjectDoesNotExist } from "asgimod";
import { fails, say, show } from "../print.ts";
import { Pizza, Price, Topping } from "../testapp/models.ts";

export const name = "errors";
export const title = "what goes wrong, and how it says so";

export async function run(): Promise<void> {
  say("The errors are Django's. Each model has its own DoesNotExist and MultipleObjectsReturned.");
  await fails(() => Pizza.aobjects.get({ name: "Quattro" }));
  await fails(() => Topping.objects.get({ name__startswith: "B" }));
  await show(async () => {
    try {
      return await Pizza.aobjects.get({ name: "Quattro" });
    } catch (error) {
      return [error instanceof Pizza.DoesNotExist, error instanceof ObjectDoesNotExist];
    }
  });

  say("A misspelt name is refused by the compiler, and at run time with the choices.");
  // @ts-expect-error there is no such field
  await fails(() => Pizza.aobjects.filter({ nam: "Hawaii" }));
  // @ts-expect-error there is no such lookup
  await fails(() => Pizza.aobjects.filter({ name__begins: "H" }));
  // @ts-expect-error there is no such field
  await fails(() => Pizza.aobjects.orderBy("boxx__name"));

  say("undefined is refused: a condition that got lost would match every row.");
  // @ts-expect-error undefined is no value
  await fails(() => Pizza.aobjects.filter({ name: undefined }));

  say("What the database refuses is an IntegrityError; the driver's own error is its cause.");
  const price = await show(() => Price.aobjects.get({ id: 1 }), "price");
  await fails(() => Pizza.aobjects.create({ name: "Twin", price }));
  await show(async () => {
    try {
      return await Pizza.aobjects.create({ name: "Twin", price });
    } catch (error) {
      return error instanceof IntegrityError ? [error.code, error.cause instanceof Error] : error;
    }
  });
  await fails(() => Pizza.objects.all().slice(-1));
}

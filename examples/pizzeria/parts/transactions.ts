import { aatomic, atomic, onCommit } from "asgimod";
import { fails, say, show } from "../print.ts";
import { Box, Topping } from "../testapp/models.ts";

export const name = "transactions";
export const title = "atomic and aatomic";

export async function run(): Promise<void> {
  say("All of a block, or nothing.");
  await show(() =>
    aatomic(async () => {
      await Topping.aobjects.create({ name: "Olives" });
      return await Box.aobjects.create({ name: "family" });
    }),
  );
  await fails(() =>
    aatomic(async () => {
      await Topping.aobjects.create({ name: "Anchovies" });
      throw new Error("sold out");
    }),
  );
  await show(() => Topping.aobjects.filter({ name: "Anchovies" }).exists());

  say("A block inside a block is a savepoint.");
  await show(() =>
    atomic(() => {
      Topping.objects.create({ name: "Capers" });
      try {
        atomic(() => {
          Topping.objects.create({ name: "Anchovies" });
          throw new Error("sold out");
        });
      } catch {
        // The outer block goes on.
      }
      return Topping.objects
        .filter({ name__in: ["Capers", "Anchovies"] })
        .valuesList("name", { flat: true })
        .eval();
    }),
  );

  say("onCommit runs when all is written, and never after a rollback.");
  const sent: string[] = [];
  await show(() =>
    aatomic(async () => {
      const box = await Box.aobjects.create({ name: "gift" });
      onCommit(() => sent.push(box.name));
      return sent.length;
    }),
  );
  await show(() => sent);
}

/** What a user of the package may write. It compiles on every supported TypeScript, and runs. */
import { configure, connections, createTables } from "asgimod";
import { AsyncQuerySet } from "asgimod/db";
import { AsyncMixin } from "asgimod/mixins";
import { syncToAsync } from "asgimod/sync";
import * as consumer from "./models.ts";
import { Box, Pizza, Price } from "./models.ts";

configure({ apps: { consumer }, databases: { default: "sqlite::memory:" } });
await createTables();

const box = await Box.aobjects.create({ name: "M" });
const price = await Price.aobjects.create({ amount: "9.90" });
await Pizza.aobjects.create({ name: "Margherita", box, price });

const pizza: Pizza = await Pizza.aobjects.selectRelated("box", "price").get({ box__name__startswith: "M" });
const boxName: string | undefined = pizza.box?.name;
const shout: string = pizza.shout;
const names: string[] = await Pizza.aobjects
  .filter({ price__amount__lt: "10" })
  .valuesList("name", { flat: true });
const reverse: Pizza[] = await box.apizza_set.all();
const loud: (name: string) => Promise<string> = syncToAsync((name: string) => name.toUpperCase());

// @ts-expect-error the model has no such field
const wrong = () => Pizza.aobjects.filter({ nam: "x" });
void wrong;

if (names[0] !== pizza.name || reverse.length !== 1 || (await loud(pizza.name)) !== shout)
  throw new Error("no");
if (!(Pizza.aobjects.all() instanceof AsyncQuerySet) || typeof AsyncMixin !== "function")
  throw new Error("no");

console.log(`${pizza.name} in ${boxName}, ${pizza.price.amount} ${pizza.price.currency}`);
await connections.close();

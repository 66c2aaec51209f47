// biome-ignore-all format: an expected error stands on the line below its comment
/** Bulk loading and notifications: compiled, never run. */
import { CharField, Model } from "asgimod";
import { bulkCopy, type ListenGap, listen, type Notification, notify } from "asgimod/postgres";
import { is } from "../check.ts";

export class Loaded extends Model("loaded.Loaded", { name: CharField({ maxLength: 20 }) }) {}
export class Other extends Model("loaded.Other", { title: CharField({ maxLength: 20 }) }) {}

declare module "asgimod" {
  interface Apps {
    loaded: typeof import("./loading.ts");
  }
}

async function use(): Promise<void> {
  async function* source(): AsyncGenerator<Loaded> {
    yield new Loaded({ name: "x" });
  }
  is<number>()(await bulkCopy(Loaded, source(), { batchSize: 10, onProgress: (rows) => is<number>()(rows) }));
  is<number>()(await bulkCopy(Loaded, [new Loaded({ name: "x" })], { using: "other" }));
  for await (const notification of listen("x", { onReconnect: (gap) => is<ListenGap>()(gap) })) {
    is<Notification>()(notification);
    is<string>()(notification.payload);
  }
  is<void>()(await notify("x", "payload"));
}
void use;

// @ts-expect-error objects of another model
bulkCopy(Loaded, [new Other({ title: "x" })]);
// @ts-expect-error plain values
bulkCopy(Loaded, [{ name: "x" }]);
// @ts-expect-error no such option
bulkCopy(Loaded, [], { size: 3 });
// @ts-expect-error payloads are texts
notify("x", 3);
// @ts-expect-error channels are texts
listen(3);

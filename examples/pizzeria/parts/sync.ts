import { asyncToSync, closeWorkers, syncToAsync } from "asgimod/sync";
import { define, fails, say, show } from "../print.ts";
import { Pizza } from "../testapp/models.ts";
import type * as work from "../work.ts";

export const name = "sync";
export const title = "syncToAsync and asyncToSync";

export async function run(): Promise<void> {
  const module = define("module", () => new URL("../work.ts", import.meta.url));

  say("A closure gets an asynchronous face; it runs on this thread, in order, after the caller.");
  const longest = define("longest", () =>
    syncToAsync((least: number) => Pizza.objects.filter({ name__regex: `^.{${least},}$` }).first()?.name),
  );
  await show(() => longest(7));

  say("An export of a module runs off the main thread. Parameters and result keep their types.");
  const kneadings = define("kneadings", () => syncToAsync<typeof work.kneadings>(module, "kneadings"));
  await show(() => kneadings(3));
  const parallel = define("parallel", () =>
    syncToAsync<typeof work.kneadings>(module, "kneadings", { threadSensitive: false }),
  );
  await show(() => Promise.all([parallel(1), parallel(2)]));

  say("The other way round: a synchronous program waits for a promise.");
  const bake = define("bake", () => asyncToSync<typeof work.bake>(module, "bake"));
  await show(() => bake("Hawaii"));
  await fails(() => bake(""));

  say("What cannot work says so: a promise of this thread cannot settle while this thread waits.");
  await fails(() => asyncToSync(async () => "never"));
  await closeWorkers();
}

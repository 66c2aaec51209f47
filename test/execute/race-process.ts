/** A process of its own that makes the same rows as others at the same time; see races.test.ts. */
import { aatomic, configure, connections } from "asgimod";
import { Author, models } from "./models.ts";

configure({
  apps: { executetest: models },
  databases: { default: JSON.parse(process.argv[2] as string) as never },
});

async function run(): Promise<{ created: number; error?: string }> {
  const names = Array.from({ length: 10 }, (_, i) => `n${i}`);
  const plain = names.map((name) => Author.aobjects.getOrCreate({ name }));
  // A whole transaction is the caller's to do again, where it had to give way.
  const inside = names.map((name) =>
    aatomic(() => Author.aobjects.updateOrCreate({ name: `in ${name}` }), { retries: 20 }),
  );
  const results = await Promise.allSettled([...plain, ...inside]);
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) return { created: 0, error: String(failed.reason) };
  return { created: results.filter((result) => result.status === "fulfilled" && result.value[1]).length };
}

console.log(JSON.stringify(await run()));
await connections.close();

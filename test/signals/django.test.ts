/** The signals of a long series of scenarios are those that Django sends: `scripts/signals/record.py` has noted them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import {
  classPrepared,
  connections,
  m2mChanged,
  postDelete,
  postInit,
  postSave,
  preDelete,
  preInit,
  preSave,
} from "asgimod";

type Entry = readonly [signal: string, sender: string, details: Readonly<Record<string, unknown>>];

const recorded = JSON.parse(readFileSync(new URL("data/log.json", import.meta.url), "utf8")) as {
  prepared: string[];
  scenarios: [string, Entry[]][];
};

const prepared: string[] = [];
const notePrepared = ({ sender }: { sender: unknown }) => {
  prepared.push(labelOf(sender));
};
classPrepared.connect(notePrepared);
const { open } = await import("./models.ts");
const { scenarios } = await import("./scenarios.ts");
classPrepared.disconnect(notePrepared);

after(() => connections.close());

function labelOf(model: unknown): string {
  return (model as { _meta: { label: string } })._meta.label;
}

interface Event {
  readonly sender: unknown;
  readonly instance: { readonly pk: unknown };
  readonly using: string;
}

const log: Entry[] = [];

function note(signal: string, { sender }: { sender: unknown }, details: Entry[2]): void {
  log.push([signal, labelOf(sender), details]);
}

function savingNoted(signal: string) {
  return (event: Event & { raw: boolean; updateFields: ReadonlySet<string> | null; created?: boolean }) => {
    const { instance, raw, using, updateFields, created } = event;
    note(signal, event, {
      pk: instance.pk,
      raw,
      using,
      updateFields: updateFields === null ? null : [...updateFields].sort(),
      ...(created === undefined ? {} : { created }),
    });
  };
}

function deletionNoted(signal: string) {
  return (event: Event & { origin: unknown }) => {
    const origin = event.origin as { _meta?: object; model?: unknown };
    note(signal, event, {
      pk: event.instance.pk,
      using: event.using,
      origin: origin._meta === undefined ? `queryset of ${labelOf(origin.model)}` : labelOf(origin),
    });
  };
}

/** Connects receivers that note every signal; gives what disconnects them. */
function connect(): () => void {
  const receivers = [
    [
      preInit,
      (event: { sender: unknown; kwargs: object }) =>
        note("preInit", event, { given: Object.keys(event.kwargs).sort() }),
    ],
    [postInit, (event: Event) => note("postInit", event, { pk: event.instance.pk })],
    [preSave, savingNoted("preSave")],
    [postSave, savingNoted("postSave")],
    [preDelete, deletionNoted("preDelete")],
    [postDelete, deletionNoted("postDelete")],
    [
      m2mChanged,
      (
        event: Event & {
          action: string;
          reverse: boolean;
          model: unknown;
          pkSet: ReadonlySet<number> | null;
        },
      ) => {
        const { action, instance, reverse, model, pkSet, using } = event;
        note("m2mChanged", event, {
          action,
          instance: [labelOf(instance), instance.pk],
          reverse,
          model: labelOf(model),
          pkSet: pkSet === null ? null : [...pkSet].sort((a, b) => a - b),
          using,
        });
      },
    ],
  ] as unknown as readonly (readonly [typeof preSave, Parameters<typeof preSave.connect>[0]])[];
  for (const [signal, receiver] of receivers) signal.connect(receiver);
  return () => {
    for (const [signal, receiver] of receivers) signal.disconnect(receiver);
  };
}

/** The parent that a deleted child brings along: Django calls its constructor, here it is made as a loaded one. */
function expectedOf(name: string, entries: readonly Entry[]): readonly Entry[] {
  if (name !== "delete a child" && name !== "delete a parent") return entries;
  return entries.map((entry) => (entry[0] === "preInit" ? [entry[0], entry[1], { given: [] }] : entry));
}

async function drive(steps: Generator<unknown, unknown, unknown>, colour: "sync" | "async"): Promise<void> {
  let step = steps.next();
  while (!step.done) step = steps.next(colour === "async" ? await step.value : step.value);
}

/** The signals of all scenarios, by name. */
async function played(colour: "sync" | "async"): Promise<[string, Entry[]][]> {
  await open();
  const disconnect = connect();
  const results: [string, Entry[]][] = [];
  for (const entry of scenarios(colour)) {
    log.length = 0;
    const [name, steps] = "steps" in entry ? [null, entry.steps] : entry;
    await drive(steps(), colour);
    if (name !== null) results.push([name, [...log]]);
  }
  disconnect();
  return results;
}

const results = { sync: await played("sync"), async: await played("async") };

it("classPrepared tells of the models in the order of their declaration", () => {
  assert.deepEqual(
    prepared.filter((label) => label.startsWith("sig.")),
    recorded.prepared,
  );
});

for (const colour of ["sync", "async"] as const) {
  describe(colour, () => {
    for (const [i, [name, expected]] of recorded.scenarios.entries()) {
      it(name, () => assert.deepEqual(results[colour][i], [name, expectedOf(name, expected)]));
    }
  });
}

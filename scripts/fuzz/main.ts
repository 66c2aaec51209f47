/**
 * Compares random chains with real Django.
 *
 *   DJANGO_PYTHON=/path/to/python npm run -s fuzz -- --seed 1 --count 1000 [--app bookstore]
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type OwnDatabase, ownMysql, ownPostgresql } from "../conformance/server.ts";
import { Suite } from "../conformance/suite.ts";
import { question } from "./chains.ts";
import { type Answer, type Asked, Django } from "./django.ts";
import { Graph } from "./graph.ts";
import { type Judgement, joins, judge, recorded, recordedWrites } from "./judge.ts";
import { minimise } from "./minimise.ts";
import { showDifference, Tally } from "./report.ts";
import { makeSchemas } from "./schemas.ts";
import { writeQuestion } from "./writes.ts";

const RECORDED = fileURLToPath(new URL("../../test/conformance/data", import.meta.url));
const BATCH = 250;

const USAGE = `usage: npm run -s fuzz -- [options]

  --seed N       the seed of the chains (default 1); each seed gives other chains, always the same ones
  --count N      how many chains (default 1000), spread over the apps
  --start N      the first chain's number (default 0)
  --app NAME     only this app
  --writes       cases that write, and what is in the tables afterwards, instead of chains that read
  --schemas N    about N made-up apps, with other models and rows for each seed, instead of the recorded ones
  --backend NAME sqlite (default), postgresql or mysql, with databases of their own on the server of
                 ASGIMOD_POSTGRESQL or ASGIMOD_MYSQL
  --data DIR     the apps of this directory instead
  --show N       print the first N differences in full (default 10)
  --texts        the texts of errors have to agree too
  --minimise     make those smaller first
  --record FILE  asks Django again for the cases of a file, and writes its answers into it
  --only ID      only the chain with this id, with the SQL: bookstore-1-17

DJANGO_PYTHON names a Python that has Django.`;

const OPTIONS = {
  seed: { type: "string", default: "1" },
  count: { type: "string", default: "1000" },
  start: { type: "string", default: "0" },
  app: { type: "string" },
  schemas: { type: "string" },
  data: { type: "string" },
  show: { type: "string", default: "10" },
  backend: { type: "string", default: "sqlite" },
  writes: { type: "boolean", default: false },
  texts: { type: "boolean", default: false },
  minimise: { type: "boolean", default: false },
  record: { type: "string" },
  only: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

interface Batch {
  readonly app: string;
  readonly questions: readonly Asked[];
}

function* batches(
  graphs: readonly Graph[],
  make: typeof question | typeof writeQuestion,
  seed: number,
  start: number,
  count: number,
): Generator<Batch> {
  const share = Math.ceil(count / graphs.length);
  for (let done = 0; done < share; done += BATCH) {
    for (const graph of graphs) {
      const size = Math.min(BATCH, share - done);
      const questions = Array.from({ length: size }, (_, index) => make(graph, seed, start + done + index));
      yield { app: graph.app, questions };
    }
  }
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) {
    console.log(USAGE);
    return true;
  }
  const made = values.schemas ? makeSchemas(Number(values.seed), Number(values.schemas)) : null;
  try {
    return await run(values, made ?? values.data ?? RECORDED);
  } finally {
    if (made) rmSync(made, { recursive: true });
  }
}

/** An empty database for Django, where a server is asked. */
async function ownServer(backend: string): Promise<OwnDatabase | null> {
  const name = `asgimod_fuzz_${process.pid}`;
  if (backend === "postgresql") return ownPostgresql(name);
  return backend === "mysql" ? ownMysql(name) : null;
}

type Options = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

async function run(values: Options, directory: string): Promise<boolean> {
  if (values.record) return record(directory, values.record);
  const server = await ownServer(values.backend);
  const suite = await Suite.open(directory, values.backend);
  const django = new Django(directory, server?.url ?? null);
  try {
    if (values.only) return await one(suite, django, directory, values.only);
    const apps = values.app ? [values.app] : readdirSync(join(directory, "apps")).sort();
    const graphs = apps.map((app) => new Graph(directory, app));
    const tally = new Tally();
    for (const [label, reason] of suite.unsupportedModels) tally.addModel(label, reason);
    let left = Number(values.show);
    const judgeBatch = async (batch: Batch, answers: readonly Answer[]): Promise<void> => {
      for (const [index, asked] of batch.questions.entries()) {
        const answer = answers[index] as Answer;
        const judgement = await judge(suite, asked, answer, values.texts);
        if (tally.add(batch.app, asked, judgement) && left > 0) {
          left -= 1;
          await show(suite, django, asked, answer, judgement, values.minimise);
        }
      }
    };
    let waiting: { batch: Batch; answers: readonly Answer[] } | undefined;
    for (const batch of batches(
      graphs,
      values.writes ? writeQuestion : question,
      Number(values.seed),
      Number(values.start),
      Number(values.count),
    )) {
      const next = django.answers(batch.questions);
      // Minimising asks Django too, so it must not overtake the batch.
      if (values.minimise) await next;
      if (waiting) await judgeBatch(waiting.batch, waiting.answers);
      waiting = { batch, answers: await next };
    }
    if (waiting) await judgeBatch(waiting.batch, waiting.answers);
    console.log(tally.summary(Number(values.seed)));
    return tally.differences === 0;
  } finally {
    django.close();
    await suite.close();
    await server?.drop();
  }
}

/** Writes Django's answers, and how many joins it makes, into a file of cases. */
async function record(directory: string, path: string): Promise<boolean> {
  const django = new Django(directory);
  try {
    const cases = JSON.parse(readFileSync(path, "utf8")) as (Asked & { title?: string })[];
    const answers = await django.answers(cases);
    const lines = answers.map((answer, index) => {
      if (answer.skip || !answer.expect) throw new Error(`${answer.id}: ${answer.skip}`);
      const asked = cases[index] as Asked;
      if ("steps" in asked) return JSON.stringify(recordedWrites(asked, answer));
      const { ordered, ...kept } = recorded(asked, answer);
      return JSON.stringify({
        ...kept,
        ...(answer.ordered === false && { ordered }),
        joins: joins(answer.sql ?? []),
      });
    });
    writeFileSync(path, `[\n${lines.join(",\n")}\n]\n`);
    return true;
  } finally {
    django.close();
  }
}

async function one(suite: Suite, django: Django, directory: string, id: string): Promise<boolean> {
  const [app = "", seed, index] = id.split("-");
  const make = index?.endsWith("w") ? writeQuestion : question;
  const asked = make(new Graph(directory, app), Number(seed), Number.parseInt(index ?? "", 10));
  const [answer] = (await django.answers([asked])) as [Answer];
  const judgement = await judge(suite, asked, answer);
  await show(suite, django, asked, answer, judgement, judgement.kind === "different");
  return judgement.kind !== "different";
}

async function show(
  suite: Suite,
  django: Django,
  asked: Asked,
  answer: Answer,
  judgement: Judgement,
  small: boolean,
): Promise<void> {
  const shown = small
    ? await minimise(suite, django, asked, answer, judgement)
    : { asked, answer, judgement };
  console.log(`${showDifference(shown.asked, shown.answer, shown.judgement)}\n`);
}

process.exitCode = (await main()) ? 0 : 1;

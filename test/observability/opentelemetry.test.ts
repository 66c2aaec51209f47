/** asgimod/opentelemetry with the real SDK: spans by the semantic conventions. */
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import {
  aatomic,
  Count,
  configure,
  connections,
  createTables,
  Exists,
  IntegrityError,
  OuterRef,
  onQuery,
} from "asgimod";
import { type InstrumentOptions, instrument } from "asgimod/opentelemetry";
import { summaryOf } from "../../src/opentelemetry/summary.ts";
import { database, skip } from "../postgresql/server.ts";
import * as watched from "./models.ts";
import { Box, Certificate, fill, Pizza } from "./models.ts";

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
let stop: () => void = () => {};

before(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  await fill();
});
afterEach(() => stop());
after(() => connections.close());

/** The spans of what `fn` does. */
async function spansOf(fn: () => unknown, options?: InstrumentOptions): Promise<readonly ReadableSpan[]> {
  exporter.reset();
  stop = instrument(options);
  try {
    await fn();
  } finally {
    stop();
  }
  return exporter.getFinishedSpans();
}

test("a span of a query, sync", async () => {
  const [span, ...rest] = await spansOf(() => [...Pizza.objects.filter({ id__lte: 3 })]);
  assert(span !== undefined && rest.length === 0);
  assert.deepEqual([span.name, span.kind], ["SELECT watched_pizza", SpanKind.CLIENT]);
  assert.equal(span.instrumentationScope.name, "asgimod");
  const { "db.query.text": text, ...attributes } = span.attributes;
  assert.match(String(text), /^SELECT .* WHERE "watched_pizza"."id" <= \?/);
  assert.deepEqual(attributes, {
    "db.system.name": "sqlite",
    "db.namespace": ":memory:",
    "db.operation.name": "SELECT",
    "db.query.summary": "SELECT watched_pizza",
    "db.collection.name": "watched_pizza",
    "db.response.returned_rows": 3,
    "asgimod.alias": "default",
  });
  assert.equal(span.status.code, SpanStatusCode.UNSET);
  assert.ok(span.ended);
});

test("a span of each query, by what it does", async () => {
  const spans = await spansOf(async () => {
    const box = await Box.aobjects.create({ name: "spanned" });
    box.name = "again";
    await box.asave();
    await Pizza.aobjects.filter({ id: 1 }).prefetchRelated("toppings");
    await box.adelete();
  });
  assert.deepEqual(
    spans.map(({ name }) => name),
    [
      "INSERT watched_box",
      "UPDATE watched_box",
      "SELECT watched_pizza",
      "SELECT watched_topping",
      "UPDATE watched_pizza",
      "DELETE watched_box",
    ],
  );
});

test("spans are children of the active one, and siblings of each other", async () => {
  const tracer = trace.getTracer("test");
  const spans = await spansOf(() =>
    tracer.startActiveSpan("request", async (request) => {
      await Promise.all([Box.aobjects.count(), Pizza.aobjects.count()]);
      request.end();
    }),
  );
  const [request] = spans.filter(({ name }) => name === "request");
  const queries = spans.filter(({ name }) => name !== "request");
  assert.equal(queries.length, 2);
  for (const query of queries) {
    assert.equal(query.parentSpanContext?.spanId, request?.spanContext().spanId);
    assert.equal(query.spanContext().traceId, request?.spanContext().traceId);
  }
});

test("errors are recorded", async () => {
  const [span] = await spansOf(() =>
    assert.throws(() => Certificate.objects.create({ pizza_id: 1, code: "again" }), IntegrityError),
  );
  assert(span !== undefined);
  assert.equal(span.status.code, SpanStatusCode.ERROR);
  assert.match(String(span.status.message), /UNIQUE constraint failed/);
  assert.equal(span.attributes["db.response.status_code"], "2067");
  assert.equal(span.attributes["error.type"], "2067");
  assert.equal(span.events[0]?.name, "exception");
  assert.match(String(span.events[0]?.attributes?.["exception.type"]), /IntegrityError|integrity_error/);
});

test("parameters and transaction control only where they are asked for", async () => {
  const work = () => aatomic(() => Box.aobjects.filter({ name: "secret" }).count());
  const [plain, ...others] = await spansOf(work);
  assert.deepEqual([others.length, typeof plain?.attributes["asgimod.transaction"]], [0, "number"]);
  assert.doesNotMatch(JSON.stringify(plain?.attributes), /secret/);
  const spans = await spansOf(work, { params: true, control: true });
  assert.deepEqual(
    spans.map(({ name }) => name),
    ["BEGIN", "SELECT watched_box", "COMMIT"],
  );
  assert.equal(spans[1]?.attributes["db.query.parameter.0"], "secret");
});

test("the line of code, where a listener asks for it, and attributes of one's own", async () => {
  const without = onQuery(() => {}, { caller: true });
  const [span] = await spansOf(() => Box.objects.count(), {
    onStart: (started) => started.setAttribute("tenant", "a"),
  });
  without();
  assert.equal(span?.attributes["code.file.path"], fileURLToPath(import.meta.url));
  assert.equal(typeof span?.attributes["code.line.number"], "number");
  assert.equal(span?.attributes["tenant"], "a");
});

test("nothing afterwards", async () => {
  await spansOf(() => Box.objects.count());
  Box.objects.count();
  assert.equal(exporter.getFinishedSpans().length, 1);
});

test("on a server: its address, and the SQLSTATE", { skip }, async () => {
  const { url } = await database("spans");
  const { hostname, port, pathname } = new URL(url);
  configure({ apps: { watched }, databases: { default: url } });
  await createTables();
  const tracer = trace.getTracer("test");
  const spans = await spansOf(() =>
    tracer.startActiveSpan("request", async (request) => {
      await Promise.all([1, 2, 3].map(() => Box.aobjects.count()));
      await assert.rejects(async () => Box.aobjects.raw("SELECT nonsense FROM watched_box"));
      request.end();
    }),
  );
  const [request] = spans.filter(({ name }) => name === "request");
  const queries = spans.filter(({ name }) => name !== "request");
  assert.equal(queries.length, 4);
  for (const { name, attributes, parentSpanContext } of queries) {
    assert.equal(name, "SELECT watched_box");
    assert.equal(parentSpanContext?.spanId, request?.spanContext().spanId);
    assert.deepEqual(
      [attributes["db.system.name"], attributes["db.namespace"], attributes["server.address"]],
      ["postgresql", pathname.slice(1), hostname],
    );
    assert.equal(attributes["server.port"], port === "" || port === "5432" ? undefined : Number(port));
  }
  const failed = queries.find(({ status }) => status.code === SpanStatusCode.ERROR);
  assert.equal(failed?.attributes["db.response.status_code"], "42703");
  await connections.close();
});

test("the summary is that of the outermost query", async () => {
  await fill();
  const inner = Pizza.objects.filter({ box: OuterRef("pk") });
  const statements: string[] = [];
  const end = onQuery(({ sql }) => statements.push(sql));
  [...Box.objects.annotate({ any: Exists(inner), n: Count("pizza") }).filter({ n__gt: 0 })];
  [...Box.objects.all().slice(0, 1)];
  Box.objects.annotate({ n: Count("pizza") }).count();
  end();
  assert.deepEqual(
    statements.map((sql) => summaryOf(sql).collection),
    ["watched_box", "watched_box", undefined],
    "the last one counts the rows of a subquery",
  );
  const cases: Record<string, [string, string | undefined]> = {
    "SELECT (SELECT 1 FROM a), 'FROM x' FROM \"b\" -- FROM c": ["SELECT", "b"],
    "SELECT COUNT(*) FROM (SELECT 1 FROM a) sub": ["SELECT", undefined],
    "WITH t AS (SELECT 1 FROM a) SELECT * FROM t": ["SELECT", "t"],
    "INSERT OR IGNORE INTO `my ``table` (a) VALUES (?)": ["INSERT", "my ``table"],
    "UPDATE shop.pizza SET a = 1": ["UPDATE", "shop.pizza"],
    'DELETE FROM "shop""pizza" WHERE 1': ["DELETE", 'shop"pizza'],
    "/* FROM */ SELECT 1": ["SELECT", undefined],
    'SAVEPOINT "s1"': ["SAVEPOINT", undefined],
    "": ["UNKNOWN", undefined],
  };
  for (const [sql, [operation, collection]] of Object.entries(cases)) {
    assert.deepEqual(summaryOf(sql), { operation, collection }, sql);
  }
});

/**
 * `asgimod/opentelemetry`: a span for every query, by the stable semantic conventions for database clients.
 *
 * Needs `@opentelemetry/api`, and an SDK that the program has set up.
 */
import { tracingChannel } from "node:diagnostics_channel";
import type { Attributes, Span, Tracer } from "@opentelemetry/api";
import type { QueryEvent } from "../backends/base/observe.ts";
import { connections } from "../connections.ts";
import type { DatabaseSettings } from "../settings.ts";
import { optionalPackage } from "../util/optional-package.ts";
import { summaryOf } from "./summary.ts";

type Api = typeof import("@opentelemetry/api");

/** Options of {@link instrument}. */
export interface InstrumentOptions {
  /** The tracer. Default: that of the global provider, for `asgimod`. */
  tracer?: Tracer;
  /** Whether spans have the parameters, which may be secrets (`db.query.parameter.0`, ...). Default false. */
  params?: boolean;
  /** Whether `BEGIN`, `COMMIT` and the like have spans, too. Default false. */
  control?: boolean;
  /** Called with each span before the statement is sent, to add attributes. */
  onStart?: (span: Span, event: QueryEvent) => void;
}

/** The systems by the names of the conventions, with the ports that go without saying. */
const PORTS: Readonly<Record<string, number>> = { postgresql: 5432, mysql: 3306, mariadb: 3306 };

/**
 * Makes a span of every statement from now on: `SELECT shop_pizza`, a child of the active span.
 *
 * @returns a function that ends it
 * @throws ImproperlyConfigured when `@opentelemetry/api` is not installed
 *
 * @example
 * import { instrument } from "asgimod/opentelemetry";
 * const stop = instrument();
 *
 * OpenTelemetry: "Semantic conventions for database client spans".
 */
export function instrument(options: InstrumentOptions = {}): () => void {
  const api = optionalPackage("@opentelemetry/api", "asgimod/opentelemetry") as Api;
  const { tracer = api.trace.getTracer("asgimod"), params = false, control = false, onStart } = options;
  const spans = new WeakMap<QueryEvent, Span>();
  const subscribers = {
    start(event: QueryEvent): void {
      if (event.control && !control) return;
      const { name, attributes } = describe(event, params);
      const span = tracer.startSpan(name, { kind: api.SpanKind.CLIENT, attributes });
      spans.set(event, span);
      onStart?.(span, event);
    },
    /** The statement was sent; where nothing had to wait, it is answered. */
    end(event: QueryEvent): void {
      if (isSettled(event)) finish(api, spans, event);
    },
    asyncStart(): void {},
    asyncEnd(event: QueryEvent): void {
      finish(api, spans, event);
    },
    error(): void {},
  };
  const channel = tracingChannel<unknown, QueryEvent>("asgimod:query");
  channel.subscribe(subscribers);
  return () => {
    channel.unsubscribe(subscribers);
  };
}

/** The duration is known when there is an answer. */
function isSettled({ duration }: QueryEvent): boolean {
  return duration >= 0;
}

function describe(
  { alias, sql, params, transaction }: QueryEvent,
  withParams: boolean,
): { name: string; attributes: Attributes } {
  const { operation, collection } = summaryOf(sql);
  const summary = collection === undefined ? operation : `${operation} ${collection}`;
  const attributes: Attributes = {
    ...databaseOf(alias),
    "db.operation.name": operation,
    "db.query.summary": summary,
    "db.query.text": sql,
    "asgimod.alias": alias,
  };
  if (collection !== undefined) attributes["db.collection.name"] = collection;
  if (transaction !== undefined) attributes["asgimod.transaction"] = transaction;
  if (withParams) {
    params.forEach((value, i) => {
      attributes[`db.query.parameter.${i}`] = String(value);
    });
  }
  return { name: summary, attributes };
}

const databases = new WeakMap<DatabaseSettings, Attributes>();

/** What is the same for all statements of a database. */
function databaseOf(alias: string): Attributes {
  const connection = connections.get(alias);
  const { settings, vendor } = connection;
  let attributes = databases.get(settings);
  if (attributes === undefined) {
    attributes = { "db.system.name": vendor, "db.namespace": settings.name };
    const { host, port } = settings;
    if (host !== undefined) attributes["server.address"] = host;
    if (port !== undefined && port !== PORTS[vendor]) attributes["server.port"] = port;
    databases.set(settings, attributes);
  }
  return attributes;
}

function finish({ SpanStatusCode }: Api, spans: WeakMap<QueryEvent, Span>, event: QueryEvent): void {
  const span = spans.get(event);
  if (span === undefined) return;
  spans.delete(event);
  const { error, rows, caller } = event;
  if (rows !== undefined) span.setAttribute("db.response.returned_rows", rows);
  if (caller !== undefined) span.setAttributes(placeOf(caller));
  if (error !== undefined) {
    const thrown = error instanceof Error ? error : new Error(String(error));
    const code = codeOf(thrown);
    if (code !== undefined) span.setAttribute("db.response.status_code", code);
    span.setAttribute("error.type", code ?? thrown.name);
    span.recordException(thrown);
    span.setStatus({ code: SpanStatusCode.ERROR, message: thrown.message });
  }
  span.end();
}

function placeOf(caller: string): Attributes {
  const [, path = caller, line] = /^(.*):(\d+):\d+$/.exec(caller) ?? [];
  return { "code.file.path": path, "code.line.number": Number(line) };
}

/** What the database said: an SQLSTATE, or the number of SQLite or MySQL. */
function codeOf({ cause }: Error): string | undefined {
  if (typeof cause !== "object" || cause === null) return undefined;
  const { code, errno, errcode } = cause as { code?: unknown; errno?: unknown; errcode?: unknown };
  if (errcode !== undefined) return String(errcode);
  if (typeof errno === "number" && errno > 0) return String(errno);
  return typeof code === "string" ? code : undefined;
}

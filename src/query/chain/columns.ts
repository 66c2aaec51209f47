/** What is read of each row, and loaded with it. */

import { ArgumentTypeError, ValueError } from "../../errors.ts";
import { Expression } from "../../expressions/base.ts";
import { F } from "../../expressions/f.ts";
import { DateField, DateTimeField } from "../../fields/index.ts";
import { Trunc } from "../../functions/datetime.ts";
import { FETCH_ONE, FetchMode } from "../../models/fetch-modes.ts";
import { type Node, Capture as Sink } from "../../sql/node.ts";
import { checkOptions } from "../../util/check-options.ts";
import { repr } from "../../util/repr.ts";
import { getCurrent } from "../../util/timezone.ts";
import { Prefetch } from "../prefetch.ts";
import { isPlainObject } from "../q.ts";
import { addDeferred, addImmediate, addSelectRelated, setValues } from "../select.ts";
import type { RowKind } from "../shape.ts";
import { checkNames, defaultAlias, namedExpressions } from "./arguments.ts";
import { RowsChain } from "./rows.ts";

const dateField = new DateField({});
const dateTimeField = new DateTimeField({});

export abstract class ColumnsChain extends RowsChain {
  values(...args: readonly unknown[]): this {
    const names: string[] = [];
    const named: unknown[] = [];
    for (const arg of args) {
      if (typeof arg === "string") names.push(arg);
      else named.push(arg);
    }
    const expressions = namedExpressions(named, "values");
    return this.valuesStep([...names, ...expressions.keys()], expressions, "values");
  }

  valuesList(...args: readonly unknown[]): this {
    const last = args[args.length - 1];
    const options = isPlainObject(last) ? (last as { flat?: boolean; named?: boolean }) : {};
    const fields = isPlainObject(last) ? args.slice(0, -1) : args;
    checkOptions("valuesList", options, ["flat", "named"]);
    const { flat = false, named = false } = options;
    if (flat && named) throw new ArgumentTypeError("'flat' and 'named' can't be used together.");
    if (flat && fields.length > 1) {
      throw new ArgumentTypeError("'flat' is not valid when values_list is called with more than one field.");
    }
    const seen = new Map<string, boolean>();
    for (const field of fields) if (typeof field === "string") seen.set(field, false);
    const names: string[] = [];
    const expressions = new Map<string, Node>();
    let counter = 1;
    for (const field of fields) {
      let name: string;
      let expression: Expression | null = null;
      let again: boolean;
      if (field instanceof Expression) {
        name = defaultAlias(field) ?? field.constructor.name.toLowerCase();
        expression = field;
        again = true;
      } else if (typeof field === "string") {
        name = field;
        again = seen.get(name) === true;
        if (again) expression = new F(name);
      } else {
        throw new ArgumentTypeError(`valuesList() takes names and expressions, not ${String(field)}.`);
      }
      if (again) {
        const prefix = name;
        name = `${prefix}${counter}`;
        while (seen.has(name)) name = `${prefix}${++counter}`;
      }
      if (expression !== null) expressions.set(name, expression);
      seen.set(name, true);
      names.push(name);
    }
    return this.valuesStep(names, expressions, named ? "named" : flat ? "flat" : "tuple");
  }

  private valuesStep(names: readonly string[], expressions: ReadonlyMap<string, Node>, rows: RowKind): this {
    if (expressions.size > 0) this.refuseCombined("annotate");
    const sink = new Sink();
    sink.text(`v${rows[0]}${rows[1]}:${names.join()};`);
    for (const [name, expression] of expressions) {
      sink.text(`${name}=`);
      expression.capture(sink);
      sink.text(",");
    }
    const step = this.step(
      sink.key,
      sink.values,
      (query, cursor) => {
        if (expressions.size > 0) this.applyAnnotations(query, cursor, expressions, true);
        setValues(query, names);
        query.rowNames = names.length > 0 ? names : null;
      },
      rows,
    );
    return this.with(step, { fields: names });
  }

  dates(field: string, kind: string, order = "ASC"): this {
    if (!["year", "month", "week", "day"].includes(kind)) {
      throw new ValueError("'kind' must be one of 'year', 'month', 'week', or 'day'.");
    }
    return this.truncated("datefield", field, order, new Trunc(field, kind, { outputField: dateField }));
  }

  datetimes(field: string, kind: string, order = "ASC", options: { tzinfo?: string | null } = {}): this {
    if (!["year", "month", "week", "day", "hour", "minute", "second"].includes(kind)) {
      throw new ValueError(
        "'kind' must be one of 'year', 'month', 'week', 'day', 'hour', 'minute', or 'second'.",
      );
    }
    checkOptions("datetimes", options, ["tzinfo"]);
    const tzinfo = options.tzinfo ?? getCurrent();
    return this.truncated(
      "datetimefield",
      field,
      order,
      new Trunc(field, kind, { outputField: dateTimeField, tzinfo }),
    );
  }

  private truncated(name: string, field: string, order: string, trunc: Expression): this {
    if (order !== "ASC" && order !== "DESC") throw new ValueError("'order' must be either 'ASC' or 'DESC'.");
    return this.annotate({ [name]: trunc, plain_field: new F(field) })
      .valuesList(name, { flat: true })
      .distinct()
      .filter({ plain_field__isnull: false })
      .orderBy(order === "DESC" ? `-${name}` : name);
  }

  // ---- loading

  selectRelated(...names: readonly (string | null)[]): this {
    this.refuseCombined("selectRelated");
    this.refuseValues("selectRelated");
    checkNames("selectRelated", names);
    return this.with(
      this.step(`sr:${names.map(String).join()}`, [], (query) => {
        if (names.length === 1 && names[0] === null) query.selectRelated = false;
        else if (names.length > 0) addSelectRelated(query, names as readonly string[]);
        else query.selectRelated = true;
      }),
    );
  }

  prefetchRelated(...lookups: readonly (string | Prefetch | null)[]): this {
    this.refuseCombined("prefetchRelated");
    if (lookups.length === 1 && lookups[0] === null) return this.with(this.current, { prefetches: [] });
    const given = lookups as readonly (string | Prefetch)[];
    for (const lookup of given) {
      if (typeof lookup !== "string" && !(lookup instanceof Prefetch)) {
        throw new ArgumentTypeError(
          `prefetchRelated() takes names and Prefetch objects, not ${repr(lookup)}.`,
        );
      }
      const path = typeof lookup === "string" ? lookup : lookup.prefetchTo;
      if (this.query.filteredRelations.has(path.split("__", 1)[0] as string)) {
        throw new ValueError("prefetchRelated() is not supported with FilteredRelation.");
      }
    }
    return this.with(this.current, { prefetches: [...this.prefetches, ...given] });
  }

  defer(...names: readonly (string | null)[]): this {
    this.refuseCombined("defer");
    this.refuseValues("defer");
    checkNames("defer", names);
    return this.with(
      this.step(`df:${names.map(String).join()}`, [], (query) => {
        if (names.length === 1 && names[0] === null) query.deferredLoading = [new Set(), true];
        else addDeferred(query, names as readonly string[]);
      }),
    );
  }

  only(...names: readonly (string | null)[]): this {
    this.refuseCombined("only");
    this.refuseValues("only");
    if (names.length === 1 && names[0] === null) {
      throw new ArgumentTypeError("Cannot pass None as an argument to only().");
    }
    checkNames("only", names);
    return this.with(
      this.step(`on:${names.map(String).join()}`, [], (query) => {
        for (const name of names as readonly string[]) {
          if (query.filteredRelations.has(name.split("__", 1)[0] as string)) {
            throw new ValueError("only() is not supported with FilteredRelation.");
          }
        }
        addImmediate(query, names as readonly string[]);
      }),
    );
  }

  fetchMode(mode: FetchMode): this {
    if (!(mode instanceof FetchMode)) {
      throw new ArgumentTypeError("fetchMode() takes FETCH_ONE, FETCH_PEERS or FETCH_RAISE.");
    }
    return this.with(this.current, { fetching: mode === FETCH_ONE ? null : mode });
  }
}

/**
 * Arithmetic, ordering and the parsing of arguments, installed on {@link Expression} when this module loads.
 * They stand apart because they need the classes that build on it.
 */
import { ArgumentTypeError } from "../errors.ts";
import { Node, undefinedError } from "../sql/node.ts";
import { checkOptions } from "../util/check-options.ts";
import { Expression } from "./base.ts";
import { CombinedExpression, type Connector } from "./combined.ts";
import { F } from "./f.ts";
import { OrderBy, type OrderByOptions } from "./order-by.ts";
import { Value } from "./value.ts";
import { NegatedExpression } from "./wrapper.ts";

/** An argument of an expression: a string names a field, an expression stands for itself, anything else is a value. */
export function parseExpression(argument: unknown): Expression {
  if (argument instanceof Expression) return argument;
  if (typeof argument === "string") return new F(argument);
  return parseValue(argument);
}

export function parseExpressions(args: readonly unknown[]): Expression[] {
  return args.map(parseExpression);
}

/** An operand or a right-hand side: an expression or queryset stands for itself, anything else is a value. */
export function parseValue(argument: unknown): Expression {
  if (argument instanceof Expression) return argument;
  if (argument instanceof Node && "asSubquery" in argument) {
    return (argument as Node & { asSubquery(): Expression }).asSubquery();
  }
  if (argument === undefined) throw undefinedError();
  return new Value(argument);
}

function combine(lhs: Expression, connector: Connector, other: unknown, reversed = false): Expression {
  const rhs = parseValue(other);
  return reversed ? new CombinedExpression(rhs, connector, lhs) : new CombinedExpression(lhs, connector, rhs);
}

/** Conditions are combined with `and`, `or` and `xor`; numbers with `bitand`, `bitor` and `bitxor`. */
const methods: Record<string, (this: Expression, other?: unknown) => Expression> = {
  add(other) {
    return combine(this, "+", other);
  },
  sub(other) {
    return combine(this, "-", other);
  },
  mul(other) {
    return combine(this, "*", other);
  },
  div(other) {
    return combine(this, "/", other);
  },
  mod(other) {
    return combine(this, "%%", other);
  },
  pow(other) {
    return combine(this, "^", other);
  },
  neg() {
    return combine(this, "*", -1);
  },
  bitand(other) {
    return combine(this, "&", other);
  },
  bitor(other) {
    return combine(this, "|", other);
  },
  bitxor(other) {
    return combine(this, "#", other);
  },
  bitleftshift(other) {
    return combine(this, "<<", other);
  },
  bitrightshift(other) {
    return combine(this, ">>", other);
  },
  not() {
    return new NegatedExpression(this);
  },
  asc(options = {}) {
    checkOptions("asc", options, ["nullsFirst", "nullsLast"]);
    return new OrderBy(this, { ...(options as OrderByOptions), descending: false });
  },
  desc(options = {}) {
    checkOptions("desc", options, ["nullsFirst", "nullsLast"]);
    return new OrderBy(this, { ...(options as OrderByOptions), descending: true });
  },
};

for (const [name, method] of Object.entries(methods)) {
  Object.defineProperty(Expression.prototype, name, { value: method, writable: true, configurable: true });
}

/** A name or expression to order by; strings name fields. */
export function orderingOf(argument: unknown): Expression {
  if (argument instanceof OrderBy) return argument;
  if (typeof argument === "string") {
    return argument.startsWith("-")
      ? new OrderBy(new F(argument.slice(1)), { descending: true })
      : new OrderBy(new F(argument));
  }
  if (argument instanceof Expression) return new OrderBy(argument);
  throw new ArgumentTypeError(`Ordering takes field names and expressions, not ${String(argument)}.`);
}

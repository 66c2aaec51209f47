import { CONSTANT, Param, Sql } from "../../../sql/sql.ts";

/*
 * A server with numbered parameters takes `a + $1` and `a + $2` for two expressions, also where both are given the
 * same value. What is grouped by must be the same expression wherever it stands beside aggregates, so that it has
 * the same parameters there. Django's driver writes the values into the statement, where they are the same anyway.
 */

/** SQL as the texts around its parameters, one more than these. */
interface Pieces {
  readonly texts: readonly string[];
  readonly params: readonly Param[];
}

function piecesOf({ parts }: Sql): Pieces {
  const texts = [""];
  const params: Param[] = [];
  for (const part of parts) {
    if (part instanceof Param) {
      params.push(part);
      texts.push("");
    } else {
      texts[texts.length - 1] += part;
    }
  }
  return { texts, params };
}

/** Gives the terms of GROUP BY the same parameters wherever they stand in other SQL. */
export function sharingParams(terms: readonly Sql[]): (fragment: Sql) => Sql {
  const grouped = terms.map(piecesOf).filter(({ params }) => params.length > 0);
  if (grouped.length === 0) return (fragment) => fragment;
  return (fragment) => {
    const { texts, params } = piecesOf(fragment);
    if (params.length === 0) return fragment;
    const shared = [...params];
    for (const term of grouped) {
      for (let at = 0; at + term.params.length <= params.length; at++) {
        if (standsAt(term, texts, params, at)) shared.splice(at, term.params.length, ...term.params);
      }
    }
    return new Sql(texts.flatMap((text, i) => (i === 0 ? [text] : [shared[i - 1] as Param, text])));
  };
}

/** Does a term begin in the text before the parameter at `at`? */
function standsAt(term: Pieces, texts: readonly string[], params: readonly Param[], at: number): boolean {
  const last = term.params.length;
  return (
    term.params.every((param, i) => isSame(param, params[at + i] as Param)) &&
    term.texts.every((text, i) => {
      const other = texts[at + i] as string;
      if (i === 0) return other.endsWith(text);
      return i === last ? other.startsWith(text) : other === text;
    })
  );
}

/** Whether two parameters in the same place of the same SQL have the same value in every run. */
function isSame(left: Param, right: Param): boolean {
  if (left === right) return true;
  if (left.slot !== right.slot || left.index !== right.index) return false;
  return left.slot >= 0 || (left.slot === CONSTANT ? sameConstant(left, right) : left.value === right.value);
}

function sameConstant(left: Param, right: Param): boolean {
  const [a, b] = [left, right].map(({ value, adapt }) => (adapt === null ? value : adapt(value)));
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  return a.constructor === b.constructor && String(a) === String(b);
}

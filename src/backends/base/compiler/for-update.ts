import { FieldError } from "../../../errors.ts";
import { Col } from "../../../expressions/col.ts";
import type { ModelClass } from "../../../models/types.ts";
import { raw, type Sql } from "../../../sql/sql.ts";
import type { Compiler } from "./compiler.ts";
import type { ClassInfo, RelatedClassInfo } from "./select-list.ts";

/** The tables that `selectForUpdate({ of: [...] })` locks. */
export function forUpdateOf(compiler: Compiler, names: readonly string[]): Sql[] {
  const root = compiler.classInfo;
  if (root === null) return [];
  const result: Sql[] = [];
  const invalid: string[] = [];
  for (const name of names) {
    const info = name === "self" ? root : follow(compiler, root, name);
    if (info === null) {
      invalid.push(name);
      continue;
    }
    const column = firstOwnColumn(compiler, info);
    if (column === null) continue;
    result.push(
      compiler.features.selectForUpdateOfColumn
        ? compiler.compile(column)
        : raw(compiler.quoteNameUnlessAlias(column.alias as string)),
    );
  }
  if (invalid.length > 0) {
    throw new FieldError(
      `Invalid field name(s) given in select_for_update(of=(...)): ${invalid.join(", ")}. Only relational fields followed in the query are allowed. Choices are: ${[...choices(compiler, root)].join(", ")}.`,
    );
  }
  return result;
}

function columnAt(compiler: Compiler, index: number): Col | null {
  const expression = compiler.select[index]?.expression;
  return expression instanceof Col ? expression : null;
}

function firstOwnColumn(compiler: Compiler, info: ClassInfo): Col | null {
  const { concreteModel } = info.model._meta;
  for (const index of info.fields) {
    const column = columnAt(compiler, index);
    if (column !== null && column.target.model === concreteModel) return column;
  }
  return null;
}

interface Step {
  readonly name: string;
  readonly info: ClassInfo;
}

/** The parents (multi-table inheritance) and the selected relations of a model. */
function* steps(compiler: Compiler, info: ClassInfo): Generator<Step> {
  for (const related of info.related as readonly RelatedClassInfo[]) {
    const field = related.reverse
      ? (related.field.remoteField as unknown as { name: string })
      : related.field;
    yield { name: field.name, info: related };
  }
  for (const [parent, link] of info.model._meta.concreteModel._meta.parents) {
    if (!link) continue;
    const models = new Set<unknown>([parent, ...parent._meta.allParents]);
    const fields = info.fields.filter((index) => models.has(columnAt(compiler, index)?.target.model));
    yield {
      name: (link as { name: string }).name,
      info: { model: parent as ModelClass, fields, related: [] },
    };
  }
}

function follow(compiler: Compiler, root: ClassInfo, name: string): ClassInfo | null {
  let at: ClassInfo | null = root;
  for (const part of name.split("__")) {
    let next: ClassInfo | null = null;
    for (const step of steps(compiler, at as ClassInfo))
      if (next === null && step.name === part) next = step.info;
    if (next === null) return null;
    at = next;
  }
  return at;
}

function* choices(compiler: Compiler, root: ClassInfo): Generator<string> {
  yield "self";
  const queue: { path: string; info: ClassInfo }[] = [{ path: "", info: root }];
  for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
    for (const step of steps(compiler, entry.info)) {
      const path = entry.path === "" ? step.name : `${entry.path}__${step.name}`;
      yield path;
      queue.push({ path, info: step.info });
    }
  }
}

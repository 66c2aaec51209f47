import { ArgumentTypeError, NotSupportedError, ValueError } from "../errors.ts";
import type { DeleteOptions, DeleteResult } from "../models/hooks.ts";
import type { ModelInstance } from "../models/types.ts";
import type { Task } from "../task.ts";
import { checkOptions } from "../util/check-options.ts";
import { Collector } from "./collector.ts";
import { isPkSet } from "./fetch.ts";
import type { OnProgress } from "./progress.ts";
import { forWrite, type WritableQuerySet, writeDb } from "./querysets.ts";
import { writeAlias } from "./save.ts";

/**
 * Deletes the rows of a queryset and what refers to them.
 *
 * @throws ProtectedError, RestrictedError; ArgumentTypeError for slices, `distinct(...)` and `values()`
 */
export function* deleteRows(
  queryset: WritableQuerySet,
  options: { onProgress?: OnProgress | undefined } = {},
): Task<DeleteResult> {
  checkOptions("delete", options, ["onProgress"]);
  const { query } = queryset;
  if (query.combinator !== null) {
    throw new NotSupportedError(`Calling QuerySet.delete() after ${query.combinator}() is not supported.`);
  }
  if (query.isSliced) throw new ArgumentTypeError("Cannot use 'limit' or 'offset' with delete().");
  if (query.distinctFields.length > 0)
    throw new ArgumentTypeError("Cannot call delete() after .distinct(*fields).");
  if (queryset.fields !== null) {
    throw new ArgumentTypeError("Cannot call delete() after .values() or .valuesList()");
  }
  const rows = forWrite(queryset);
  const plain = rows.derive(
    rows.shape.step("deletable", rows.bindings, [], (clone) => {
      clone.selectForUpdate = null;
      clone.selectRelated = false;
      clone.clearOrdering({ force: true });
    }),
  );
  const collector = new Collector(writeDb(rows), queryset);
  yield* collector.collect(plain);
  const result = yield* collector.delete(options.onProgress);
  queryset.results = null;
  return result;
}

const OPTIONS = ["keepParents", "onProgress", "using"];

/**
 * Deletes an instance and what refers to it.
 *
 * @throws ValueError for an instance that is not saved; ProtectedError, RestrictedError
 */
export function* deleteInstance(instance: ModelInstance, options: DeleteOptions): Task<DeleteResult> {
  const opts = instance._meta;
  checkOptions("delete", options, OPTIONS);
  if (!isPkSet(instance)) {
    throw new ValueError(
      `${opts.objectName} object can't be deleted because its ${opts.pk.attname} attribute is set to None.`,
    );
  }
  const collector = new Collector(writeAlias(instance, options.using), instance);
  yield* collector.collect([instance], { keepParents: options.keepParents ?? false });
  return yield* collector.delete(options.onProgress);
}

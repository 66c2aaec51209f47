/** Models of the recorded apps that get a natural key, as in `scripts/serializers/record.py`. */
import { registry } from "../../src/models/registry.ts";
import type { ModelClass } from "../../src/models/types.ts";

const NATURAL: Readonly<Record<string, string>> = {
  "bookstore.Author": "name",
  "bookstore.Tag": "slug",
  "bookstore.Book": "isbn",
  "blog.Label": "name",
  "blog.Site": "code",
  "blog.Account": "username",
  "testapp.Topping": "name",
};

interface Extensible {
  extend(methods: object): unknown;
}

interface Getting {
  get(lookups: object): unknown;
}

/** Teaches the models their natural keys; gives what takes those away again. */
export function addNaturalKeys(): () => void {
  const undo = Object.entries(NATURAL).map(([label, name]) => {
    const model = registry.getModel(label) as ModelClass & Record<string, unknown>;
    const prototype = model.prototype as Record<string, unknown>;
    prototype["naturalKey"] = function (this: Record<string, unknown>) {
      return [this[name]];
    };
    const getByNaturalKey = function (this: Getting, value: unknown) {
      return this.get({ [name]: value });
    };
    for (const manager of ["objects", "aobjects"]) {
      const extended = (model[manager] as Extensible).extend({ getByNaturalKey });
      Object.defineProperty(model, manager, { value: extended, configurable: true });
    }
    model._meta.managers.forget();
    return () => {
      delete prototype["naturalKey"];
      delete (model as Record<string, unknown>)["objects"];
      delete (model as Record<string, unknown>)["aobjects"];
      model._meta.managers.forget();
    };
  });
  return () => {
    for (const step of undo) step();
  };
}

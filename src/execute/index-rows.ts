import { ValueError } from "../errors.ts";

interface Rows {
  at(index: number): unknown;
}

/**
 * Makes `rows[3]` mean `rows.at(3)` for what inherits from `prototype`, which inherits from `Parent` as before.
 *
 * An index is a property that no object has, so the lookup of it ends here, at the end of the chain of prototypes;
 * everything else never comes so far.
 */
export function indexRows(prototype: object, parent: object): void {
  const indexed = new Proxy(Object.create(null) as object, {
    get(_target, property, receiver: Rows): unknown {
      if (typeof property === "string" && /^-?\d+$/.test(property)) {
        const index = Number(property);
        if (index < 0) throw new ValueError("Negative indexing is not supported.");
        return receiver.at(index);
      }
      return Reflect.get(parent, property, receiver) as unknown;
    },
    has: (_target, property) => Reflect.has(parent, property),
    getPrototypeOf: () => parent,
  });
  Object.setPrototypeOf(prototype, indexed);
}

/** The runner accepts Django's error classes only, and no fault of ours in their place. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compareError, isDeliberate, normalizeText, sameText } from "../../scripts/conformance/errors.ts";
import { judge } from "../../scripts/conformance/run-case.ts";
import {
  ArgumentTypeError,
  FieldDoesNotExist,
  FieldError,
  IntegrityError,
  ObjectDoesNotExist,
  OperationalError,
  ValueError,
} from "../../src/errors.ts";

function fault(): unknown {
  try {
    return (null as unknown as { x: number }).x;
  } catch (error) {
    return error;
  }
}

describe("error classes", () => {
  it("must be Django's", () => {
    assert.equal(compareError({ error: "FieldError" }, new FieldError("x")), null);
    assert.notEqual(compareError({ error: "FieldError" }, new ValueError("x")), null);
    assert.notEqual(compareError({ error: "FieldError" }, new FieldDoesNotExist("x")), null);
    assert.equal(compareError({ error: "TypeError" }, new ArgumentTypeError("x")), null);
    assert.equal(compareError({ error: "OutputFieldIsNoneError" }, new FieldError("x")), null);
  });

  it("a fault of ours is never the expected error", () => {
    assert.equal(isDeliberate(fault()), false);
    assert.notEqual(compareError({ error: "TypeError" }, fault()), null);
    assert.notEqual(compareError({ error: "TypeError", incidental: true }, fault()), null);
    assert.notEqual(compareError({ error: "OperationalError", db: true }, fault()), null);
  });

  it("DoesNotExist is that of the model", () => {
    class PizzaDoesNotExist extends ObjectDoesNotExist {}
    class BoxDoesNotExist extends ObjectDoesNotExist {}
    const pizza = { DoesNotExist: PizzaDoesNotExist };
    assert.equal(compareError({ error: "DoesNotExist" }, new PizzaDoesNotExist("x"), pizza), null);
    assert.notEqual(compareError({ error: "DoesNotExist" }, new BoxDoesNotExist("x"), pizza), null);
    assert.equal(compareError({ error: "RelatedObjectDoesNotExist" }, new BoxDoesNotExist("x"), pizza), null);
  });

  it("what the database refuses may have another class, but not a violated constraint", () => {
    assert.equal(compareError({ error: "ProgrammingError", db: true }, new OperationalError("x")), null);
    assert.notEqual(compareError({ error: "IntegrityError", db: true }, new OperationalError("x")), null);
    assert.equal(compareError({ error: "IntegrityError", db: true }, new IntegrityError("x")), null);
  });
});

describe("outcomes", () => {
  it("an answer is no error, an error no answer", () => {
    assert.notEqual(judge({ error: "FieldError", queries: 0 }, { got: [], queries: 0 }, true).problem, null);
    assert.notEqual(
      judge({ rows: [], queries: 1 }, { error: new FieldError("x"), queries: 0 }, true).problem,
      null,
    );
    assert.notEqual(judge({ error: "IntegrityError", db: true }, { got: 1, queries: 1 }, true).problem, null);
    assert.equal(judge({ error: "OperationalError", db: true }, { got: 1, queries: 1 }, true).problem, null);
    assert.equal(
      judge({ error: "AttributeError", incidental: true }, { got: 1, queries: 1 }, true).problem,
      null,
    );
  });

  it("more statements than Django fail, fewer pass", () => {
    assert.equal(judge({ rows: [1], queries: 2 }, { got: [1], queries: 1 }, true).problem, null);
    assert.notEqual(judge({ rows: [1], queries: 1 }, { got: [1], queries: 2 }, true).problem, null);
    assert.notEqual(judge({ value: 1, queries: 0 }, { got: 1, queries: 1 }, true).problem, null);
    assert.notEqual(
      judge({ error: "FieldError", queries: 0 }, { error: new FieldError("x"), queries: 1 }, true).problem,
      null,
    );
  });

  it("rows must be rows", () => {
    assert.notEqual(judge({ rows: [], queries: 1 }, { got: null, queries: 1 }, true).problem, null);
    assert.equal(
      judge({ value: null, queries: 0 }, { got: { $undefined: true }, queries: 0 }, true).problem,
      null,
    );
  });
});

describe("error texts", () => {
  it("are compared after translating names", () => {
    assert.equal(
      normalizeText("Cannot use select_related() on None."),
      normalizeText("Cannot use selectRelated() on null"),
    );
    assert.equal(sameText({ error: "FieldError", message: 'a "b"' }, new FieldError("a 'b'")), true);
    assert.equal(sameText({ error: "FieldError", message: "a" }, new FieldError("b")), false);
    assert.equal(sameText({ error: "FieldError", db: true }, new FieldError("b")), null);
    assert.equal(normalizeText("box__name_x"), "box__name_x");
  });
});

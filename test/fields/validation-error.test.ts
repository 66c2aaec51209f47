import assert from "node:assert/strict";
import { test } from "node:test";
import { ValidationError } from "../../src/validators/validation-error.ts";

test("one message, with its places filled in", () => {
  const error = new ValidationError("“%(value)s” is not %(what)r, 100%%", {
    code: "odd",
    params: { value: 3, what: "x" },
  });
  assert.equal(error.message, "“3” is not 'x', 100%");
  assert.equal(error.code, "odd");
  assert.deepEqual(error.messages, ["“3” is not 'x', 100%"]);
  assert.deepEqual(error.messageDict, { __all__: ["“3” is not 'x', 100%"] });
  assert.deepEqual(error.errorList, [error]);
  assert.equal(error.errorDict, null);
  assert.ok(error instanceof Error);
  assert.equal(error.name, "ValidationError");
});

test("without parameters a percent sign is itself, and there is a code all the same", () => {
  const error = new ValidationError("100%");
  assert.equal(error.message, "100%");
  assert.equal(error.code, "validation_error");
  assert.equal(error.validationCode, null);
});

test("lists are flattened", () => {
  const error = new ValidationError(["a", new ValidationError("b", { code: "x" }), ["c"]]);
  assert.deepEqual(error.messages, ["a", "b", "c"]);
  assert.deepEqual(
    error.errorList.map((each) => each.validationCode),
    [null, "x", null],
  );
  assert.equal(error.message, "['a', 'b', 'c']");
  assert.deepEqual(new ValidationError(new ValidationError("b", { code: "x" })).code, "x");
});

test("errors by field, merged field by field", () => {
  const error = new ValidationError({
    name: "short",
    price: ["high", new ValidationError("odd", { code: "o" })],
  });
  assert.deepEqual(error.messageDict, { name: ["short"], price: ["high", "odd"] });
  assert.deepEqual(error.messages, ["short", "high", "odd"]);
  assert.deepEqual(
    error.errorDict?.price?.map((each) => each.validationCode),
    [null, "o"],
  );
  assert.equal(error.message, "{'name': ['short'], 'price': ['high', 'odd']}");
  const all = error.updateErrorDict({ name: [new ValidationError("first")] });
  new ValidationError("no field").updateErrorDict(all);
  assert.deepEqual(new ValidationError(all).messageDict, {
    name: ["first", "short"],
    price: ["high", "odd"],
    __all__: ["no field"],
  });
  assert.deepEqual(new ValidationError(error).messageDict, error.messageDict);
  assert.equal(JSON.stringify(error), '{"name":["short"],"price":["high","odd"]}');
});

/** What a `ValidationError` is made of, and what it gives. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NON_FIELD_ERRORS, ValidationError } from "asgimod";

const odd = new ValidationError("%(value)s is odd.", { code: "odd", params: { value: 3 } });

test("a single error has its code, its parameters and its message", () => {
  assert.equal(odd.message, "3 is odd.");
  assert.equal(odd.template, "%(value)s is odd.");
  assert.equal(odd.code, "odd");
  assert.equal(odd.validationCode, "odd");
  assert.deepEqual(odd.params, { value: 3 });
  assert.deepEqual(odd.errorList, [odd]);
  assert.equal(odd.errorDict, null);
  assert.deepEqual(odd.messages, ["3 is odd."]);
  assert.deepEqual(odd.messageDict, { [NON_FIELD_ERRORS]: ["3 is odd."] });
  assert.equal(JSON.stringify(odd), '["3 is odd."]');
  assert.deepEqual(odd.getJsonData(), { __all__: [{ message: "3 is odd.", code: "odd" }] });
});

test("a list holds the single errors of what is in it", () => {
  const list = new ValidationError(["First.", odd, new ValidationError(["Second.", { x: "Third." }])]);
  assert.deepEqual(list.messages, ["First.", "3 is odd.", "Second.", "Third."]);
  assert.deepEqual(
    list.errorList.map(({ validationCode }) => validationCode),
    [null, "odd", null, null],
  );
  assert.equal(list.message, "['First.', '3 is odd.', 'Second.', 'Third.']");
  assert.equal(JSON.stringify(list), JSON.stringify(list.messages));
});

test("an object holds lists by field", () => {
  const dict = new ValidationError({ a: "First.", b: [odd, "Second."], [NON_FIELD_ERRORS]: odd });
  assert.deepEqual(dict.messageDict, { a: ["First."], b: ["3 is odd.", "Second."], __all__: ["3 is odd."] });
  assert.deepEqual(JSON.parse(JSON.stringify(dict)), dict.messageDict);
  assert.deepEqual(Object.keys(dict.errorDict ?? {}), ["a", "b", "__all__"]);
  assert.equal(dict.message, "{'a': ['First.'], 'b': ['3 is odd.', 'Second.'], '__all__': ['3 is odd.']}");
  assert.deepEqual(dict.getJsonData(), {
    a: [{ message: "First.", code: "" }],
    b: [
      { message: "3 is odd.", code: "odd" },
      { message: "Second.", code: "" },
    ],
    __all__: [{ message: "3 is odd.", code: "odd" }],
  });
  assert.deepEqual(dict.updateErrorDict({ a: [odd] })["a"]?.length, 2);
});

test("an error made of another one has what that has", () => {
  for (const error of [odd, new ValidationError({ a: odd }), new ValidationError([odd, odd])]) {
    const copy = new ValidationError(error);
    assert.deepEqual(copy.toJSON(), error.toJSON());
    assert.deepEqual(copy.getJsonData(), error.getJsonData());
    assert.equal(copy.message, error.message);
  }
});

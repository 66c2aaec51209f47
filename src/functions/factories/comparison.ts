/** Comparison and conversion. Django: Database Functions, "Comparison and conversion functions". */
import type * as types from "../../types/index.ts";
import * as comparison from "../comparison.ts";
import * as uuid from "../uuid.ts";
import { typed } from "./typed.ts";

/**
 * A value as another type.
 *
 * @example `Cast("age", FloatField())` // CAST("age" AS real)
 * Django: `Cast`.
 */
export const Cast: types.CastFactory & types.PublicClass<typeof comparison.Cast> = typed(comparison.Cast);

/**
 * The first of at least two arguments that is not NULL; `null` only where each of them can be.
 *
 * @example `Coalesce("nick", "name")` // COALESCE("nick", "name")
 * Django: `Coalesce`.
 */
export const Coalesce: types.CoalesceFactory & types.PublicClass<typeof comparison.Coalesce> = typed(
  comparison.Coalesce,
);

/**
 * A text that is compared by other rules of order.
 *
 * @example `Collate("name", "nocase")` // "name" COLLATE "nocase"
 * Django: `Collate`.
 */
export const Collate: types.CollateFactory & types.PublicClass<typeof comparison.Collate> = typed(
  comparison.Collate,
);

/**
 * The greatest of at least two arguments. What a NULL among them does is up to the database: SQLite gives NULL.
 *
 * @example `Greatest("created", "changed")` // MAX("created", "changed")
 * Django: `Greatest`.
 */
export const Greatest: types.VariadicFunction & types.PublicClass<typeof comparison.Greatest> = typed(
  comparison.Greatest,
);

/**
 * A JSON array of values.
 *
 * @example `JSONArray("name", F("age").mul(2))` // JSON_ARRAY("name", ("age" * 2))
 * Django: `JSONArray`.
 */
export const JSONArray: types.JSONArrayFactory & types.PublicClass<typeof comparison.JSONArray> = typed(
  comparison.JSONArray,
);

/**
 * JSON's own `null`, as opposed to SQL's NULL, which is what `null` stands for in writes.
 *
 * @example `Dog.objects.create({ name: "Max", data: JSONNull() })`
 * Django: `JSONNull`.
 */
export const JSONNull: types.ConstantFunction<null> & types.PublicClass<typeof comparison.JSONNull> = typed(
  comparison.JSONNull,
);

/**
 * A JSON object. Texts are paths.
 *
 * @example `JSONObject({ name: Lower("name"), age: "age" })` // JSON_OBJECT('name', LOWER("name"), 'age', "age")
 * Django: `JSONObject`.
 */
export const JSONObject: types.JSONObjectFactory & types.PublicClass<typeof comparison.JSONObject> = typed(
  comparison.JSONObject,
);

/**
 * The least of at least two arguments; see `Greatest`.
 *
 * @example `Least("created", "changed")` // MIN("created", "changed")
 * Django: `Least`.
 */
export const Least: types.VariadicFunction & types.PublicClass<typeof comparison.Least> = typed(
  comparison.Least,
);

/**
 * NULL where both arguments are equal, otherwise the first.
 *
 * @example `NullIf("nick", Value(""))` // NULLIF("nick", '')
 * Django: `NullIf`.
 */
export const NullIf: types.NullIfFactory & types.PublicClass<typeof comparison.NullIf> = typed(
  comparison.NullIf,
);

/**
 * A random UUID, made by the database.
 *
 * @example `UUID4()`
 * Django: `UUID4`.
 */
export const UUID4: types.ConstantFunction<string> & types.PublicClass<typeof uuid.UUID4> = typed(uuid.UUID4);

/**
 * A UUID that begins with the time, so that later ones sort after earlier ones.
 *
 * @example `UUID7()`
 * Django: `UUID7`.
 */
export const UUID7: types.ConstantFunction<string> & types.PublicClass<typeof uuid.UUID7> = typed(uuid.UUID7);

/**
 * The functions as users call them: `Upper("name")`, without `new`. Each is its class in every other respect: it can
 * be extended, registered as a transform, and asked with `instanceof`.
 *
 * Django: Database Functions.
 */
export * from "./factories/comparison.ts";
export * from "./factories/dates.ts";
export * from "./factories/numbers.ts";
export * from "./factories/texts.ts";
export * from "./factories/windows.ts";

/** `asgimod/testing`: what tests of programs need. */
export {
  assertNumQueries,
  type CapturedQueries,
  type CaptureOptions,
  type CountedQueries,
  captureQueries,
  countQueries,
} from "./queries.ts";

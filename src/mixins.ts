/**
 * `asgimod/mixins`: the asynchronous half of a model, for one that has only the synchronous half.
 *
 * @module
 */
export { AsyncMixin, SyncModel } from "./index.ts";

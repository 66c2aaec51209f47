/** Options of transactions, and signals: what must compile, with which types, and what must not. */
import type * as transaction from "../../src/transaction.ts";
import { is } from "./check.ts";
import { Box, Pizza } from "./models.ts";

declare const aatomic: typeof transaction.aatomic;
declare const atomic: typeof transaction.atomic;
declare const withSignal: typeof transaction.withSignal;
declare const signal: AbortSignal;

// the result of the function is that of the block
is<number>()(await aatomic(() => Box.aobjects.count(), { isolation: "serializable", retries: 3 }));
is<Box[]>()(await aatomic(() => Box.aobjects.filter({ name: "x" }), { signal }));
is<string>()(atomic(() => "x", { isolation: "repeatable read", readOnly: true, deferrable: false }));

// @ts-expect-error no such level
await aatomic(() => 1, { isolation: "snapshot" });
// @ts-expect-error sync code cannot wait before it tries again
atomic(() => 1, { retries: 3 });
// @ts-expect-error sync code cannot be aborted
atomic(() => 1, { signal });

// signals
is<Box[]>()(await withSignal(signal, () => Box.aobjects.filter({ name: "x" })));
is<Box>()(await withSignal(signal, () => Box.aobjects.get({ id: 1 })));
is<number>()(withSignal(signal, () => Box.objects.count()));
is<Pizza[]>()(await Pizza.aobjects.withSignal(signal).filter({ box__name: "x" }));
is<string[]>()(Pizza.objects.withSignal(signal).valuesList("name", { flat: true }).eval());
// @ts-expect-error a controller is not its signal
Pizza.aobjects.withSignal(new AbortController());

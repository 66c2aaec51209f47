// biome-ignore lint/correctness/useYield: placeholder
export function* bulkCreate(..._args: unknown[]): import('../task.ts').Task<never> { throw new Error('bulkCreate'); }
// biome-ignore lint/correctness/useYield: placeholder
export function* bulkUpdate(..._args: unknown[]): import('../task.ts').Task<never> { throw new Error('bulkUpdate'); }
export type BulkCreateOptions = Record<string, unknown>;

// biome-ignore lint/correctness/useYield: placeholder
export function* updateRows(..._args: unknown[]): import('../task.ts').Task<never> { throw new Error('updateRows'); }

// biome-ignore lint/correctness/useYield: placeholder
export function* deleteRows(..._args: unknown[]): import('../task.ts').Task<never> { throw new Error('deleteRows'); }

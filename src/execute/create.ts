// biome-ignore lint/correctness/useYield: placeholder
export function* create(..._args: unknown[]): import('../task.ts').Task<never> { throw new Error('create'); }
// biome-ignore lint/correctness/useYield: placeholder
export function* getOrCreate(..._args: unknown[]): import('../task.ts').Task<never> { throw new Error('getOrCreate'); }
// biome-ignore lint/correctness/useYield: placeholder
export function* updateOrCreate(..._args: unknown[]): import('../task.ts').Task<never> { throw new Error('updateOrCreate'); }

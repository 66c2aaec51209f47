/**
 * Which of some names are close to a misspelt one, best first: by the share of letters that two names have in common
 * (longest common pieces first), at least 0.6.
 */
export function closeMatches(
  word: string,
  possibilities: readonly string[],
  count = 3,
  cutoff = 0.6,
): string[] {
  return possibilities
    .map((name) => ({ name, score: similarity(name, word) }))
    .filter(({ score }) => score >= cutoff)
    .sort((a, b) => b.score - a.score || (a.name < b.name ? 1 : -1))
    .slice(0, count)
    .map(({ name }) => name);
}

function similarity(a: string, b: string): number {
  return a.length + b.length === 0 ? 1 : (2 * matching(a, b)) / (a.length + b.length);
}

/** Letters in common: those of the longest common piece, then on both sides of it. */
function matching(a: string, b: string): number {
  let best = 0;
  let atA = 0;
  let atB = 0;
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < b.length; j++) {
      let length = 0;
      while (i + length < a.length && j + length < b.length && a[i + length] === b[j + length]) length++;
      if (length > best) [best, atA, atB] = [length, i, j];
    }
  }
  if (best === 0) return 0;
  return (
    best + matching(a.slice(0, atA), b.slice(0, atB)) + matching(a.slice(atA + best), b.slice(atB + best))
  );
}

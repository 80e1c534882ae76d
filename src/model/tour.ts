// Tours: a walk over commands in which each follows each. The complete graph over n commands, loops included, has n
// edges out of and into every node, so it has an Eulerian circuit: n² pairs in n² + 1 steps.

/**
 * A closed walk over 0 … n - 1 that goes from each number to each, itself included, exactly once; n² + 1 numbers, the
 * last the first. `order` permutes the numbers, so that another seed meets the pairs in another order.
 */
export function tour(n: number, order: readonly number[] = Array.from({ length: n }, (_, i) => i)): number[] {
  if (n === 0) return [];
  const next = Array.from({ length: n }, () => 0);
  const walk: number[] = [];
  const stack = [0];
  // Hierholzer: go on while there is an unused edge, and write a node down when there is none left.
  while (stack.length > 0) {
    const at = stack[stack.length - 1] ?? 0;
    const used = next[at] ?? 0;
    if (used === n) walk.push(stack.pop() ?? 0);
    else {
      next[at] = used + 1;
      stack.push((at + used) % n);
    }
  }
  return walk.reverse().map((i) => order[i] ?? i);
}

// Words around numbers, for everything that people read.

/** A number with its noun: `1 check`, `2 checks`, `3 plexes`. */
export const counted = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** `never`, `once`, `twice`, `3 times`. */
export const timesText = (n: number): string => ['never', 'once', 'twice'][n] ?? `${n} times`;

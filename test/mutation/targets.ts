// The parts that can be mutated.

export const TARGETS = {
  'in-memory': {
    says: 'the in-memory provider, with the suite as the only test',
    folders: ['providers/in-memory/objects', 'providers/in-memory/cache'],
  },
  model: {
    says: 'the executable specification, with the reference providers, lawful variants and defects as its tests',
    folders: ['src/model'],
  },
} as const satisfies Readonly<Record<string, { readonly says: string; readonly folders: readonly string[] }>>;

export type TargetName = keyof typeof TARGETS;
export const TARGET_NAMES = Object.keys(TARGETS) as TargetName[];

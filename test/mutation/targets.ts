// The parts that can be mutated.

export interface Target {
  readonly says: string;
  readonly folders: readonly string[];
  /** Files in the folders that are left as they are. */
  readonly except: readonly string[];
}

export const TARGETS = {
  'in-memory': {
    says: 'the in-memory provider, with the suite as the only test',
    folders: ['providers/in-memory/objects', 'providers/in-memory/cache'],
    // A way to cause faults, and no part of VDS: no duty of a provider breaks with it.
    except: ['providers/in-memory/objects/control.ts'],
  },
  model: {
    says: 'the executable specification, with the reference providers, lawful variants and defects as its tests',
    folders: ['src/model'],
    except: [],
  },
} as const satisfies Readonly<Record<string, Target>>;

export type TargetName = keyof typeof TARGETS;
export const TARGET_NAMES = Object.keys(TARGETS) as TargetName[];

// Values that the model knows only in part: the provider may choose them (a rounded size, an id, a truncated name) and
// then reports them. An observed value is then learned, and the provider held to it.

/** A value of which the documents fix only a condition. */
export class Expected {
  constructor(
    private readonly says: string,
    readonly admits: (actual: unknown) => boolean,
    /** What another value breaks, where that is not the requirement of its member. */
    readonly requirement?: string,
  ) {}

  toString(): string {
    return this.says;
  }
}

/** Nothing is documented about the value: the next observation fixes it. */
export const ANYTHING = new Expected('anything', () => true);

/** The same of what had this value before. */
export class Formerly extends Expected {
  constructor(readonly value: unknown) {
    super('anything', () => true);
  }
}

/** One of several values. */
export class OneOf extends Expected {
  readonly values: readonly unknown[];

  constructor(...values: readonly unknown[]) {
    const different = [...new Set(values)];
    super(different.map((v) => JSON.stringify(v)).join(' or '), (actual) => different.includes(actual));
    this.values = different;
  }
}

/** Bytes within limits, both inclusive. */
export class Between extends Expected {
  constructor(
    readonly least: bigint,
    readonly most: bigint,
  ) {
    super(`between ${least} and ${most} bytes`, (actual) =>
      typeof actual === 'bigint' ? actual >= least && actual <= most : false,
    );
  }
}

/** The limits of a size, whatever is known of it; undefined for other values. */
export function limitsOf(size: unknown): { readonly least: bigint; readonly most: bigint } | undefined {
  if (typeof size === 'bigint') return { least: size, most: size };
  return size instanceof Between ? size : undefined;
}

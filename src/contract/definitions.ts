// The types of the rows of the contract's tables. The rows themselves are generated (generated/tables.ts); tables.ts
// finds one.

/** A reference to an object as it crosses the port: one number per COM interface pointer, never reused. */
export type Handle = number & { readonly handle: unique symbol };

/** The type of a parameter or member. Sizes and offsets are those of the 64-bit layout. */
export type TypeDef =
  | { readonly kind: 'i16' | 'u16' | 'i32' | 'u32' | 'u64' | 'u8' | 'bool' | 'hresult' | 'guid' | 'wstr' | 'astr' }
  | { readonly kind: 'enum'; readonly name: string }
  | { readonly kind: 'struct'; readonly name: string }
  | { readonly kind: 'interface'; readonly name: string }
  | { readonly kind: 'pointer'; readonly to: TypeDef }
  /** Inline array of UTF-16 units, or of bytes. */
  | { readonly kind: 'wchars' | 'fixed'; readonly length: number }
  /**
   * Counted by the parameter or member `count`; `allocatedBy` on out parameters; `capacity` names the in parameter that
   * sizes a caller's buffer.
   */
  | {
      readonly kind: 'array';
      readonly of: TypeDef;
      readonly count: string;
      readonly allocatedBy?: 'provider' | 'caller';
      readonly capacity?: string;
    }
  | {
      readonly kind: 'bytes';
      readonly count: string;
      readonly allocatedBy?: 'provider' | 'caller';
      readonly capacity?: string;
    };

export interface ParamDef {
  readonly name: string;
  readonly vdsName: string;
  readonly direction: 'in' | 'out';
  /** The IDL says [unique], or the header says optional: NULL is a documented argument. */
  readonly nullable: boolean;
  /** For an out parameter, what the pointer points at. */
  readonly type: TypeDef;
  /** How the parameter itself is passed: 'ptr', 'value' (a structure by value) or a scalar. */
  readonly abi: 'ptr' | 'value' | 'i16' | 'i32' | 'u32' | 'u64';
}

export interface MethodDef {
  readonly name: string;
  /** Absolute vtable slot; 0 to 2 are IUnknown's. */
  readonly slot: number;
  /** Documentation page id. */
  readonly page: string;
  /** Documented return codes, by name. */
  readonly codes: readonly string[];
  /** The codes that the page's generic text adds: E_INVALIDARG, E_OUTOFMEMORY, VDS_COMMON, HRESULT_FROM_WIN32. */
  readonly generic: readonly string[];
  readonly documentSays?: string;
  readonly params: readonly ParamDef[];
}

export interface InterfaceDef {
  readonly name: string;
  readonly iid: string;
  /** Kinds of object that expose it: `lun`. */
  readonly objects: readonly string[];
  /** When they expose it, in the documents' words. */
  readonly presence: string;
  /**
   * Whether they must: those of every provider, of those of some VDS_HWPROVIDER_TYPE, or of none. False too where the
   * pages contradict each other.
   */
  readonly required: boolean | readonly string[];
  /** Ours rather than Microsoft's. */
  readonly extension?: true;
  readonly methods: readonly MethodDef[];
}

export interface FieldDef {
  readonly name: string;
  readonly vdsName: string;
  readonly type: TypeDef;
  readonly offset: number;
  readonly size: number;
  /** The arm of a union that is present when another member has one of these values. */
  readonly when?: { readonly field: string; readonly values: readonly number[] };
  /** Never traced, logged or reported. */
  readonly secret?: true;
}

export interface StructureDef {
  readonly name: string;
  readonly size: number;
  readonly align: number;
  readonly fields: readonly FieldDef[];
  readonly validHealth?: readonly number[];
  /** An unnamed structure inside a union, named here after its owner. */
  readonly inline?: true;
}

export interface EnumerationDef {
  readonly name: string;
  readonly flags: boolean;
  readonly values: Readonly<Record<string, number>>;
}

export interface CodeDef {
  readonly name: string;
  readonly value: number;
  /** On the common return codes page. */
  readonly common?: true;
}

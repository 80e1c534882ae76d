// Interface pointers and the handles that stand for them: one handle for each reference holder, numbers that are never
// used again, and COM identity as a number.
import type { Handle, InterfaceName } from '../../src/contract/tables.js';
import { ProviderProtocolError } from '../../src/port/errors.js';
import type { Address } from './memory.js';

interface Pointer {
  readonly handle: Handle;
  readonly address: Address;
  readonly interfaceName: InterfaceName;
  /** False for a pointer that came with a failure: it can be released, which does nothing, and not be called. */
  readonly usable: boolean;
  /** References that the caller holds through this handle. */
  references: number;
  /** Address of the object's IUnknown, as it was last asked for. */
  unknown: Address | undefined;
}

interface Identity {
  readonly token: number;
  /** Live handles known to be of the object. */
  holders: number;
}

// Of the process, not of a session: sinks outlive sessions and are told apart by their handles.
let nextHandle = 1;
let nextToken = 1;

export class Handles {
  private readonly pointers = new Map<Handle, Pointer>();
  private readonly identities = new Map<Address, Identity>();

  /** A new handle, which holds one reference. */
  give(address: Address, interfaceName: InterfaceName, usable = true): Pointer {
    const pointer: Pointer = {
      handle: nextHandle++ as Handle,
      address,
      interfaceName,
      usable,
      references: 1,
      unknown: undefined,
    };
    this.pointers.set(pointer.handle, pointer);
    return pointer;
  }

  /** The pointer of a live handle, to be released or passed on. Throws ProviderProtocolError. */
  alive(handle: Handle): Pointer {
    const pointer = this.pointers.get(handle);
    if (pointer === undefined)
      throw new ProviderProtocolError(`object ${handle} does not exist, or its last reference was released`);
    return pointer;
  }

  /** The pointer of a live handle, to be called. Throws ProviderProtocolError. */
  usable(handle: Handle): Pointer {
    const pointer = this.alive(handle);
    if (!pointer.usable)
      throw new ProviderProtocolError(`object ${handle} came with a failure, so it must not be used`, {
        hint: 'COM returns NULL with a failure; what the provider returned may not be an object at all.',
      });
    return pointer;
  }

  /** Takes one reference from a handle. True when it was the last and the handle is dead. */
  drop(pointer: Pointer): boolean {
    pointer.references -= 1;
    if (pointer.references > 0) return false;
    this.pointers.delete(pointer.handle);
    return true;
  }

  /** The number that stands for the object whose IUnknown is at `unknown`, which `pointer` has just answered. */
  identify(pointer: Pointer, unknown: Address): number {
    let identity = this.identities.get(unknown);
    if (identity === undefined) this.identities.set(unknown, (identity = { token: nextToken++, holders: 0 }));
    if (pointer.unknown !== unknown && this.pointers.has(pointer.handle)) {
      this.forget(pointer, 1);
      pointer.unknown = unknown;
      identity.holders += 1;
    }
    return identity.token;
  }

  /**
   * Ends what a dead handle had to do with its object's identity. `count` is what the last Release answered: at 0 the
   * object is gone and its address may come back as another object, which must get another number. Above 0 the object
   * lives, perhaps by a handle that was never asked for its identity and would now answer a different number than
   * before.
   */
  forget(pointer: Pointer, count: number): void {
    if (pointer.unknown === undefined) return;
    const identity = this.identities.get(pointer.unknown);
    if (identity !== undefined && --identity.holders === 0 && count === 0) this.identities.delete(pointer.unknown);
    pointer.unknown = undefined;
  }

  clear(): void {
    this.pointers.clear();
    this.identities.clear();
  }
}

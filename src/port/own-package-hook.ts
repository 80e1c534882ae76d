// Node's hook by which this package's name stands for this copy of it. Node loads it into a thread of its own: nothing
// else of the harness belongs here.
import type { ResolveHook } from 'node:module';

export const OWN_NAME = 'vds-conformance';

/** A package finds itself by its name, so the name is looked up as if it stood here. */
export const resolve: ResolveHook = (specifier, context, next) =>
  next(
    specifier,
    specifier === OWN_NAME || specifier.startsWith(`${OWN_NAME}/`)
      ? { ...context, parentURL: import.meta.url }
      : context,
  );

// For tests of errors whose members matter, which `rejects` cannot look at one by one.

/** The reason that the promise rejects with; fails when it does not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const nothing = Symbol('nothing');
  const error: unknown = await promise.then(
    () => nothing,
    (e: unknown) => e,
  );
  if (error === nothing) throw new Error('it was to reject');
  return error;
}

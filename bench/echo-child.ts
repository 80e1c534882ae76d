// A child that answers each message with one of the size that a provider host's reply has: the limit for isolation.
let body: unknown;
process.on('message', (message: { readonly id: number; readonly body?: unknown }) => {
  if (message.body !== undefined) body = message.body;
  process.send?.({ id: message.id, reply: body });
});

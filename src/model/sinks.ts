// To whose sink notifications may come: that of a provider object that is loaded, from OnLoad on until OnUnload.

/** The sinks of provider objects that were unloaded: nothing comes to them any more. */
export class Sinks {
  /** By sink: how many notifications had come in all when OnUnload had answered S_OK. */
  private readonly closed = new Map<number, number>();
  private looked = 0;

  /** The provider object with this sink was unloaded when so many notifications had come. */
  close(sink: number, received: number): void {
    this.closed.set(sink, received);
  }

  /** Those that came to a closed sink since the last look, of all that were received so far. */
  strays<T extends { readonly sink: number }>(received: readonly T[]): readonly T[] {
    const from = this.looked;
    this.looked = received.length;
    return received
      .slice(from)
      .filter(({ sink }, i) => from + i >= (this.closed.get(sink) ?? Number.POSITIVE_INFINITY));
  }
}

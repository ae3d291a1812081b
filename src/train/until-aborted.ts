/**
 * The items of an iterable until a signal aborts, which is heard even while the next item is on its way. Not here: what is done with the items
 * (stream.ts).
 */

export async function* untilAborted<T>(
  items: Iterable<T> | AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : inTurn(items);
  for (;;) {
    const next = signal.aborted ? null : await nextOrAbort(iterator, signal);
    if (next === null) {
      // not waited for: a generator closes only when what it waits for has come
      close(iterator).catch(() => {});
      throw signal.reason;
    }
    if (next.done) return;
    let taken = false;
    try {
      yield next.value;
      taken = true;
    } finally {
      if (!taken) await close(iterator);
    }
  }
}

async function* inTurn<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

/** The iterator's next result, or null as soon as the signal aborts. Listens anew for each: a promise that outlives them would gather them all. */
function nextOrAbort<T>(iterator: AsyncIterator<T>, signal: AbortSignal): Promise<IteratorResult<T> | null> {
  return new Promise((resolve, reject) => {
    const onAbort = () => resolve(null);
    signal.addEventListener('abort', onAbort);
    iterator
      .next()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}

async function close(iterator: AsyncIterator<unknown>): Promise<void> {
  await iterator.return?.();
}

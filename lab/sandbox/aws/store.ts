/** A service's state: one mutable value that outlives a restart of the sandbox. */
export interface Store<State> {
  /** The present state. Read it again in each operation; mutate it only inside `change`. */
  readonly state: State;
  /** Applies a mutation and has it saved. Synchronous: an operation is atomic. */
  change<Result>(mutate: (state: State) => Result): Result;
}

/** A store in memory, for tests. */
export function memoryStore<State>(initial: State): Store<State> {
  return { state: initial, change: (mutate) => mutate(initial) };
}

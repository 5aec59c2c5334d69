/**
 * A value that is made when it is first asked for, and kept. A value that a call does not need
 * costs it no load: a cold start waits for everything that a module makes.
 */
export function madeOnce<Value extends object>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

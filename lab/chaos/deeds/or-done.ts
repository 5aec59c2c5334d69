/**
 * After a lost answer, AWS tells the repeated call that it is done already. An earlier deed may
 * also have ended between two calls, so that the next one finds nothing to delete and makes it.
 */
export const orDone =
  (answer: new (...args: never[]) => Error) =>
  (error: unknown): void => {
    if (!(error instanceof answer)) throw error;
  };

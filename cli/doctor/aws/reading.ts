import { Unread } from "../sights.ts";

/**
 * One read: undefined where AWS says that the thing is not there.
 *
 * @param what begins a sentence about a failure: `the role x`
 * @param absent AWS's names of the errors that say so
 * @throws Unread
 */
export async function reading<Answer>(
  what: string,
  call: () => Promise<Answer>,
  absent: readonly string[] = [],
): Promise<Answer | undefined> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (absent.includes(error.name)) return undefined;
    // An error without a name of its own, such as missing credentials, explains itself.
    const why = error.name === "Error" ? error.message.replace(/\.?\s*$/, "") : error.name;
    throw new Unread(`${what}: ${why}`, error.name, { cause: error });
  }
}

/** As {@link reading}, for a part that is always there. */
export async function readingAlways<Answer>(
  what: string,
  call: () => Promise<Answer>,
): Promise<Answer> {
  return (await reading(what, call)) as Answer;
}

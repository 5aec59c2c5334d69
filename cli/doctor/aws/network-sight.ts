import { type NetworkSight, Unread } from "../sights.ts";

/** Longer than anybody would wait. */
const MOST_MS = 10_000;

/** Visits addresses, without credentials. */
export const networkSight = (): NetworkSight => ({
  async visit(url) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(MOST_MS) });
      await answer.body?.cancel();
      const date = answer.headers.get("date");
      return {
        status: answer.status,
        date: date === null ? undefined : new Date(date).toISOString(),
      };
    } catch (error) {
      throw new Unread(`${new URL(url).host} does not answer`, "NoAnswer", { cause: error });
    }
  },
});

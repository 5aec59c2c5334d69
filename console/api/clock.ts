/** The API's clock, as far as its answers tell it, and a tick for what counts down. */
import { useEffect, useState } from "react";

let ahead = 0;

/** An answer says when it was made. Within a few seconds it is as good as this machine's clock. */
export function heardTime(instant: string): void {
  const difference = Date.parse(instant) - Date.now();
  if (Math.abs(difference) > 5_000 || ahead !== 0) ahead = difference;
}

/** ISO 8601 UTC. */
export const apiNow = (): string => new Date(Date.now() + ahead).toISOString();

/** Now, again at each tick. @param everyMs a second for a countdown */
export function useNow(everyMs = 1_000): string {
  const [now, setNow] = useState(apiNow);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") setNow(apiNow());
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

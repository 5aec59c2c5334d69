import { type Disturbance, RECOVERY_SECONDS } from "../stage/disturbance.ts";
import type { Seen } from "./seen.ts";

/** All that may hold up an end in this run: what was done to the broker, and a machine that was too slow. */
export const disturbancesOf = ({
  disturbances,
  slow,
}: Pick<Seen, "disturbances" | "slow">): readonly Disturbance[] => [
  ...disturbances,
  ...slow.map(({ from, to }) => ({
    ...{ from, to, holdsUpSeconds: RECOVERY_SECONDS, what: "the machine was too slow" },
  })),
];

/** The earliest end that an answer promised for a request. */
export const promisedEnd = ({ promises }: Pick<Seen, "promises">, id: string): string | undefined =>
  promises
    .filter((one) => one.id === id)
    .map(({ expiresAt }) => expiresAt)
    .toSorted()[0];

const ENDS: ReadonlySet<string> = new Set(["return", "revoke", "cancel"]);

/** When the API answered somebody that they had ended a grant. Milliseconds since 1970. */
export function endAnswered(
  { deeds, answered }: Pick<Seen, "deeds" | "answered">,
  id: string,
): number | undefined {
  const ended = deeds.find(
    ({ action, answer }) =>
      ENDS.has(action.kind) &&
      answer === "200" &&
      "life" in action &&
      answered.get(action.life)?.id === id,
  );
  return ended?.to;
}

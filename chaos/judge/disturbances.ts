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

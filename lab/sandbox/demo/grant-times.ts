/** When a grant that a step has made ends, as the command and the API say it. */
import type { Grant } from "./people.ts";
import type { Outcome } from "./run-client.ts";
import { type GrantTimes, outcomeText, PATIENCE_MS, type Scene } from "./scene.ts";
import { check } from "./steps.ts";
import { until } from "./until.ts";

/** Exit statuses of `timelatch request` after which a request exists: made; with `--wait`, without access. */
const REQUEST_EXISTS: readonly number[] = [0, 7];

/** The id that `timelatch request` printed: in its answer, or with `--wait` as progress. */
export const requestIdIn = (outcome: Outcome): string => {
  const { code, stdout, stderr } = outcome;
  const [id] = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(`${stderr}${stdout}`) ?? [];
  check(
    REQUEST_EXISTS.includes(code) && id !== undefined,
    `timelatch request ended with ${outcomeText(outcome)}`,
  );
  return id;
};

/** @param outcome of the command with `--wait` that waited for the access */
export async function grantTimes(
  { people }: Scene,
  id: string,
  outcome: Outcome,
): Promise<GrantTimes> {
  const { state, revokeAt, expiresAt } = await people.grantOf(id);
  check(
    revokeAt !== null && expiresAt !== null,
    `the request is ${state}; ${outcomeText(outcome)}`,
  );
  const times = { id, revokeAt: Date.parse(revokeAt), expiresAt: Date.parse(expiresAt) };
  check(outcome.code === 0, `--wait ended with ${outcomeText(outcome)}`, times.revokeAt);
  return times;
}

/** Waits until a request that was approved is active. */
export async function untilActive({ people, signal }: Scene, id: string): Promise<GrantTimes> {
  let grant: Grant | undefined;
  const isDecided = async () => {
    grant = await people.grantOf(id);
    return grant.state !== "pending" && grant.state !== "approved";
  };
  await until(isDecided, Date.now() + PATIENCE_MS, signal);
  const { state, revokeAt = null, expiresAt = null } = grant ?? {};
  check(revokeAt !== null && expiresAt !== null, `the second request is ${state}`);
  const times = { id, revokeAt: Date.parse(revokeAt), expiresAt: Date.parse(expiresAt) };
  check(state === "active", `the second grant is ${state}`, times.revokeAt);
  return times;
}

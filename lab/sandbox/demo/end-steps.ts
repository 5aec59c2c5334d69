/** The steps in which access ends: each waits until it is gone, and checks that it was gone in time. */
import { ownRoleArn } from "../world/people.ts";
import { clockText, secondsText } from "./clock-text.ts";
import type { Grant } from "./people.ts";
import {
  CAROLS_STANDING_POLICY,
  createDeployments,
  DELETE_SYSTEM_PODS,
  EDIT,
  type GrantTimes,
  listed,
  PATIENCE_MS,
  type Scene,
  same,
} from "./scene.ts";
import { check } from "./steps.ts";
import { until, waitFor } from "./until.ts";

/** Watches until access is gone, and answers when that was seen, in milliseconds. */
async function watchEnd(
  { signal }: Scene,
  { revokeAt, expiresAt }: GrantTimes,
  isGone: () => Promise<boolean>,
): Promise<number> {
  await waitFor(revokeAt, signal);
  await until(isGone, expiresAt + PATIENCE_MS, signal);
  return Date.now();
}

/** Says that the demo waits for an end, until it was seen. */
async function waitForEnd(
  { narrator }: Scene,
  what: string,
  { revokeAt, expiresAt }: GrantTimes,
  gone: Promise<number>,
): Promise<number> {
  const done = narrator.waiting(
    `${what} ends at ${clockText(revokeAt)}, at the latest at ${clockText(expiresAt)}`,
    revokeAt,
  );
  return gone.finally(done);
}

/** Watches alice's entry, whatever else the demo shows meanwhile. */
export function watchSecondEnd(scene: Scene, second: GrantTimes): Promise<number> {
  const gone = watchEnd(
    scene,
    second,
    async () => (await scene.people.entryOf("alice")) === undefined,
  );
  // A step before the one that waits for it may fail first.
  gone.catch(() => undefined);
  return gone;
}

const timeToSpare = (goneAt: number, { expiresAt }: GrantTimes) =>
  `${secondsText(expiresAt - goneAt)} before its deadline`;

/** Timelatch's promise: access is gone by `expiresAt`. */
const checkGoneInTime = (goneAt: number, { expiresAt }: GrantTimes): void =>
  check(goneAt <= expiresAt, `access was there until ${clockText(goneAt)}, after its deadline`);

/** The end is recorded once a read has proven it, a little later than the access goes. */
export async function untilEnded(
  { people, signal }: Scene,
  { id }: Pick<GrantTimes, "id">,
): Promise<Grant> {
  let grant = await people.grantOf(id);
  const isEnded = async () => {
    grant = await people.grantOf(id);
    return grant.state === "ended";
  };
  await until(isEnded, Date.now() + PATIENCE_MS, signal);
  check(grant.state === "ended", `the request is ${grant.state}, though its access is gone`);
  return grant;
}

export function firstGrantEnds(scene: Scene, first: GrantTimes, second: GrantTimes): Promise<void> {
  const { people, steps } = scene;
  return steps.step("first-ends", "The first grant ends by itself", async (show) => {
    const left = [`${EDIT} in payments-worker`];
    const isGone = async () => same((await people.entryOf("alice"))?.policies ?? [], left);
    const gone = watchEnd(scene, first, isGone);
    const goneAt = await waitForEnd(scene, "payments-api", first, gone);
    const [policies, inApi, inWorker] = await show(
      people.policies("alice"),
      people.canI("alice", createDeployments("payments-api")),
      people.canI("alice", createDeployments("payments-worker")),
    );
    check(same(policies, left), `alice's entry has ${listed(policies)}`, second.revokeAt);
    check(inApi === "no", `kubectl answered ${inApi} in payments-api`, second.revokeAt);
    check(inWorker === "yes", `kubectl answered ${inWorker} in payments-worker`, second.revokeAt);
    checkGoneInTime(goneAt, first);
    // Its record follows within seconds; what dave exports waits for it.
    return {
      detail: `payments-api was gone at ${clockText(goneAt)}, ${timeToSpare(goneAt, first)}; payments-worker stays`,
      value: undefined,
    };
  });
}

export function carolIsRestored(
  scene: Scene,
  emergency: GrantTimes,
  carolsEntry: string,
): Promise<void> {
  const { people, steps } = scene;
  const title = "carol's standing entry is as it was before";
  return steps.step("standing-restored", title, async (show) => {
    const isRestored = async () => (await people.entryOf("carol"))?.identity === carolsEntry;
    const restored = watchEnd(scene, emergency, isRestored);
    await waitForEnd(scene, "cluster admin", emergency, restored);
    const [policies, canI] = await show(
      people.policies("carol"),
      people.canI("carol", DELETE_SYSTEM_PODS),
    );
    check(same(policies, [CAROLS_STANDING_POLICY]), `carol's entry has ${listed(policies)}`);
    check(canI === "no", `kubectl answered carol ${canI}`);
    const now = await people.entryOf("carol");
    check(now?.identity === carolsEntry, `carol's entry was ${carolsEntry}, is ${now?.identity}`);
    // Looked at only once alice's first grant was over, so its own record says when it ended.
    const { endedAt } = await untilEnded(scene, emergency);
    check(
      endedAt !== null && Date.parse(endedAt) <= emergency.expiresAt,
      `her break-glass grant ended at ${endedAt}`,
    );
    return {
      detail: "same ARN, creation time, groups, policies and scopes as before",
      value: undefined,
    };
  });
}

/** @param gone when its end was seen, as `watchSecondEnd` answers it */
export function secondGrantEnds(
  scene: Scene,
  second: GrantTimes,
  gone: Promise<number>,
): Promise<void> {
  const { people, steps, noteCanI } = scene;
  const title = "The second grant ends; Timelatch deletes the entry that it made";
  return steps.step("second-ends", title, async (show) => {
    const goneAt = await waitForEnd(scene, "payments-worker", second, gone);
    const [entries, canI] = await show(
      people.entries("alice"),
      people.canI("alice", createDeployments("payments-api")),
    );
    noteCanI("after", canI === "yes");
    check(!entries.includes(ownRoleArn("alice")), "alice still has an access entry");
    check(canI === "unauthorized", `kubectl answered alice ${canI}`);
    checkGoneInTime(goneAt, second);
    return {
      detail: `alice's entry was gone at ${clockText(goneAt)}, ${timeToSpare(goneAt, second)}`,
      value: undefined,
    };
  });
}

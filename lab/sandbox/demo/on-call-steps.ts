/** Carol is on call, and gets in without anybody and without break-glass; after her shift she does not. */
import { type GrantTimes, grantTimes, requestIdIn } from "./grant-times.ts";
import { MARGIN_SECONDS, type Pace, windowSeconds } from "./pace.ts";
import { CLUSTER, EDIT, listed, outcomeText, type Scene } from "./scene.ts";
import { check } from "./steps.ts";
import { waitFor } from "./until.ts";

export interface OnCallGrant extends GrantTimes {
  /** When her shift ends, in milliseconds. */
  readonly shiftEnd: number;
}

const ON_CALL_RULE = "on-call-prod";

const requestArgs = (seconds: number) => [
  ...["request", "--yes", "--cluster", CLUSTER, "--policy", EDIT, "--namespace", "payments-api"],
  ...["--duration", `${seconds}s`, "--reason", "INC-4711 the page at three", "--wait"],
];

export function carolIsOnCall(scene: Scene, pace: Pace): Promise<OnCallGrant> {
  const { people, steps, onCall } = scene;
  const title = "carol is on call: she is in at once, without an approval and without break-glass";
  return steps.step("on-call", title, async (show) => {
    const shiftEnd = await onCall.carolIsOn(windowSeconds("shift", pace));
    const seconds = windowSeconds("onCall", pace) + MARGIN_SECONDS;
    const [requested] = await show(people.timelatch("carol", requestArgs(seconds), 1));
    const id = requestIdIn(requested);
    // A shift that ends before the access begins lends nothing.
    check(requested.code === 0, `her request ended with ${outcomeText(requested)}`, shiftEnd);
    const times = await grantTimes(scene, id, requested);
    const { rule } = await people.grantOf(id);
    check(rule === ON_CALL_RULE, `her request was decided by ${rule}`, shiftEnd);
    const [policies] = await show(people.policies("carol"));
    check(
      policies.includes(`${EDIT} in payments-api`),
      `carol's entry has ${listed(policies)}`,
      times.revokeAt,
    );
    return {
      detail: "her rule asks PagerDuty who is on call; the record has its answer",
      value: { ...times, shiftEnd },
    };
  });
}

/** The check that nothing of it is left is that of her standing entry. */
export function shiftIsOver(scene: Scene, { shiftEnd }: OnCallGrant): Promise<void> {
  const { people, steps, onCall, signal } = scene;
  return steps.step("shift-over", "carol's shift is over", async (show) => {
    await waitFor(shiftEnd, signal);
    await onCall.look();
    const args = [...requestArgs(20), "--rule", ON_CALL_RULE];
    const [refused] = await show(people.timelatch("carol", args, 1));
    check(
      refused.code === 3 && refused.stderr.includes("and carol is not"),
      `her request ended with ${outcomeText(refused)}`,
    );
    return { detail: "who is not on call is refused, and says so", value: undefined };
  });
}

/** Carol is on call, and gets in without anybody and without break-glass; after her shift she does not. */
import { ON_CALL_RULE } from "./demo-policy.ts";
import { grantTimes, requestIdIn } from "./grant-times.ts";
import { MARGIN_SECONDS, type Pace, windowSeconds } from "./pace.ts";
import {
  CLUSTER,
  EDIT,
  type GrantTimes,
  listed,
  outcomeText,
  PATIENCE_MS,
  type Scene,
  same,
} from "./scene.ts";
import { check } from "./steps.ts";
import { until } from "./until.ts";

const requestArgs = (seconds: number) => [
  ...["request", "--yes", "--cluster", CLUSTER, "--policy", EDIT, "--namespace", "payments-api"],
  ...["--duration", `${seconds}s`, "--reason", "INC-4711 the page at three"],
];

/** Timelatch looks by itself, each minute of the sandbox. */
async function untilOnCall({ people, signal }: Scene, person: string): Promise<void> {
  let known: readonly string[] = [];
  const isKnown = async () => {
    known = await people.onCall();
    return same(known, [person]);
  };
  await until(isKnown, Date.now() + PATIENCE_MS, signal);
  check(same(known, [person]), `on call is ${listed(known)}`);
}

export function carolIsOnCall(scene: Scene, pace: Pace): Promise<GrantTimes> {
  const { people, steps, onCall } = scene;
  const title = "carol is on call: she is in at once, without an approval and without break-glass";
  return steps.step("on-call", title, async (show) => {
    await untilOnCall(scene, "carol");
    const seconds = windowSeconds("onCall", pace) + MARGIN_SECONDS;
    const args = [...requestArgs(seconds), "--wait"];
    const [requested] = await show(people.timelatch("carol", args, 1));
    const times = await grantTimes(scene, requestIdIn(requested), requested);
    const { rule } = await people.grantOf(times.id);
    check(rule === ON_CALL_RULE.name, `her request was decided by ${rule}`);
    const policies = (await people.entryOf("carol"))?.policies ?? [];
    check(
      policies.includes(`${EDIT} in payments-api`),
      `carol's entry has ${listed(policies)}`,
      times.revokeAt,
    );
    await onCall.handOver();
    return {
      detail: "her rule asks PagerDuty who is on call; the record has its answer",
      value: times,
    };
  });
}

/** The check that nothing of it is left is that of her standing entry. */
export function shiftIsOver(scene: Scene): Promise<void> {
  const { people, steps } = scene;
  return steps.step("shift-over", "carol's shift is over: dave is on call", async (show) => {
    await untilOnCall(scene, "dave");
    const args = [...requestArgs(30), "--rule", ON_CALL_RULE.name];
    const [refused] = await show(people.timelatch("carol", args, 1));
    check(
      refused.code === 3 && refused.stderr.replaceAll(/\s+/g, " ").includes("and carol is not"),
      `her request ended with ${outcomeText(refused)}`,
    );
    return { detail: "carol is refused, since she is not on call", value: undefined };
  });
}

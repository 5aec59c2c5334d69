/** One grant only in Slack: alice asks by a command, and bob approves at the message. */
import type { GrantTimes } from "./grant-times.ts";
import type { Grant } from "./people.ts";
import { CLUSTER, PATIENCE_MS, type Scene } from "./scene.ts";
import { check, type Show } from "./steps.ts";
import { until } from "./until.ts";

const NAMESPACE = "payments-worker";
const REASON = "INC-4711 drain the queue";

/** @param seconds how long the access is asked for. Resolves once it is active, and shown as such */
export async function grantInSlack(scene: Scene, show: Show, seconds: number): Promise<GrantTimes> {
  const { slack, people, signal } = scene;
  const command = `${CLUSTER} edit ${NAMESPACE} ${seconds}s ${REASON}`;
  await show(slack.command("alice", command));
  const asked = await slack.question(NAMESPACE);
  await show(slack.approve("bob", asked));
  const { requestId: id } = asked;
  let grant: Grant | undefined;
  await until(
    async () => {
      grant = await people.grantOf(id);
      return grant.state !== "pending" && grant.state !== "approved";
    },
    Date.now() + PATIENCE_MS,
    signal,
  );
  const { state, revokeAt = null, expiresAt = null } = grant ?? {};
  check(revokeAt !== null && expiresAt !== null, `the request in Slack is ${state}`);
  const times = { id, revokeAt: Date.parse(revokeAt), expiresAt: Date.parse(expiresAt) };
  check(state === "active", `the grant of Slack is ${state}`, times.revokeAt);
  await show(slack.says(asked, "alice can edit"));
  return times;
}

/** The steps until all access is there: nobody has it, alice requests it, bob approves, carol breaks glass. */
import { ownRoleArn } from "../world/people.ts";
import { grantTimes, requestIdIn } from "./grant-times.ts";
import { MARGIN_SECONDS, type Pace, windowSeconds } from "./pace.ts";
import {
  CAROLS_STANDING_POLICY,
  CLUSTER,
  CLUSTER_ADMIN,
  createDeployments,
  DELETE_SYSTEM_PODS,
  EDIT,
  type GrantTimes,
  listed,
  outcomeText,
  type Scene,
  same,
} from "./scene.ts";
import { check } from "./steps.ts";

export interface CarolsEntry {
  /** carol's standing entry as JSON, to compare it later. */
  readonly carolsEntry: string;
}

export function nobodyHasAccessYet({ people, steps, noteCanI }: Scene) {
  return steps.step("before", "Before the first request", async (show) => {
    await show(
      people.timelatch("alice", ["kubeconfig", CLUSTER], 1),
      people.timelatch("carol", ["kubeconfig", CLUSTER], 1),
    );
    const started = performance.now();
    const [entries, canI, standing] = await show(
      people.entries("alice"),
      people.canI("alice", createDeployments("payments-api")),
      people.policies("carol"),
    );
    const roundSeconds = (performance.now() - started) / 1000;
    noteCanI("before", canI === "yes");
    check(!entries.includes(ownRoleArn("alice")), "alice has an access entry already");
    check(canI === "unauthorized", `kubectl answered alice ${canI}, though she has no entry`);
    check(
      same(standing, [CAROLS_STANDING_POLICY]),
      `carol's standing entry has ${listed(standing)}`,
    );
    const carol = await people.entryOf("carol");
    check(carol !== undefined, "carol has no standing entry");
    return {
      detail: "alice has no access entry and kubectl refuses her; carol has standing view access",
      value: { carolsEntry: carol.identity, roundSeconds },
    };
  });
}

const requestArgs = (seconds: number) => [
  ...["request", "--yes", "--cluster", CLUSTER, "--policy", EDIT, "--namespace", "payments-api"],
  ...["--duration", `${seconds}s`, "--reason", "INC-4711 stuck rollout"],
];

export function aliceRequests({ people, steps }: Scene, pace: Pace) {
  const seconds = windowSeconds("first", pace) + MARGIN_SECONDS;
  const title = "alice requests access; neither mallory nor alice can approve it";
  return steps.step("request", title, async (show) => {
    const [requested] = await show(people.timelatch("alice", requestArgs(seconds), 3));
    const id = requestIdIn(requested);
    const started = performance.now();
    const [shown, forged, own] = await show(
      people.timelatch("mallory", ["show", id], 1),
      people.timelatch("mallory", ["approve", id, "--yes"], 1),
      people.timelatch("alice", ["approve", id, "--yes"], 1),
    );
    const round = (performance.now() - started) / 1000;
    check(shown.code === 4, `mallory's show ended with ${outcomeText(shown)}`);
    check(forged.code === 4, `mallory's approval ended with ${outcomeText(forged)}`);
    check(
      own.code === 3 && own.stderr.includes("self-approval"),
      `alice's own approval ended with ${outcomeText(own)}`,
    );
    const { state } = await people.grantOf(id);
    check(state === "pending", `the request is ${state}`);
    return {
      detail: "mallory cannot see the request; alice may not approve her own",
      value: { id, roundSeconds: Math.max(round, pace.roundSeconds) },
    };
  });
}

export function bobApproves(scene: Scene, id: string): Promise<GrantTimes> {
  const { people, steps, noteCanI } = scene;
  return steps.step("approval", "bob approves and waits until access is active", async (show) => {
    const [approved] = await show(people.timelatch("bob", ["approve", id, "--yes", "--wait"], 2));
    const first = await grantTimes(scene, id, approved);
    const [policies, inApi, inSystem] = await show(
      people.policies("alice"),
      people.canI("alice", createDeployments("payments-api")),
      people.canI("alice", createDeployments("kube-system")),
    );
    noteCanI("during", inApi === "yes");
    check(
      same(policies, [`${EDIT} in payments-api`]),
      `alice's entry has ${listed(policies)}`,
      first.revokeAt,
    );
    check(inApi === "yes", `kubectl answered ${inApi} in payments-api`, first.revokeAt);
    check(inSystem === "no", `kubectl answered ${inSystem} in kube-system`, first.revokeAt);
    return {
      detail: "alice's entry has exactly what bob approved: payments-api yes, kube-system no",
      value: first,
    };
  });
}

export function secondGrantOverlaps(
  scene: Scene,
  first: GrantTimes,
  pace: Pace,
): Promise<GrantTimes> {
  const { people, steps, medium } = scene;
  const title = `A second grant overlaps the first; ${medium.title}`;
  return steps.step("overlap", title, async (show) => {
    const left = Math.ceil((first.revokeAt - Date.now()) / 1000);
    const seconds = Math.max(0, left) + windowSeconds("second", pace) + MARGIN_SECONDS;
    const second = await medium.lend(scene, show, seconds);
    const [policies, inApi, inWorker] = await show(
      people.policies("alice"),
      people.canI("alice", createDeployments("payments-api")),
      people.canI("alice", createDeployments("payments-worker")),
    );
    check(
      same(policies, [`${EDIT} in payments-api, payments-worker`]),
      `alice's entry has ${listed(policies)}`,
      first.revokeAt,
    );
    check(inApi === "yes", `kubectl answered ${inApi} in payments-api`, first.revokeAt);
    check(inWorker === "yes", `kubectl answered ${inWorker} in payments-worker`, first.revokeAt);
    return { detail: "one entry, one policy, the namespaces of both grants", value: second };
  });
}

export function breakGlass(scene: Scene, pace: Pace): Promise<GrantTimes> {
  const { people, steps } = scene;
  const title = "carol breaks glass: cluster admin on her standing entry";
  return steps.step("break-glass", title, async (show) => {
    const seconds = windowSeconds("breakGlass", pace) + MARGIN_SECONDS;
    const args = [
      ...["request", "--yes", "--cluster", CLUSTER, "--policy", "AmazonEKSClusterAdminPolicy"],
      ...["--cluster-scope", "--duration", `${seconds}s`],
      ...["--reason", "INC-4711 coredns is down", "--wait"],
    ];
    const [requested] = await show(people.timelatch("carol", args, 1));
    const times = await grantTimes(scene, requestIdIn(requested), requested);
    const [policies, canI] = await show(
      people.policies("carol"),
      people.canI("carol", DELETE_SYSTEM_PODS),
    );
    check(
      // Her access as the one on call may still be there, beside it.
      [CLUSTER_ADMIN, CAROLS_STANDING_POLICY].every((each) => policies.includes(each)),
      `carol's entry has ${listed(policies)}`,
      times.revokeAt,
    );
    check(canI === "yes", `kubectl answered carol ${canI}`, times.revokeAt);
    return {
      detail: "carol is cluster admin at once and without approval, beside her view access",
      value: times,
    };
  });
}

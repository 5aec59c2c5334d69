/**
 * Plays EKS's cluster access management, scenario by scenario, with the AWS CLI and kubectl as
 * people have them. Then the broker does the same by request.
 */

import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { principalArnOf } from "../sample-principals.ts";
import { editIn } from "./api-person.ts";
import { eventually } from "./eventually.ts";
import { guestSession, readOnlyGuest, recreateRole } from "./guest-role.ts";
import { aws } from "./real-clients.ts";
import { switchOff, switchOn } from "./switches.ts";
import {
  ADMIN,
  active,
  api,
  as,
  associate,
  associated,
  CLUSTER_ADMIN,
  createEntry,
  deleteEntry,
  dir,
  disassociate,
  EDIT,
  eks,
  entryOf,
  forbidden,
  no,
  refused,
  renewProfile,
  sandbox,
  UNAUTHORIZED,
  VIEW,
  viewStaging,
  WHOLE_CLUSTER,
  walkThroughOneSandbox,
  yes,
} from "./walkthrough-sandbox.ts";

walkThroughOneSandbox();

/** A grant of heidi's, whose role is created again under it: the broker needs a while to notice. */
let underOldRole: RequestAnswer;

it("A role that was deleted and created again cannot use its former entry", async () => {
  underOldRole = await api("heidi").until(await api("heidi").ask(viewStaging), ["active"]);
  const entry = () => eks("describe-access-entry", ...entryOf("staging", principalArnOf("heidi")));
  const before = await entry();
  expect(await as("heidi", "staging", "auth", "can-i", "get", "pods")).toMatchObject(yes);
  // The broker would notice within seconds, and delete the entry.
  await switchOff(sandbox, "SweepFunction");
  onTestFinished(() => switchOn(sandbox, "SweepFunction"));
  await recreateRole(sandbox, "heidi", "Person", "/people/");
  await renewProfile("heidi");
  const whoami = await as("heidi", "staging", "auth", "whoami");
  expect(whoami).toMatchObject({ code: 1, stdout: "", stderr: UNAUTHORIZED });
  expect(await entry()).toEqual(before);
});

describe.concurrent("Access management with the AWS CLI and kubectl", () => {
  it("EKS lists the access policies of the user-facing roles", async () => {
    const { accessPolicies } = await eks("list-access-policies");
    expect(accessPolicies.length).toBeGreaterThan(30);
    for (const arn of [CLUSTER_ADMIN, ADMIN, EDIT, VIEW])
      expect(accessPolicies).toContainEqual({ name: arn.split("/").at(-1), arn });
    const names = ["cluster-admin", "admin", "edit", "view"];
    const roles = await as("carol", "legacy", "get", "clusterroles", ...names, "-o", "name");
    expect(roles.stdout.trim().split("\n")).toEqual(
      names.map((name) => `clusterrole.rbac.authorization.k8s.io/${name}`),
    );
  });

  it("A cluster can be created without an administrator", async () => {
    const create = (name: string, bootstrap: boolean) =>
      eks(
        ...["create-cluster", "--name", name],
        ...["--role-arn", "arn:aws:iam::111122223333:role/eks-node"],
        ...["--resources-vpc-config", "subnetIds=subnet-1,subnet-2", "--access-config"],
        `authenticationMode=API,bootstrapClusterCreatorAdminPermissions=${bootstrap}`,
      );
    await Promise.all([create("lonely", false), create("founded", true)]);
    await Promise.all([active("lonely"), active("founded")]);
    const [lonely, founded] = await Promise.all(
      ["lonely", "founded"].map((name) => guestSession(sandbox, dir, "admin", name)),
    );
    expect(await eks("list-access-entries", "--cluster-name", "lonely")).toEqual({
      accessEntries: [],
    });
    expect(await lonely?.kubectl("auth", "can-i", "--list")).toMatchObject({
      code: 1,
      stderr: UNAUTHORIZED,
    });
    const creator = "arn:aws:iam::111122223333:role/admin";
    expect(await associated("founded", creator)).toEqual({ [CLUSTER_ADMIN]: WHOLE_CLUSTER });
    expect(await founded?.kubectl("auth", "can-i", "*", "*")).toMatchObject(yes);
    await deleteEntry("founded", creator);
    expect(await founded?.kubectl("auth", "whoami")).toMatchObject({
      code: 1,
      stderr: UNAUTHORIZED,
    });
  });

  it("A cluster administrator can bind a group to cluster-admin", async () => {
    const [boss, member] = await Promise.all([
      readOnlyGuest(sandbox, dir, "Boss", "prod"),
      readOnlyGuest(sandbox, dir, "Member", "prod"),
    ]);
    await createEntry("prod", boss.arn);
    await associate("prod", boss.arn, CLUSTER_ADMIN, "type=cluster");
    await createEntry("prod", member.arn, "--kubernetes-groups", "eks-admins");
    expect(await boss.kubectl("auth", "can-i", "*", "*")).toMatchObject(yes);
    // No policy of EKS is in the list: its authorizer is a webhook, which cannot be listed.
    const list = async (one: typeof boss) =>
      (await one.kubectl("auth", "can-i", "--list")).stdout.match(/^\*\.\*.*\[\*\]$/m)?.[0];
    expect(await list(boss)).toBeUndefined();
    expect(await list(member)).toBeUndefined();
    const bind = ["--clusterrole", "cluster-admin", "--group", "eks-admins"];
    expect(await boss.kubectl("create", "clusterrolebinding", "eks-admins", ...bind)).toMatchObject(
      {
        stdout: "clusterrolebinding.rbac.authorization.k8s.io/eks-admins created\n",
      },
    );
    expect(await list(member)).toBeDefined();
    // RBAC is asked first, then EKS: who allowed it stands in the audit log.
    await member.kubectl("get", "nodes");
    await boss.kubectl("get", "nodes");
    const log = readFileSync(path.join(dir, "sandbox", "logs", "audit-prod.log"), "utf8");
    const reasons = log
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
      .filter(({ user }) => /Boss|Member/.test(user.username))
      .filter(({ objectRef }) => objectRef?.resource === "nodes")
      .map(({ annotations }) => annotations["authorization.k8s.io/reason"]);
    expect(reasons).toEqual([
      'RBAC: allowed by ClusterRoleBinding "eks-admins" of ClusterRole "cluster-admin" to Group "eks-admins"',
      expect.stringMatching(
        `^EKS Access Policy: allowed by ClusterRoleBinding "${boss.arn}\\+${CLUSTER_ADMIN}" of ClusterRole "${CLUSTER_ADMIN}" to User "AROA`,
      ),
    ]);
  });

  it("A namespace administrator can be made a reader, whatever the role may do in AWS", async () => {
    const guest = await readOnlyGuest(sandbox, dir, "ReadOnly", "prod");
    const user = "arn:aws:sts::111122223333:assumed-role/ReadOnly/sess";
    await createEntry("prod", guest.arn);
    await associate("prod", guest.arn, ADMIN, "type=namespace,namespaces=test*");
    expect(await guest.kubectl("-n", "kube-system", "get", "pods")).toMatchObject({
      code: 1,
      stderr: forbidden(user, "pods", 'in the namespace "kube-system"'),
    });
    expect(await guest.kubectl("get", "nodes")).toMatchObject({
      stderr: forbidden(user, "nodes", "at the cluster scope"),
    });
    const get = ["auth", "can-i", "get", "pods", "-n"];
    expect(await guest.kubectl(...get, "test-1")).toMatchObject(yes);
    expect(await guest.kubectl(...get, "kube-system")).toMatchObject(no);
    const deployment = ["deployment", "nginx", "-n", "test-1"];
    expect(await guest.kubectl("create", ...deployment, "--image", "nginx")).toMatchObject({
      stdout: "deployment.apps/nginx created\n",
    });
    const byItself = await aws(
      guest.at,
      "guest",
      ...["eks", "disassociate-access-policy", ...entryOf("prod", guest.arn)],
      ...["--policy-arn", ADMIN],
    );
    expect(byItself.stderr).toMatch(
      /^\s*An error occurred \(AccessDeniedException\) when calling the DisassociateAccessPolicy operation: User: arn:aws:sts::111122223333:assumed-role\/ReadOnly\/sess is not authorized to perform: eks:DisassociateAccessPolicy on resource: arn:aws:eks:us-west-2:111122223333:access-entry\/prod\/role\/111122223333\/ReadOnly\/[0-9a-f-]{36} because no identity-based policy allows the eks:DisassociateAccessPolicy action\s*$/,
    );

    await disassociate("prod", guest.arn, ADMIN);
    expect(await associated("prod", guest.arn)).toEqual({});
    await associate("prod", guest.arn, VIEW, "type=cluster");
    expect((await guest.kubectl("get", "pods", "-A")).stdout).toContain("coredns");
    expect(await guest.kubectl("delete", ...deployment)).toMatchObject({
      code: 1,
      stderr: `Error from server (Forbidden): deployments.apps "nginx" is forbidden: User "${user}" cannot delete resource "deployments" in API group "apps" in the namespace "test-1"\n`,
    });
  });

  it("A principal that was created again needs a new entry", async () => {
    const before = await readOnlyGuest(sandbox, dir, "Reborn", "prod");
    await createEntry("prod", before.arn);
    await recreateRole(sandbox, "Reborn", "Read");
    const guest = await guestSession(sandbox, dir, "Reborn", "prod");
    expect(await guest.kubectl("auth", "whoami")).toMatchObject({ stderr: UNAUTHORIZED });
    expect(await refused("create-access-entry", ...entryOf("prod", guest.arn))).toBe(
      "An error occurred (ResourceInUseException) when calling the CreateAccessEntry operation: The specified access entry resource is already in use on this cluster.",
    );
    await deleteEntry("prod", guest.arn);
    await createEntry("prod", guest.arn);
    expect((await guest.kubectl("auth", "whoami")).stdout).toMatch(
      /^Username +arn:aws:sts::111122223333:assumed-role\/Reborn\/sess$/m,
    );
  });
});

describe.concurrent("The broker by request", () => {
  it("The broker names the authentication mode that a cluster needs, and grants access once it is set", async () => {
    const asked = { ...viewStaging, cluster: "legacy" };
    const alice = api("alice");
    const mode = async (to: string) =>
      refused("update-cluster-config", "--name", "legacy", "--access-config", to);
    expect(await mode("authenticationMode=API")).toMatch(
      /\(InvalidParameterException\).*: Unsupported authentication mode update from CONFIG_MAP to API$/,
    );
    expect(
      await refused("create-access-entry", ...entryOf("legacy", principalArnOf("alice"))),
    ).toBe(
      "An error occurred (InvalidRequestException) when calling the CreateAccessEntry operation: The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
    );
    // Converge looks at clusters from time to time; its first look may still be under way.
    const refusal = () => alice.post("/v1/requests", asked);
    const { body } = await eventually(refusal, ({ status }) => status === 409);
    const [command = ""] = /aws eks update-cluster-config [^`'"]*=\w+/.exec(body.detail) ?? [];
    expect(command).toContain("authenticationMode=API_AND_CONFIG_MAP");
    const { update } = await eks(...command.split(" ").slice(2));
    expect(update).toMatchObject({ status: "InProgress", type: "AccessConfigUpdate" });
    expect(await mode("authenticationMode=API")).toMatch(/ResourceInUseException/);
    const status = async () => {
      const named = ["--name", "legacy", "--update-id", update.id];
      return (await eks("describe-update", ...named)).update.status;
    };
    await eventually(status, (one) => one === "Successful");
    expect(await mode("authenticationMode=CONFIG_MAP")).toMatch(
      /Unsupported authentication mode update from API_AND_CONFIG_MAP to CONFIG_MAP$/,
    );

    // A principal without an entry falls back to aws-auth; one with an entry is what it says.
    const username = async () =>
      /^Username +(.+)$/m.exec((await as("carol", "legacy", "auth", "whoami")).stdout)?.[1];
    expect(await username()).toBe("carol");
    await createEntry("legacy", principalArnOf("carol"), "--username", "of-the-entry");
    expect(await username()).toBe("of-the-entry");
    await deleteEntry("legacy", principalArnOf("carol"));
    expect(await username()).toBe("carol");

    const ask = () => alice.post("/v1/requests", { ...asked, duration: "10m" });
    const stored = await eventually(ask, ({ status }) => status === 201, 60);
    const lent = await api("carol").approve(stored.body);
    await alice.until(lent, ["active"]);
    expect(await as("alice", "legacy", "auth", "can-i", "get", "pods", "-A")).toMatchObject(yes);
    await alice.post(`/v1/requests/${lent.id}/return`, {});
    await alice.until(lent, ["ended"]);
    expect(await as("alice", "legacy", "auth", "whoami")).toMatchObject({
      stderr: expect.stringContaining(UNAUTHORIZED),
    });
  });

  it("The broker grants cluster admin for a limited time, even when Scheduler loses the schedule", async () => {
    const carol = api("carol");
    const baseline = await associated("prod", principalArnOf("carol"));
    const glass = await carol.ask({
      access: { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } },
      reason: "production is down",
      rule: "break-glass",
      duration: "25s",
    });
    await carol.until(glass, ["active"]);
    expect(await as("carol", "prod", "auth", "can-i", "*", "*")).toMatchObject(yes);
    // How soon it ends on a busy machine is the machine's: bench and the simulator have the bounds.
    const { endedAt, revokeAt, outcome } = await carol.until(glass, ["ended"], 120);
    expect(outcome?.code).toBe("expired");
    expect(endedAt && revokeAt && revokeAt <= endedAt).toBe(true);
    expect(await as("carol", "prod", "auth", "can-i", "*", "*")).toMatchObject(no);
    expect(await associated("prod", principalArnOf("carol"))).toEqual(baseline);
    const happened = readFileSync(path.join(dir, "sandbox", "logs", "scheduler.log"), "utf8");
    const ofGrant = happened.split("\n").filter((line) => line.includes(`/g-${glass.id}`));
    expect(ofGrant.map((line) => JSON.parse(line).event)).toEqual(["lost"]);
  });

  it("The broker grants namespace admin; the end of one grant leaves the other in place", async () => {
    const alice = api("alice");
    const admin = await alice.ask({
      access: {
        policy: "AmazonEKSAdminPolicy",
        scope: { type: "namespace", namespaces: ["payments-api"] },
      },
      duration: "10m",
    });
    await api("bob").approve(admin);
    await api("carol").approve(admin);
    const edit = await api("bob").approve(
      await alice.ask({ access: editIn("payments-worker"), duration: "10m" }),
    );
    await Promise.all([alice.until(admin, ["active"]), alice.until(edit, ["active"])]);
    const inNamespace = (name: string) => ({ type: "namespace", namespaces: [name] });
    expect(await associated("prod", principalArnOf("alice"))).toEqual({
      [ADMIN]: inNamespace("payments-api"),
      [EDIT]: inNamespace("payments-worker"),
    });
    expect(await as("alice", "prod", "-n", "kube-system", "get", "pods")).toMatchObject({
      stderr: forbidden(
        "arn:aws:sts::111122223333:assumed-role/timelatch-person-alice/timelatch",
        "pods",
        'in the namespace "kube-system"',
      ),
    });
    const roles = ["auth", "can-i", "create", "roles", "-n"];
    expect(await as("alice", "prod", ...roles, "payments-api")).toMatchObject(yes);
    expect(await as("alice", "prod", ...roles, "payments-worker")).toMatchObject(no);
    const deployment = ["deployment", "nginx", "--image", "nginx", "-n"];
    expect(await as("alice", "prod", "create", ...deployment, "payments-api")).toMatchObject({
      stdout: "deployment.apps/nginx created\n",
    });
    await alice.post(`/v1/requests/${admin.id}/return`, {});
    await alice.until(admin, ["ended"]);
    expect(await associated("prod", principalArnOf("alice"))).toEqual({
      [EDIT]: inNamespace("payments-worker"),
    });
  });

  it("The broker grants a Kubernetes group and restores the groups afterwards", async () => {
    const alice = api("alice");
    await createEntry("staging", principalArnOf("alice"), "--kubernetes-groups", "viewers");
    const groups = async () => {
      const answer = await eks(
        "describe-access-entry",
        ...entryOf("staging", principalArnOf("alice")),
      );
      return answer.accessEntry.kubernetesGroups;
    };
    const lent = await api("carol").approve(
      await alice.ask({
        cluster: "staging",
        access: { groups: ["eks-admins"] },
        duration: "10m",
      }),
    );
    await alice.until(lent, ["active"]);
    expect((await groups()).toSorted()).toEqual(["eks-admins", "viewers"]);
    expect((await as("alice", "staging", "auth", "can-i", "--list")).stdout).toMatch(
      /^\*\.\*.*\[\*\]$/m,
    );
    await alice.post(`/v1/requests/${lent.id}/return`, {});
    await alice.until(lent, ["ended"]);
    expect(await groups()).toEqual(["viewers"]);
  });

  it("The broker reports a recreated principal, and creates a new entry for the next request", async () => {
    const heidi = api("heidi");
    const ended = await heidi.until(underOldRole, ["ended"], 60);
    expect(ended.outcome).toMatchObject({
      code: "principal-recreated",
      detail: expect.stringContaining("created again under the same name"),
    });
    expect(await associated("staging", principalArnOf("heidi"))).toBeUndefined();
    // The run that ends the old grant may judge a request that is asked while it is under way.
    const again = await eventually(
      async () => heidi.until(await heidi.ask(viewStaging), ["active", "failed"]),
      ({ state }) => state === "active",
    );
    expect(await as("heidi", "staging", "auth", "can-i", "get", "pods")).toMatchObject(yes);
    await heidi.post(`/v1/requests/${again.id}/return`, {});
  });
});

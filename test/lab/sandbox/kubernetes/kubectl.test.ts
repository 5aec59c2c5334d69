import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newCertificate } from "../../../../lab/sandbox/kubernetes/certificate.ts";
import {
  clusterScope,
  eksStore,
  entry,
  inNamespaces,
  objectStore,
  type RunningCluster,
  rbacObject,
  roleRef,
  start,
} from "./cluster-world.ts";

/** The unmodified kubectl against the cluster's API; a token is the name of a role. */
let cluster: RunningCluster;
let home: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "timelatch-kubectl-"));
  const tls = await newCertificate(new Date());
  writeFileSync(join(home, "ca.pem"), tls.certificate);
  cluster = await start(tls, {
    eks: eksStore([
      entry("alice", { policies: { Admin: inNamespaces("test*") } }),
      entry("bob", { policies: { View: clusterScope } }),
      entry("carol", { policies: { ClusterAdmin: clusterScope } }),
      entry("eve", { groups: ["eks-admins"] }),
      entry("recreated", { policies: { ClusterAdmin: clusterScope }, principalId: "AROAFORMER" }),
    ]),
    objects: objectStore([
      rbacObject("ClusterRoleBinding", "eks-admins", {
        subjects: [{ kind: "Group", apiGroup: "rbac.authorization.k8s.io", name: "eks-admins" }],
        ...roleRef("ClusterRole", "cluster-admin"),
      }),
    ]),
  });
});

afterAll(async () => {
  await cluster.close();
  rmSync(home, { recursive: true, force: true });
});

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function kubectl(who: string, line: string, input?: object): Promise<Run> {
  const args = [
    `--server=${cluster.url}`,
    `--certificate-authority=${join(home, "ca.pem")}`,
    `--token=${who}`,
    ...line.split(" "),
  ];
  return new Promise((resolve) => {
    const child = execFile(
      "kubectl",
      args,
      { env: { HOME: home, PATH: process.env["PATH"] ?? "" }, timeout: 600_000 },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
    child.stdin?.end(input === undefined ? "" : JSON.stringify(input));
  });
}

const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "shop" },
  spec: {
    selector: { matchLabels: { app: "shop" } },
    template: {
      metadata: { labels: { app: "shop" } },
      spec: { containers: [{ name: "shop", image: "shop:1" }] },
    },
  },
};

describe("kubectl auth", () => {
  test("kubectl auth can-i answers from the access policies", async () => {
    expect(await kubectl("alice", "auth can-i get pods -n test-1")).toMatchObject({
      code: 0,
      out: "yes\n",
    });
    expect(await kubectl("alice", "auth can-i get pods -n kube-system")).toMatchObject({
      code: 1,
      out: "no\n",
    });
    const exec = await kubectl("bob", "auth can-i create pods --subresource=exec -n test-1");
    expect(exec.out).toBe("no\n");
  });

  test("kubectl auth can-i --list shows what RBAC gives and hides access policies", async () => {
    const alice = await kubectl("alice", "auth can-i --list -n test-1");
    expect(alice.code).toBe(0);
    expect(alice.out).toContain("selfsubjectaccessreviews.authorization.k8s.io");
    expect(alice.out).not.toMatch(/^pods/m);
    expect(alice.err).toContain("webhook authorizer does not support user rule resolution");
    const eve = await kubectl("eve", "auth can-i --list");
    expect(eve.out).toMatch(/^\*\.\* +\[\] +\[\] +\[\*\]$/m);
  });

  test("kubectl auth whoami tells the user that the access entry makes", async () => {
    const { out } = await kubectl("alice", "auth whoami -o json");
    expect(JSON.parse(out).status.userInfo).toEqual({
      username: "arn:aws:sts::111122223333:assumed-role/alice/alice-example.com",
      uid: "aws-iam-authenticator:111122223333:AROAALICE",
      groups: ["system:authenticated"],
      extra: {
        accessKeyId: ["ASIAEXAMPLE"],
        arn: ["arn:aws:sts::111122223333:assumed-role/alice/alice@example.com"],
        canonicalArn: ["arn:aws:iam::111122223333:role/alice"],
        principalId: ["AROAALICE"],
        sessionName: ["alice@example.com"],
        "sigs.k8s.io/aws-iam-authenticator/principalId": ["AROAALICE"],
      },
    });
  });

  test.each(["mallory", "recreated"])(
    "The caller %s, whom no valid entry maps, must log in",
    async (who) => {
      expect(await kubectl(who, "auth whoami")).toMatchObject({
        code: 1,
        err: "error: You must be logged in to the server (Unauthorized)\n",
      });
      expect((await kubectl(who, "get pods")).err).toContain(
        "error: You must be logged in to the server (Unauthorized)\n",
      );
    },
  );
});

describe("kubectl", () => {
  test("kubectl prints pods as a table, in one namespace and in all", async () => {
    const one = await kubectl("bob", "get pods -n test-1");
    expect(one.out.replace(/\S+\n$/, "AGE\n")).toBe(
      "NAME   READY   STATUS    RESTARTS   AGE\nweb    1/1     Running   0          AGE\n",
    );
    const all = await kubectl("bob", "get pods -A --no-headers -o custom-columns=N:.metadata.name");
    expect(all.out).toBe("coredns-5d78c9869d-abcde\nweb\n");
  });

  test("kubectl shows who was refused, for what and where", async () => {
    const user = "arn:aws:sts::111122223333:assumed-role/alice/alice-example.com";
    expect(await kubectl("alice", "get pods -n kube-system")).toMatchObject({
      code: 1,
      err: `Error from server (Forbidden): pods is forbidden: User "${user}" cannot list resource "pods" in API group "" in the namespace "kube-system"\n`,
    });
    expect((await kubectl("alice", "get pods -A")).err).toBe(
      `Error from server (Forbidden): pods is forbidden: User "${user}" cannot list resource "pods" in API group "" at the cluster scope\n`,
    );
  });

  test("kubectl creates from a file, gets, describes and deletes, waiting until it is gone", async () => {
    const created = await kubectl("alice", "create -n test-1 -f -", deployment);
    expect(created).toMatchObject({ code: 0, out: "deployment.apps/shop created\n" });
    const again = await kubectl("alice", "create -n test-1 -f -", deployment);
    expect(again.err).toContain(
      '(AlreadyExists): error when creating "STDIN": deployments.apps "shop" already exists',
    );
    const described = await kubectl("alice", "describe deployment shop -n test-1");
    expect(described.out).toContain("shop:1");
    expect((await kubectl("bob", "delete deployment shop -n test-1")).err).toContain(
      'deployments.apps "shop" is forbidden: User "arn:aws:sts::111122223333:assumed-role/bob/bob-example.com" cannot delete resource "deployments" in API group "apps" in the namespace "test-1"',
    );
    const deleted = await kubectl("alice", "delete deployment shop -n test-1");
    expect(deleted).toMatchObject({ code: 0, out: 'deployment.apps "shop" deleted\n' });
    expect((await kubectl("alice", "get deployment shop -n test-1")).err).toBe(
      'Error from server (NotFound): deployments.apps "shop" not found\n',
    );
  });

  test.each([
    ["create deployment web --image=nginx -n test-1", "deployment.apps/web created\n"],
    ["create namespace team-a", "namespace/team-a created\n"],
    ["create configmap c --from-literal=a=b", "configmap/c created\n"],
    ["create secret generic s --from-literal=a=b", "secret/s created\n"],
    ["create serviceaccount ci", "serviceaccount/ci created\n"],
    [
      "create clusterrole r --verb=get --resource=pods",
      "clusterrole.rbac.authorization.k8s.io/r created\n",
    ],
    [
      "create rolebinding rb --clusterrole=view --user=u",
      "rolebinding.rbac.authorization.k8s.io/rb created\n",
    ],
    ["run pod --image=nginx", "pod/pod created\n"],
  ])("kubectl %s works, whether its body is JSON or protobuf", async (line, out) => {
    expect(await kubectl("carol", line)).toMatchObject({ code: 0, out });
  });

  test("kubectl reads back what a protobuf body said", async () => {
    await kubectl("carol", "create secret generic stored --from-literal=key=value");
    const { out } = await kubectl("carol", "get secret stored -o json");
    expect(JSON.parse(out)).toMatchObject({ type: "Opaque", data: { key: "dmFsdWU=" } });
  });

  test("kubectl changes objects in place", async () => {
    await kubectl("carol", "create deployment rolled --image=nginx:1");
    const read = async (path: string) =>
      (await kubectl("carol", `get deployment rolled -o jsonpath={${path}}`)).out;
    const uid = await read(".metadata.uid");
    const changed = async (line: string) => (await kubectl("carol", line)).out;
    expect(await changed("label deployment rolled tier=front")).toBe(
      "deployment.apps/rolled labeled\n",
    );
    expect(await changed("rollout restart deployment rolled")).toBe(
      "deployment.apps/rolled restarted\n",
    );
    expect(await changed("set image deployment/rolled nginx=nginx:2")).toBe(
      "deployment.apps/rolled image updated\n",
    );
    expect(await read(".spec.template.spec.containers[*].image")).toBe("nginx:2");
    expect(await read(".spec.template.metadata.annotations")).toContain("restartedAt");
    expect(await read(".metadata.labels")).toBe('{"app":"rolled","tier":"front"}');
    expect(await changed("label deployment rolled tier-")).toBe(
      "deployment.apps/rolled unlabeled\n",
    );
    expect(await read(".metadata.labels")).toBe('{"app":"rolled"}');
    expect(await read(".metadata.uid")).toBe(uid);
  });

  test("kubectl applies a file again and again, and replaces what it says", async () => {
    const file = (data: object) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "applied" },
      data,
    });
    const changed = async (line: string, data: object) =>
      (await kubectl("carol", `${line} -f -`, file(data))).out;
    expect(await changed("apply", { a: "1", b: "1" })).toBe("configmap/applied created\n");
    expect(await changed("apply", { a: "1", b: "1" })).toBe("configmap/applied unchanged\n");
    expect(await changed("apply", { a: "2" })).toBe("configmap/applied configured\n");
    const read = async () =>
      JSON.parse((await kubectl("carol", "get configmap applied -o json")).out).data;
    expect(await read()).toEqual({ a: "2" });
    expect(await changed("replace", { c: "3" })).toBe("configmap/applied replaced\n");
    expect(await read()).toEqual({ c: "3" });
  });

  test("A patch by somebody who may only read is refused", async () => {
    expect((await kubectl("bob", "label pod web a=b -n test-1")).err).toBe(
      'Error from server (Forbidden): pods "web" is forbidden: User "arn:aws:sts::111122223333:assumed-role/bob/bob-example.com" cannot patch resource "pods" in API group "" in the namespace "test-1"\n',
    );
  });

  test("kubectl deletes a namespace with all that is in it", async () => {
    await kubectl("carol", "create namespace short-lived");
    await kubectl("carol", "run pod --image=nginx -n short-lived");
    expect((await kubectl("carol", "delete namespace short-lived")).code).toBe(0);
    expect((await kubectl("carol", "get pods -n short-lived")).err).toContain("No resources found");
    expect((await kubectl("carol", "run pod --image=nginx -n short-lived")).err).toContain(
      'namespaces "short-lived" not found',
    );
  });

  test("A binding beyond what its creator holds in RBAC is refused, access policy or not", async () => {
    const line = "create rolebinding mine --clusterrole=view --user=alice -n test-1";
    const { code, err } = await kubectl("alice", line);
    expect(code).toBe(1);
    expect(err).toContain("is attempting to grant RBAC permissions not currently held:");
    expect(err).toContain('{APIGroups:[""], Resources:["pods"], Verbs:["get" "list" "watch"]}');
  });

  test("An impersonated user does not have the impersonator's access policies", async () => {
    expect((await kubectl("carol", "get pods --as=carol")).err).toContain(
      'User "carol" cannot list resource "pods"',
    );
    expect((await kubectl("bob", "get pods --as=carol")).err).toContain(
      'users "carol" is forbidden: User "arn:aws:sts::111122223333:assumed-role/bob/bob-example.com" cannot impersonate resource "users" in API group "" at the cluster scope',
    );
    expect((await kubectl("carol", "get pods --as=x --as-group=eks-admins")).code).toBe(0);
  });

  test.each([
    ["logs web -n test-1", "pods/log is not emulated by the sandbox"],
    ["exec web -n test-1 -- ls", "pods/exec is not emulated by the sandbox"],
    ["scale deploy rolled --replicas=2", "deployments/scale is not emulated by the sandbox"],
    [
      "get pods --field-selector=spec.nodeName=x",
      'field selector "spec.nodeName=x" is not emulated',
    ],
    ["create quota q", "the server could not find the requested resource"],
    ["create service clusterip s --tcp=80", 'a protobuf body of kind "Service" is not read'],
  ])("kubectl %s is refused by name", async (line, text) => {
    const { code, err } = await kubectl("carol", line);
    expect(code).toBe(1);
    expect(err).toContain(text);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Action, reviewAccess } from "../../../../lab/sandbox/demo/access-review.ts";
import {
  type Certificate,
  newCertificate,
} from "../../../../lab/sandbox/kubernetes/certificate.ts";
import {
  eksStore,
  entry,
  inNamespaces,
  objectStore,
  type RunningCluster,
  start,
} from "../kubernetes/cluster-world.ts";

let tls: Certificate;
let cluster: RunningCluster;
beforeAll(async () => {
  tls = await newCertificate(new Date());
  cluster = await start(tls, {
    eks: eksStore([entry("alice", { policies: { Edit: inNamespaces("payments-api") } })]),
    objects: objectStore(),
  });
});
afterAll(() => cluster.close());

const ask = (token: string, action: Action) =>
  reviewAccess({ endpoint: cluster.url, certificate: tls.certificate }, token, action);

describe("a SelfSubjectAccessReview by the demo", () => {
  const create = { verb: "create", resource: "deployments" } as const;

  it.each([
    ["payments-api", "yes"],
    ["kube-system", "no"],
  ])(
    "The demo's SelfSubjectAccessReview for namespace %s answers %s",
    async (namespace, answer) => {
      expect(await ask("alice", { ...create, namespace })).toBe(answer);
    },
  );

  it("The demo's SelfSubjectAccessReview names the API group of pods: the core group", async () => {
    expect(
      await ask("alice", { verb: "delete", resource: "pods", namespace: "payments-api" }),
    ).toBe("yes");
  });

  it("The demo's SelfSubjectAccessReview answers unauthorized for someone without an access entry", async () => {
    expect(await ask("mallory", { ...create, namespace: "payments-api" })).toBe("unauthorized");
  });

  it("The demo's SelfSubjectAccessReview fails for a server with another certificate than the cluster's", async () => {
    const { certificate } = await newCertificate(new Date());
    await expect(
      reviewAccess({ endpoint: cluster.url, certificate }, "alice", {
        ...create,
        namespace: "payments-api",
      }),
    ).rejects.toThrow(/certificate|signature/);
  });
});

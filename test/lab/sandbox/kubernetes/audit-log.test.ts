import { describe, expect, test } from "vitest";
import { ApiServer, admin, configMap, configMaps } from "./api-server.ts";
import { ACCOUNT, eksStore, entry, objectStore, policyArn, roleArn } from "./cluster-world.ts";

const server = new ApiServer();

describe("the audit log", () => {
  test("The audit log holds one Event a request, with the authorizer's reason", async () => {
    await server.start({
      eks: eksStore([admin]),
      objects: objectStore(),
      now: () => new Date("2026-11-24T12:00:00.123Z"),
    });
    await server.send("/api/v1/namespaces", "carol", { headers: { "user-agent": "test/1" } });
    expect(server.cluster.audit).toEqual([
      {
        kind: "Event",
        apiVersion: "audit.k8s.io/v1",
        level: "Request",
        auditID: expect.stringMatching(/^[0-9a-f-]{36}$/),
        stage: "ResponseComplete",
        requestURI: "/api/v1/namespaces",
        verb: "list",
        user: {
          username: `arn:aws:sts::${ACCOUNT}:assumed-role/carol/carol-example.com`,
          uid: `aws-iam-authenticator:${ACCOUNT}:AROACAROL`,
          groups: ["system:authenticated"],
          extra: expect.objectContaining({ sessionName: ["carol@example.com"] }),
        },
        sourceIPs: ["127.0.0.1"],
        userAgent: "test/1",
        objectRef: { resource: "namespaces", apiVersion: "v1" },
        responseStatus: { metadata: {}, code: 200 },
        requestReceivedTimestamp: "2026-11-24T12:00:00.123000Z",
        stageTimestamp: "2026-11-24T12:00:00.123000Z",
        annotations: {
          "authorization.k8s.io/decision": "allow",
          "authorization.k8s.io/reason": expect.stringContaining(
            `${roleArn("carol")}+${policyArn("ClusterAdmin")}`,
          ),
        },
      },
    ]);
  });

  test("The audit log tells denials, strangers and impersonation apart", async () => {
    await server.start({ eks: eksStore([admin, entry("bob")]), objects: objectStore() });
    await server.send("/api/v1/pods", "bob");
    await server.send("/api/v1/pods", "mallory");
    await server.send("/api/v1/pods", "carol", { headers: { "impersonate-user": "x" } });
    expect(server.cluster.audit).toMatchObject([
      { responseStatus: { code: 403 }, annotations: { "authorization.k8s.io/decision": "forbid" } },
      { responseStatus: { code: 401 }, user: {} },
      { responseStatus: { code: 403 }, impersonatedUser: { username: "x" } },
    ]);
    expect(server.cluster.audit[1]).not.toHaveProperty("annotations");
  });

  test("The audit log never holds what is in a Secret or a ConfigMap", async () => {
    await server.start({ eks: eksStore([admin]), objects: objectStore() });
    await server.send(configMaps, "carol", {
      body: configMap("a", { data: { key: "confidential" } }),
    });
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s" },
      stringData: { key: "confidential" },
    };
    await server.send("/api/v1/namespaces/default/secrets", "carol", {
      body: JSON.stringify(secret),
    });
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p" },
      spec: { containers: [{ name: "c" }] },
    };
    await server.send("/api/v1/namespaces/default/pods", "carol", { body: JSON.stringify(pod) });
    expect(server.cluster.audit.map(({ level }) => level)).toEqual([
      "Metadata",
      "Metadata",
      "Request",
    ]);
    expect(server.cluster.audit.map(({ objectRef }) => objectRef)).toMatchObject([
      { name: "a" },
      { name: "s" },
      { name: "p" },
    ]);
    expect(JSON.stringify(server.cluster.audit)).not.toContain("confidential");
    expect(server.cluster.audit[2]).toMatchObject({ requestObject: { kind: "Pod" } });
  });
});

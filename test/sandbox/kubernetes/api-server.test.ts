import https from "node:https";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Certificate, newCertificate } from "../../../sandbox/kubernetes/certificate.ts";
import {
  ACCOUNT,
  CLUSTER,
  clusterScope,
  eksStore,
  entry,
  objectStore,
  policyArn,
  type RunningCluster,
  rbacObject,
  roleArn,
  roleId,
  roleRef,
  start,
} from "./cluster-world.ts";

let tls: Certificate;
let cluster: RunningCluster;

beforeAll(async () => {
  tls = await newCertificate(new Date());
});
afterEach(() => cluster.close());

interface Reply {
  readonly code: number;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

function send(
  path: string,
  who?: string,
  options: {
    method?: string;
    body?: string | Buffer;
    headers?: Record<string, string>;
    /** Called once the answer begins. */
    begun?: () => void;
  } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = https.request(
      new URL(path, cluster.url),
      {
        ca: tls.certificate,
        method: options.method ?? (options.body === undefined ? "GET" : "POST"),
        headers: {
          ...(who === undefined ? {} : { authorization: `Bearer ${who}` }),
          ...(options.body === undefined ? {} : { "content-type": "application/json" }),
          ...options.headers,
        },
      },
      (response) => {
        options.begun?.();
        const chunks: Buffer[] = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          const json = text.startsWith("{") && !text.endsWith("\n") ? JSON.parse(text) : {};
          resolve({ code: response.statusCode ?? 0, text, json });
        });
      },
    );
    request.on("error", reject);
    request.end(options.body);
  });
}

const admin = entry("carol", { policies: { ClusterAdmin: clusterScope } });
const configMap = (name: string, more: object = {}): string =>
  JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, ...more });
const configMaps = "/api/v1/namespaces/default/configmaps";

/** The status of a review of oneself, or the code of the refusal to answer one. */
const canList = async (who: string): Promise<unknown> => {
  const spec = { resourceAttributes: { verb: "list", resource: "pods" } };
  const { code, json } = await send("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", who, {
    body: JSON.stringify({
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec,
    }),
  });
  return code === 201 ? json["status"] : code;
};

describe("who may speak to the API server", () => {
  test("anyone may ask for its health, and for nothing else", async () => {
    cluster = await start(tls, { eks: eksStore([]), objects: objectStore() });
    expect(await send("/readyz")).toMatchObject({ code: 200, text: "ok" });
    expect(await send("/version")).toMatchObject({
      code: 401,
      json: { kind: "Status", status: "Failure", reason: "Unauthorized", message: "Unauthorized" },
    });
    expect(cluster.authenticator).toEqual(["access denied: no bearer token"]);
  });

  test("the authenticator's log says why, which the client does not see", async () => {
    const dead = entry("dead", { principalId: "AROAFORMER" });
    cluster = await start(tls, { eks: eksStore([dead]), objects: objectStore() });
    await send("/api", "dead");
    await send("/api", "mallory");
    await send("/api", "NOT-A-TOKEN");
    expect(cluster.authenticator).toEqual([
      expect.stringContaining("the principal was recreated"),
      expect.stringContaining(`nothing maps arn:aws:iam::${ACCOUNT}:role/mallory`),
      "access denied: the token does not verify",
    ]);
  });

  test("a cluster that is gone lets nobody in", async () => {
    const eks = eksStore([admin]);
    cluster = await start(tls, { eks, objects: objectStore() });
    expect((await send("/api", "carol")).code).toBe(200);
    eks.change((state) => delete state.clusters[CLUSTER]);
    expect((await send("/api", "carol")).code).toBe(401);
  });
});

describe("impersonation", () => {
  const path = "/api/v1/namespaces/default/pods";
  const helpdesk = rbacObject("ClusterRole", "helpdesk", {
    rules: [
      { apiGroups: [""], resources: ["users"], verbs: ["impersonate"], resourceNames: ["zoe"] },
      { apiGroups: [""], resources: ["groups"], verbs: ["impersonate"], resourceNames: ["ops"] },
    ],
  });
  const members = (group: string, role: string) =>
    rbacObject("ClusterRoleBinding", group, {
      subjects: [{ kind: "Group", name: group }],
      ...roleRef("ClusterRole", role),
    });

  test.each([
    [{ "impersonate-user": "zoe" }, 403, 'User "zoe" cannot list'],
    [{ "impersonate-user": "zoe", "impersonate-group": "ops" }, 200, undefined],
    [{ "impersonate-user": "amy" }, 403, 'cannot impersonate resource "users"'],
    [
      { "impersonate-user": "zoe", "impersonate-group": "ops,system:masters" },
      403,
      'groups "system:masters" is forbidden',
    ],
    [
      { "impersonate-user": "system:serviceaccount:kube-system:ci" },
      403,
      'cannot impersonate resource "serviceaccounts" in API group "" in the namespace "kube-system"',
    ],
    [{ "impersonate-group": "ops" }, 400, "without impersonating a user name"],
    [{ "impersonate-user": "zoe", "impersonate-uid": "1" }, 400, "impersonate-uid is not emulated"],
    [
      { "impersonate-user": "zoe", "impersonate-extra-principalid": "AROACAROL" },
      400,
      "impersonate-extra-principalid is not emulated",
    ],
  ])("by %o is answered %i", async (headers, code, text) => {
    cluster = await start(tls, {
      eks: eksStore([entry("bob", { groups: ["helpdesk"] })]),
      objects: objectStore([helpdesk, members("helpdesk", "helpdesk"), members("ops", "view")]),
    });
    const reply = await send(path, "bob", { headers: headers as Record<string, string> });
    expect(reply.code).toBe(code);
    if (text !== undefined) expect(reply.json["message"]).toContain(text);
  });
});

test("a path that is no resource is forbidden unless it is allowed", async () => {
  cluster = await start(tls, { eks: eksStore([admin, entry("bob")]), objects: objectStore() });
  const reply = await send("/metrics", "bob");
  expect(reply.code).toBe(403);
  expect(reply.json["message"]).toBe(
    `forbidden: User "arn:aws:sts::${ACCOUNT}:assumed-role/bob/bob-example.com" cannot get path "/metrics"`,
  );
  expect((await send("/metrics", "carol")).code).toBe(404);
});

describe("a change of an association", () => {
  test("is seen at once when there is no lag", async () => {
    const eks = eksStore([entry("bob", { policies: { View: clusterScope } })]);
    cluster = await start(tls, { eks, objects: objectStore() });
    expect(await canList("bob")).toMatchObject({ allowed: true });
    eks.change((state) => {
      const changed = state.clusters[CLUSTER]?.entries[roleArn("bob")];
      if (changed !== undefined) changed.policies = {};
    });
    expect(await canList("bob")).toMatchObject({ allowed: false });
  });

  test("is seen only after the lag, both ways", async () => {
    let time = Date.parse("2026-11-24T12:00:00Z");
    const eks = eksStore([entry("bob", { policies: { View: clusterScope } })]);
    cluster = await start(tls, {
      eks,
      objects: objectStore(),
      authorizerLagSeconds: 5,
      now: () => new Date(time),
    });
    eks.change((state) => {
      const changed = state.clusters[CLUSTER];
      if (changed !== undefined) changed.entries = { [admin.principalArn]: admin };
    });
    time += 1000;
    expect(await canList("bob")).toMatchObject({ allowed: true });
    expect(await canList("carol")).toBe(401);
    time += 4999;
    expect(await canList("bob")).toMatchObject({ allowed: true });
    time += 1;
    expect(await canList("bob")).toBe(401);
    expect(await canList("carol")).toMatchObject({ allowed: true });
  });
});

describe("reviews", () => {
  const review = (kind: string, spec: object) => ({
    body: JSON.stringify({ apiVersion: "authorization.k8s.io/v1", kind, spec }),
  });

  test("of oneself say which association allows", async () => {
    cluster = await start(tls, { eks: eksStore([admin]), objects: objectStore() });
    expect(await canList("carol")).toEqual({
      allowed: true,
      reason: `EKS Access Policy: allowed by ClusterRoleBinding "${roleArn("carol")}+${policyArn("ClusterAdmin")}" of ClusterRole "${policyArn("ClusterAdmin")}" to User "${roleId("carol")}"`,
    });
  });

  test("of others need permission, and know of them what is said", async () => {
    cluster = await start(tls, {
      eks: eksStore([admin, entry("bob")]),
      objects: objectStore([
        rbacObject("ClusterRoleBinding", "ops", {
          subjects: [{ kind: "Group", name: "ops" }],
          ...roleRef("ClusterRole", "view"),
        }),
      ]),
    });
    const path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    const resourceAttributes = { verb: "list", resource: "pods" };
    const asked = review("SubjectAccessReview", { user: "x", groups: ["ops"], resourceAttributes });
    expect((await send(path, "bob", asked)).code).toBe(403);
    expect((await send(path, "carol", asked)).json["status"]).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by ClusterRoleBinding "ops" of ClusterRole "view" to Group "ops"',
    });
  });

  test.each([
    [{}, "exactly one of"],
    [
      { resourceAttributes: { verb: "get" }, nonResourceAttributes: { path: "/" } },
      "exactly one of",
    ],
    [{ resourceAttributes: { verb: "get", fieldSelector: {} } }, "unknown: fieldSelector"],
    [{ resourceAttributes: { verb: 1 } }, "spec.resourceAttributes.verb"],
  ])("with the spec %o are refused", async (spec, text) => {
    cluster = await start(tls, { eks: eksStore([admin]), objects: objectStore() });
    const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    const reply = await send(path, "carol", review("SelfSubjectAccessReview", spec));
    expect(reply.code).toBe(400);
    expect(reply.json["message"]).toContain(text);
  });
});

describe("objects", () => {
  test.each([
    [
      "an upper-case name",
      configMap("Upper"),
      422,
      'ConfigMap "Upper" is invalid: metadata.name: Invalid value: "Upper": a lowercase RFC 1123 subdomain',
    ],
    [
      "no name",
      JSON.stringify({ apiVersion: "v1", kind: "ConfigMap" }),
      422,
      "metadata.name: Required value: name or generateName is required",
    ],
    [
      "a generated name",
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"a-"}}',
      400,
      "metadata.generateName is not emulated",
    ],
    [
      "another kind",
      '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"}}',
      400,
      '"Secret"',
    ],
    [
      "another namespace",
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"kube-system"}}',
      400,
      "does not match the namespace sent on the request",
    ],
    ["no JSON", "{", 400, "is not valid application/json"],
  ])("with %s are refused", async (_what, body, code, text) => {
    cluster = await start(tls, { eks: eksStore([admin]), objects: objectStore() });
    const reply = await send(configMaps, "carol", { body });
    expect(reply).toMatchObject({ code, json: { kind: "Status", code } });
    expect(reply.json["message"]).toContain(text);
  });

  test("without what their kind requires are refused", async () => {
    cluster = await start(tls, { eks: eksStore([admin]), objects: objectStore() });
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p" },
      spec: { containers: [] },
    };
    const pods = await send("/api/v1/namespaces/default/pods", "carol", {
      body: JSON.stringify(pod),
    });
    expect(pods).toMatchObject({
      code: 422,
      json: { message: 'Pod "p" is invalid: spec.containers: Required value' },
    });
    const binding = rbacObject("ClusterRoleBinding", "b", { subjects: [] });
    const path = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
    const bindings = await send(path, "carol", { body: JSON.stringify(binding) });
    expect(bindings.json["message"]).toBe(
      'ClusterRoleBinding.rbac.authorization.k8s.io "b" is invalid: roleRef: Required value',
    );
  });

  test("in an unknown media type, or over three mebibytes, are refused", async () => {
    cluster = await start(tls, { eks: eksStore([admin]), objects: objectStore() });
    const headers = { "content-type": "text/plain" };
    expect((await send(configMaps, "carol", { body: "x", headers })).code).toBe(415);
    const body = "x".repeat(3 * 1024 * 1024 + 1);
    expect((await send(configMaps, "carol", { body })).code).toBe(413);
  });

  test("of RBAC must have exactly the members that are read", async () => {
    cluster = await start(tls, { eks: eksStore([admin]), objects: objectStore() });
    const path = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
    const body = JSON.stringify(rbacObject("ClusterRole", "r", { aggregationRule: {}, rules: [] }));
    const reply = await send(path, "carol", { body });
    expect(reply.code).toBe(400);
    expect(reply.json["message"]).toContain("unknown field aggregationRule");
  });

  test("are not stored on a dry run", async () => {
    cluster = await start(tls, { eks: eksStore([admin]), objects: objectStore() });
    const reply = await send(`${configMaps}?dryRun=All`, "carol", { body: configMap("a") });
    expect(reply.code).toBe(201);
    expect((await send(`${configMaps}/a`, "carol")).code).toBe(404);
  });

  test("are taken as YAML, and listed by their labels", async () => {
    cluster = await start(tls, { eks: eksStore([admin]), objects: objectStore() });
    const yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, labels: { tier: web } }\n";
    const headers = { "content-type": "application/yaml" };
    expect((await send(configMaps, "carol", { body: yaml, headers })).code).toBe(201);
    await send(configMaps, "carol", { body: configMap("b") });
    const names = async (selector: string) => {
      const { json } = await send(
        `${configMaps}?labelSelector=${encodeURIComponent(selector)}`,
        "carol",
      );
      return (json["items"] as { metadata: { name: string } }[]).map(
        ({ metadata }) => metadata.name,
      );
    };
    expect(await names("tier=web")).toEqual(["a"]);
    expect(await names("tier!=web")).toEqual(["b"]);
    expect(await names("tier in (db, web)")).toEqual(["a"]);
    expect(await names("tier notin (db),!other")).toEqual(["a", "b"]);
    expect(await names("!tier")).toEqual(["b"]);
    expect(
      (await send(`${configMaps}?labelSelector=${encodeURIComponent("a>1")}`, "carol")).code,
    ).toBe(400);
  });

  test("of the API server's own namespaces stay", async () => {
    cluster = await start(tls, { eks: eksStore([admin]), objects: objectStore() });
    const reply = await send("/api/v1/namespaces/kube-system", "carol", { method: "DELETE" });
    expect(reply.json["message"]).toBe(
      'namespaces "kube-system" is forbidden: this namespace may not be deleted',
    );
  });

  test("of kinds that the server has not are not found, once they are allowed", async () => {
    cluster = await start(tls, { eks: eksStore([admin, entry("bob")]), objects: objectStore() });
    const path = "/apis/example.io/v1/namespaces/default/widgets";
    expect((await send(path, "carol")).code).toBe(404);
    expect((await send(path, "bob")).code).toBe(403);
  });
});

describe("the audit log", () => {
  test("holds one Event a request, with the reason of the authorizer", async () => {
    cluster = await start(tls, {
      eks: eksStore([admin]),
      objects: objectStore(),
      now: () => new Date("2026-11-24T12:00:00.123Z"),
    });
    await send("/api/v1/namespaces", "carol", { headers: { "user-agent": "test/1" } });
    expect(cluster.audit).toEqual([
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

  test("tells denials, strangers and impersonation apart", async () => {
    cluster = await start(tls, { eks: eksStore([admin, entry("bob")]), objects: objectStore() });
    await send("/api/v1/pods", "bob");
    await send("/api/v1/pods", "mallory");
    await send("/api/v1/pods", "carol", { headers: { "impersonate-user": "x" } });
    expect(cluster.audit).toMatchObject([
      { responseStatus: { code: 403 }, annotations: { "authorization.k8s.io/decision": "forbid" } },
      { responseStatus: { code: 401 }, user: {} },
      { responseStatus: { code: 403 }, impersonatedUser: { username: "x" } },
    ]);
    expect(cluster.audit[1]).not.toHaveProperty("annotations");
  });

  test("never holds what is in a Secret or a ConfigMap", async () => {
    cluster = await start(tls, { eks: eksStore([admin]), objects: objectStore() });
    await send(configMaps, "carol", { body: configMap("a", { data: { key: "confidential" } }) });
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s" },
      stringData: { key: "confidential" },
    };
    await send("/api/v1/namespaces/default/secrets", "carol", { body: JSON.stringify(secret) });
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p" },
      spec: { containers: [{ name: "c" }] },
    };
    await send("/api/v1/namespaces/default/pods", "carol", { body: JSON.stringify(pod) });
    expect(cluster.audit.map(({ level }) => level)).toEqual(["Metadata", "Metadata", "Request"]);
    expect(cluster.audit.map(({ objectRef }) => objectRef)).toMatchObject([
      { name: "a" },
      { name: "s" },
      { name: "p" },
    ]);
    expect(JSON.stringify(cluster.audit)).not.toContain("confidential");
    expect(cluster.audit[2]).toMatchObject({ requestObject: { kind: "Pod" } });
  });
});

describe("an object that is written again", () => {
  const path = `${configMaps}/written`;
  const put = (body: string) => send(path, "carol", { method: "PUT", body });
  const patch = (body: object, type = "merge-patch") =>
    send(path, "carol", {
      method: "PATCH",
      body: JSON.stringify(body),
      headers: { "content-type": `application/${type}+json` },
    });
  const version = ({ json }: Reply) =>
    (json["metadata"] as { readonly resourceVersion: string }).resourceVersion;

  async function written(): Promise<Reply> {
    cluster = await start(tls, { eks: eksStore([admin]), objects: objectStore() });
    return send(configMaps, "carol", { body: configMap("written", { data: { a: "1" } }) });
  }

  test("keeps its identity, and has another version", async () => {
    const before = await written();
    const after = await put(configMap("written", { data: { b: "2" } }));
    expect(after).toMatchObject({ code: 200, json: { data: { b: "2" } } });
    const { resourceVersion: _old, ...identity } = before.json["metadata"] as object & {
      readonly resourceVersion: string;
    };
    expect(after.json["metadata"]).toMatchObject(identity);
    expect(version(after)).not.toBe(version(before));
    expect((await send(path, "carol")).json).toEqual(after.json);
  });

  test("has the version it had where nothing changed, or where it was only tried", async () => {
    const before = await written();
    expect(version(await patch({ data: { a: "1" } }))).toBe(version(before));
    const tried = await send(`${path}?dryRun=All`, "carol", {
      method: "PUT",
      body: configMap("written", { data: { a: "9" } }),
    });
    expect(tried).toMatchObject({ code: 200, json: { data: { a: "9" } } });
    expect((await send(path, "carol")).json).toEqual(before.json);
  });

  test("is refused where somebody else wrote it meanwhile", async () => {
    const before = await written();
    await patch({ data: { a: "2" } });
    expect(await patch({ metadata: { resourceVersion: version(before) } })).toMatchObject({
      code: 409,
      json: {
        reason: "Conflict",
        message:
          'Operation cannot be fulfilled on configmaps "written": the object has been modified; please apply your changes to the latest version and try again',
      },
    });
  });

  test("is refused under another name, in another namespace, or where there is none", async () => {
    await written();
    expect((await put(configMap("other"))).code).toBe(400);
    expect((await patch({ metadata: { namespace: "test-1" } })).code).toBe(400);
    const missing = { method: "PUT", body: configMap("missing") };
    expect((await send(`${configMaps}/missing`, "carol", missing)).code).toBe(404);
  });

  test("takes the patches of kubectl, and names them where it is another", async () => {
    await written();
    expect(await patch({ data: { b: "2" } }, "strategic-merge-patch")).toMatchObject({
      code: 200,
      json: { data: { a: "1", b: "2" } },
    });
    const other = await patch([], "json-patch");
    expect(other.code).toBe(415);
    expect(other.text).toContain("application/strategic-merge-patch+json");
  });

  test("gives nobody through RBAC what they do not hold", async () => {
    const rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/test-1";
    const body = (rules: readonly object[]) => ({
      ...rbacObject("Role", "grown", { rules }, "test-1"),
    });
    const may = {
      rules: [{ apiGroups: ["*"], resources: ["roles"], verbs: ["create", "update"] }],
    };
    cluster = await start(tls, {
      eks: eksStore([entry("alice")]),
      objects: objectStore([
        rbacObject("ClusterRole", "roles", may),
        rbacObject("ClusterRoleBinding", "roles", {
          subjects: [
            { kind: "Group", apiGroup: "rbac.authorization.k8s.io", name: "system:authenticated" },
          ],
          ...roleRef("ClusterRole", "roles"),
        }),
      ]),
    });
    const role = `${rbac}/roles`;
    await send(role, "alice", { body: JSON.stringify(body([])) });
    const grown = await send(`${role}/grown`, "alice", {
      method: "PUT",
      body: JSON.stringify(body([{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }])),
    });
    expect(grown.code).toBe(403);
    expect(grown.text).toContain("is attempting to grant RBAC permissions not currently held");
    const labelled = {
      ...body([]),
      metadata: { name: "grown", namespace: "test-1", labels: { a: "b" } },
    };
    const same = { method: "PUT", body: JSON.stringify(labelled) };
    expect((await send(`${role}/grown`, "alice", same)).code).toBe(200);
  });
});

describe("a watch", () => {
  const written = (a: string) => ({ body: configMap("watched", { data: { a } }) });
  const one = `${configMaps}/watched`;
  /** A watch of one second, once it has begun. */
  const watch = (who: string, query = "") =>
    new Promise<{ readonly watching: Promise<Reply> }>((resolve) => {
      const begun = () => resolve({ watching });
      const path = `${configMaps}?watch=true&timeoutSeconds=1${query}`;
      const watching = send(path, who, { begun });
    });
  /** What a watch reported of one object while something was done. */
  async function watched(query: string, meanwhile: () => Promise<unknown>): Promise<unknown[]> {
    const { watching } = await watch("carol", query);
    await meanwhile();
    const { text } = await watching;
    return text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
      .filter(({ object }) => object.metadata.name === "watched")
      .map(({ type, object }) => [type, object.data]);
  }
  const life = async () => {
    await send(configMaps, "carol", written("1"));
    await send(one, "carol", { method: "PUT", ...written("2") });
    await send(one, "carol", { method: "DELETE" });
  };

  test("tells every change, each once and in its order", async () => {
    cluster = await start(tls, { eks: eksStore([admin]), objects: objectStore() });
    expect(await watched("", life)).toEqual([
      ["ADDED", { a: "1" }],
      ["MODIFIED", { a: "2" }],
      ["DELETED", { a: "2" }],
    ]);
  });

  test("begins with what is there, or with what is newer than a version", async () => {
    cluster = await start(tls, { eks: eksStore([admin]), objects: objectStore() });
    const { json } = await send(configMaps, "carol", written("1"));
    const { resourceVersion } = json["metadata"] as { readonly resourceVersion: string };
    const nothing = async () => undefined;
    expect(await watched("", nothing)).toEqual([["ADDED", { a: "1" }]]);
    const change = () => send(one, "carol", { method: "PUT", ...written("2") });
    expect(await watched(`&resourceVersion=${resourceVersion}`, change)).toEqual([
      ["MODIFIED", { a: "2" }],
    ]);
  });

  test("goes on although access was taken away: it is authorised when it begins", async () => {
    const eks = eksStore([admin, entry("bob", { policies: { View: clusterScope } })]);
    cluster = await start(tls, { eks, objects: objectStore() });
    const { watching } = await watch("bob");
    eks.change((state) => {
      delete state.clusters[CLUSTER]?.entries[roleArn("bob")];
    });
    await send(configMaps, "carol", written("1"));
    expect((await watching).text).toContain('"a":"1"');
    expect((await send(`${configMaps}?watch=true&timeoutSeconds=1`, "bob")).code).toBe(401);
  });
});

import { expect, test } from "vitest";
import { requestInfo } from "../../../../lab/sandbox/kubernetes/request-info.ts";

test.each([
  ["GET", "/api/v1/pods", { verb: "list", resource: "pods", namespace: "" }],
  ["GET", "/api/v1/pods?watch=true", { verb: "watch", resource: "pods" }],
  ["GET", "/api/v1/pods?watch=false", { verb: "list" }],
  ["GET", "/api/v1/namespaces/n/pods", { verb: "list", resource: "pods", namespace: "n" }],
  ["GET", "/api/v1/namespaces/n/pods/p", { verb: "get", name: "p", namespace: "n" }],
  ["GET", "/api/v1/namespaces/n/pods/p?watch=true", { verb: "get" }],
  ["HEAD", "/api/v1/namespaces/n/pods/p", { verb: "get" }],
  ["GET", "/api/v1/namespaces/n/pods/p/log", { verb: "get", subresource: "log" }],
  ["POST", "/api/v1/namespaces/n/pods/p/exec", { verb: "create", subresource: "exec" }],
  ["POST", "/api/v1/namespaces/n/pods", { verb: "create", name: "" }],
  ["PUT", "/api/v1/namespaces/n/pods/p", { verb: "update" }],
  ["PATCH", "/api/v1/namespaces/n/pods/p", { verb: "patch" }],
  ["DELETE", "/api/v1/namespaces/n/pods/p", { verb: "delete" }],
  ["DELETE", "/api/v1/namespaces/n/pods", { verb: "deletecollection" }],
  ["GET", "/api/v1/namespaces", { verb: "list", resource: "namespaces", namespace: "" }],
  [
    "GET",
    "/api/v1/namespaces/n",
    { verb: "get", resource: "namespaces", name: "n", namespace: "n" },
  ],
  [
    "PUT",
    "/api/v1/namespaces/n/finalize",
    { resource: "namespaces", subresource: "finalize", name: "n" },
  ],
  [
    "GET",
    "/apis/apps/v1/namespaces/n/deployments",
    { apiGroup: "apps", apiVersion: "v1", resource: "deployments" },
  ],
  ["GET", "/api/v1/namespaces/n/pods?fieldSelector=metadata.name%3Dp", { verb: "list", name: "p" }],
  ["GET", "/api/v1/namespaces/a%2Fb/pods", { namespace: "a/b", resource: "pods" }],
  ["GET", "/api/v1", { resourceRequest: false, path: "/api/v1", verb: "get" }],
  ["GET", "/apis/apps", { resourceRequest: false, path: "/apis/apps" }],
  ["POST", "/metrics", { resourceRequest: false, verb: "post", path: "/metrics" }],
])("The request %s %s asks for %o", (method, target, expected) => {
  expect(requestInfo(method, new URL(target, "https://cluster"))).toMatchObject(expected);
});

test("A path that is badly encoded is a bad request", () => {
  const url = new URL("https://cluster/api/v1/namespaces/%ff/pods");
  expect(() => requestInfo("GET", url)).toThrow("not properly percent-encoded");
});

/** The question of `kubectl auth can-i`, for machines without kubectl. */
import https from "node:https";

/** A cluster's API server, as DescribeCluster returns it. */
export interface ApiServer {
  /** `https://127.0.0.1:6443` */
  readonly endpoint: string;
  /** PEM. */
  readonly certificate: string;
}

/** An action that someone wants to take, in Kubernetes' terms. */
export interface Action {
  readonly verb: string;
  readonly resource: "deployments" | "pods";
  readonly namespace: string;
}

/** `unauthorized`: the cluster does not know the caller, and did not look at the action. */
export type AccessAnswer = "yes" | "no" | "unauthorized";

const API_GROUPS = { deployments: "apps", pods: "" } as const;
const PATH = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
const TIMEOUT_MS = 10_000;

interface Answer {
  readonly status: number;
  readonly text: string;
}

function post(server: ApiServer, token: string, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = https.request(
      new URL(PATH, server.endpoint),
      {
        method: "POST",
        ca: server.certificate,
        agent: false,
        timeout: TIMEOUT_MS,
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          accept: "application/json",
        },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.once("end", () => resolve({ status: response.statusCode ?? 0, text }));
        response.once("error", reject);
      },
    );
    request.once("timeout", () =>
      request.destroy(new Error(`${server.endpoint} did not answer in ${TIMEOUT_MS / 1000} s.`)),
    );
    request.once("error", reject);
    request.end(body);
  });
}

/**
 * Asks a cluster whether the token's holder may do something, by a SelfSubjectAccessReview
 * (Kubernetes API reference, `authorization.k8s.io/v1`). Throws for a response that is no review.
 */
export async function reviewAccess(
  server: ApiServer,
  token: string,
  { verb, resource, namespace }: Action,
): Promise<AccessAnswer> {
  const resourceAttributes = { verb, group: API_GROUPS[resource], resource, namespace };
  const { status, text } = await post(
    server,
    token,
    JSON.stringify({
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes },
    }),
  );
  if (status === 401) return "unauthorized";
  if (status !== 201) throw new Error(`${server.endpoint} answered ${status}: ${text}`);
  const review = JSON.parse(text) as { readonly status: { readonly allowed: boolean } };
  return review.status.allowed ? "yes" : "no";
}

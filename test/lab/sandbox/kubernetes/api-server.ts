import https from "node:https";
import { afterEach, beforeAll } from "vitest";
import {
  type Certificate,
  newCertificate,
} from "../../../../lab/sandbox/kubernetes/certificate.ts";
import { clusterScope, entry, type RunningCluster, start } from "./cluster-world.ts";

export interface Reply {
  readonly code: number;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

interface SendOptions {
  readonly method?: string;
  readonly body?: string | Buffer;
  readonly headers?: Record<string, string>;
  /** Called once the answer begins. */
  readonly begun?: () => void;
}

type StartOptions = Parameters<typeof start>[1];

/** The API server of one cluster, for the tests of one file. Each test starts it for itself. */
export class ApiServer {
  #tls: Certificate | undefined;
  #cluster: RunningCluster | undefined;

  constructor() {
    beforeAll(async () => {
      this.#tls = await newCertificate(new Date());
    });
    afterEach(() => this.cluster.close());
  }

  get cluster(): RunningCluster {
    if (!this.#cluster) throw new Error("The test did not start the API server.");
    return this.#cluster;
  }

  async start(options: StartOptions): Promise<void> {
    if (!this.#tls) throw new Error("The API server has no certificate yet.");
    this.#cluster = await start(this.#tls, options);
  }

  send(path: string, who?: string, options: SendOptions = {}): Promise<Reply> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    const request = https.request(
      new URL(path, this.cluster.url),
      {
        ca: this.#tls?.certificate,
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
    return promise;
  }
}

/** Carol, who may do everything. */
export const admin = entry("carol", { policies: { ClusterAdmin: clusterScope } });

export const configMaps = "/api/v1/namespaces/default/configmaps";
export const configMap = (name: string, more: object = {}): string =>
  JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, ...more });

/** The status of a review of oneself, or the code of the refusal to answer one. */
export async function canList(server: ApiServer, who: string): Promise<unknown> {
  const resourceAttributes = { verb: "list", resource: "pods" };
  const body = JSON.stringify({
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes },
  });
  const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  const { code, json } = await server.send(path, who, { body });
  return code === 201 ? json["status"] : code;
}

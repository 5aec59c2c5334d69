/**
 * A cluster's Kubernetes API: one TLS server, with its own address, for each cluster.
 *
 * It authenticates EKS tokens, authorises by RBAC and access policies, and keeps a few kinds of
 * objects. It runs no workloads. Deletecollection, subresources such as logs, scale and exec, and
 * kinds it does not serve are refused by name. Objects are kept as sent: `fieldValidation` is
 * accepted, but only RBAC kinds have their members checked.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { EksState } from "../aws/eks/state.ts";
import type { Store } from "../aws/store.ts";
import type { PolicyRules } from "./access-policies.ts";
import { type AuditSink, auditEvent, type RequestTrace } from "./audit-log.ts";
import type { Certificate } from "./certificate.ts";
import { type ClusterAccess, clusterAccess } from "./cluster-access.ts";
import { type ApiAnswer, type ApiServer, handleRequest } from "./handle-request.ts";
import { laggedView } from "./lagged-view.ts";
import { MAXIMUM_BODY_BYTES } from "./request-body.ts";
import type { KubernetesState } from "./state.ts";
import { StatusError } from "./status.ts";
import type { VerifyToken } from "./token.ts";
import type { Watch } from "./watch.ts";

export interface KubernetesApiOptions {
  /** The cluster's name, which tokens are made for. */
  readonly cluster: string;
  readonly eks: Store<EksState>;
  readonly objects: Store<KubernetesState>;
  readonly verifyToken: VerifyToken;
  readonly policyRules: PolicyRules;
  readonly tls: Certificate;
  /** How long a change of entries, associations or mode stays unseen. 0: not at all. */
  readonly authorizerLagSeconds: number;
  /** Takes the audit log's lines. */
  readonly audit?: AuditSink;
  /** Takes the authenticator's log: why a caller was answered 401. */
  readonly authenticatorLog?: (line: string) => void;
  readonly now?: () => Date;
}

/** How often EKS's state is read under a lag, so that no change is seen much too late. */
const OBSERVE_MILLISECONDS = 200;

/** The cluster's access as it is seen: at once, or after the lag. */
function seenAccess(
  { cluster, eks, authorizerLagSeconds }: KubernetesApiOptions,
  now: () => Date,
): { readonly access: () => ClusterAccess; readonly observe?: () => void } {
  const present = () => clusterAccess(eks, cluster, now());
  if (authorizerLagSeconds === 0) return { access: present };
  const view = laggedView<ClusterAccess>(authorizerLagSeconds * 1000);
  const observe = () => view.observe(now().getTime(), present());
  observe();
  return {
    observe,
    access: () => {
      observe();
      return view.seen(now().getTime());
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAXIMUM_BODY_BYTES) {
      throw new StatusError(413, `the body of the request is over ${MAXIMUM_BODY_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function answered(
  server: ApiServer,
  request: IncomingMessage,
  trace: RequestTrace,
  now: Date,
): Promise<ApiAnswer> {
  try {
    const url = URL.parse(request.url ?? "/", "https://cluster");
    if (url === null) throw new StatusError(400, "the request's URL is not valid");
    const { method = "GET", headers } = request;
    const body = await readBody(request);
    return handleRequest(server, { method, url, headers, body, now }, trace);
  } catch (error) {
    const status =
      error instanceof StatusError
        ? error
        : new StatusError(500, `an error of the sandbox, not of the request: ${String(error)}`);
    return { code: status.code, body: status };
  }
}

const HEADERS = { "content-type": "application/json", "cache-control": "no-cache, private" };

/** Sends what a watch sees until either side has enough, and then calls `over`. */
function sendWatch(response: ServerResponse, watch: Watch, over: () => void): void {
  response.writeHead(200, HEADERS);
  response.flushHeaders();
  const stop = watch.start(
    (line) => void response.write(line),
    () => void response.end(),
  );
  response.once("close", () => {
    stop();
    over();
  });
}

function send(response: ServerResponse, code: number, body: unknown): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(code, {
    ...HEADERS,
    ...(typeof body === "string" ? { "content-type": "text/plain" } : {}),
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}

/** The API server of one cluster, not yet listening. Closing it ends all that it started. */
export function kubernetesApi(options: KubernetesApiOptions): Server {
  const now = options.now ?? (() => new Date());
  const { access, observe } = seenAccess(options, now);
  const api: ApiServer = {
    cluster: options.cluster,
    version: () => options.eks.state.clusters[options.cluster]?.version ?? "1.34",
    objects: options.objects,
    verifyToken: options.verifyToken,
    policyRules: options.policyRules,
    access,
    authenticatorLog: options.authenticatorLog ?? (() => undefined),
  };
  const { certificate: cert, privateKey: key } = options.tls;
  const server = createServer({ cert, key }, (request, response) => {
    const received = now();
    const trace: RequestTrace = {
      requestURI: request.url ?? "/",
      sourceIP: request.socket.remoteAddress ?? "",
      userAgent: request.headers["user-agent"] ?? "",
      received,
    };
    void answered(api, request, trace, received).then((answer) => {
      const record = () => options.audit?.(auditEvent(trace, answer.code, now()));
      // A watch is on record once it is over: only complete responses are.
      if (answer.watch) sendWatch(response, answer.watch, record);
      else {
        record();
        send(response, answer.code, answer.body);
      }
    });
  });
  if (observe !== undefined) {
    const timer = setInterval(observe, OBSERVE_MILLISECONDS);
    timer.unref();
    server.on("close", () => clearInterval(timer));
  }
  return server;
}

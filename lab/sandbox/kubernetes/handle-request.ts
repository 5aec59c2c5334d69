/**
 * One request, in the order of the API server's filters: authentication, impersonation,
 * authorization, action.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { Store } from "../aws/store.ts";
import type { PolicyRules } from "./access-policies.ts";
import type { RequestTrace } from "./audit-log.ts";
import { authenticate } from "./authenticate.ts";
import { type Authority, authorize, denialText } from "./authorizer.ts";
import { associationsOf, type ClusterAccess } from "./cluster-access.ts";
import { discoveryDocument, HEALTH_PATHS } from "./discovery.ts";
import { checkEscalation } from "./escalation.ts";
import { impersonated } from "./impersonation.ts";
import type { ObjectRequest } from "./object-request.ts";
import { answerObjectRequest, checkServed } from "./object-requests.ts";
import type { Attributes } from "./policy-rule.ts";
import { decodeBody, mediaTypeOf } from "./request-body.ts";
import { requestInfo } from "./request-info.ts";
import { resourceTypeOf } from "./resources.ts";
import { answerReview } from "./reviews.ts";
import type { KubernetesState } from "./state.ts";
import { forbidden, noSuchResource, unauthorized } from "./status.ts";
import type { VerifyToken } from "./token.ts";
import type { UserInfo } from "./user-info.ts";
import { type Watch, watchOf } from "./watch.ts";

/** The cluster's facts for the handling of requests. */
export interface ApiServer {
  readonly cluster: string;
  /** The Kubernetes version, `1.34`. */
  readonly version: () => string;
  readonly objects: Store<KubernetesState>;
  readonly verifyToken: VerifyToken;
  readonly policyRules: PolicyRules;
  /** Entries and mode as the authenticator and the authorizer see them now. */
  readonly access: () => ClusterAccess;
  /** Gets the reason why a caller was refused; the caller gets only 401. */
  readonly authenticatorLog: (line: string) => void;
}

export interface ApiRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly now: Date;
}

export type ApiAnswer =
  | {
      readonly code: number;
      /** JSON, or text where it is a string. */
      readonly body: unknown;
      readonly watch?: undefined;
    }
  | { readonly code: 200; readonly watch: Watch };

function authenticated(
  server: ApiServer,
  access: ClusterAccess,
  headers: IncomingHttpHeaders,
): UserInfo {
  const token = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  const caller = token === undefined ? undefined : server.verifyToken(token, server.cluster);
  if (caller === undefined) {
    server.authenticatorLog(
      `access denied: ${token === undefined ? "no bearer token" : "the token does not verify"}`,
    );
    throw unauthorized();
  }
  const authentication = authenticate(caller, access, server.objects.state);
  if (authentication.user === undefined) {
    server.authenticatorLog(`access denied: arn=${caller.arn} ${authentication.refused}`);
    throw unauthorized();
  }
  return authentication.user;
}

function document(version: string, { method, url }: ApiRequest): ApiAnswer {
  const found =
    method === "GET" || method === "HEAD" ? discoveryDocument(url.pathname, version) : undefined;
  if (found === undefined) throw noSuchResource();
  return { code: 200, body: found };
}

function resource(
  { objects }: ApiServer,
  request: ApiRequest,
  trace: RequestTrace,
  authority: Authority,
  user: UserInfo,
  attributes: Attributes,
): ApiAnswer {
  const { url, headers, now } = request;
  const type = resourceTypeOf(attributes.apiGroup, attributes.apiVersion, attributes.resource);
  if (type === undefined) throw noSuchResource();
  checkServed(type, attributes);
  const contentType = headers["content-type"] ?? "";
  const body = decodeBody(attributes.verb, contentType, request.body);
  if (body !== undefined) trace.requestObject = body;
  const review = answerReview(type.resource, authority, user, body);
  if (review !== undefined) return { code: 201, body: review };
  const asked: ObjectRequest = {
    objects,
    type,
    attributes,
    query: url.searchParams,
    accept: headers.accept ?? "",
    mediaType: mediaTypeOf(contentType),
    body,
    now,
    admit: (object) => checkEscalation(authority, user, type, object, attributes),
  };
  return attributes.verb === "watch"
    ? { code: 200, watch: watchOf(asked) }
    : answerObjectRequest(asked);
}

/** Handles a request, noting in `trace` what becomes known. Throws StatusError. */
export function handleRequest(
  server: ApiServer,
  request: ApiRequest,
  trace: RequestTrace,
): ApiAnswer {
  const { method, url, headers } = request;
  if (HEALTH_PATHS.has(url.pathname)) return { code: 200, body: "ok" };
  const attributes = requestInfo(method, url);
  trace.attributes = attributes;

  const access = server.access();
  const caller = authenticated(server, access, headers);
  trace.user = caller;
  const authority: Authority = {
    objects: server.objects.state,
    associations: associationsOf(access),
    policyRules: server.policyRules,
  };
  const user = impersonated(authority, caller, headers);
  if (user !== caller) trace.impersonatedUser = user;

  const decision = authorize(authority, user, attributes);
  trace.decision = decision;
  if (!decision.allowed) {
    const why = denialText(user, attributes);
    throw forbidden(attributes, decision.reason === "" ? why : `${why}: ${decision.reason}`);
  }
  return attributes.resourceRequest
    ? resource(server, request, trace, authority, user, attributes)
    : document(server.version(), request);
}

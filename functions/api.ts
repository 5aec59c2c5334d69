/** The HTTP API: people and machines ask, decide and read. It cannot touch a cluster. */
import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import type {
  APIGatewayProxyEventV2WithIAMAuthorizer,
  APIGatewayProxyStructuredResultV2,
} from "aws-lambda";
import { frontPorts } from "../shared/aws/ports.ts";
import { frontConfig } from "../shared/config.ts";
import type { Actor } from "../shared/domain/actor.ts";
import { BrokerError } from "../shared/domain/errors.ts";
import type { AccessRequest } from "../shared/domain/request.ts";
import { type EventList, type RequestList, requestAnswer } from "../shared/http/answers.ts";
import { callerOf } from "../shared/http/caller.ts";
import { checkQuery, instantOf, pageOf } from "../shared/http/page-query.ts";
import { parseBody } from "../shared/http/parse-body.ts";
import { problemDetails } from "../shared/http/problem-details.ts";
import { DecisionBody, EmptyBody, requestBody } from "../shared/http/request-body.ts";
import { ROUTES, type RouteOperation } from "../shared/http/routes.ts";
import type { FrontPorts } from "../shared/ports/ports.ts";
import type { Page } from "../shared/ports/request-store.ts";
import { createRequest } from "../shared/usecases/create-request.ts";
import { decideRequest } from "../shared/usecases/decide-request.ts";
import { type EndVerb, endGrant } from "../shared/usecases/end-grant.ts";
import {
  listAuditEvents,
  listGrants,
  listOwn,
  listToApprove,
  readHistory,
  readRequest,
} from "../shared/usecases/read-requests.ts";

type ApiEvent = APIGatewayProxyEventV2WithIAMAuthorizer;

interface Answer {
  readonly status: 200 | 201;
  readonly body: unknown;
}

type Operation = (ports: FrontPorts, actor: Actor, event: ApiEvent) => Promise<Answer>;

const ok = (body: unknown): Answer => ({ status: 200, body });
const idOf = (event: ApiEvent) => event.pathParameters?.["id"] ?? "";
const queryOf = (event: ApiEvent, known: readonly string[]) => {
  const query = event.queryStringParameters ?? {};
  checkQuery(query, known);
  return query;
};

/** A list leaves its cursor out on the last page. */
const listOf = ({ items, cursor }: Page<AccessRequest>): RequestList => ({
  requests: items.map(requestAnswer),
  ...(cursor === undefined ? {} : { cursor }),
});

const end =
  (verb: EndVerb): Operation =>
  async (ports, actor, event) => {
    parseBody(EmptyBody, event);
    return ok(requestAnswer(await endGrant(ports, actor, idOf(event), verb)));
  };

const OPERATIONS: Readonly<Record<RouteOperation, Operation>> = {
  createRequest: async (ports, actor, event) => {
    const body = parseBody(requestBody(ports.settings), event);
    const ask = {
      cluster: body.cluster,
      access: body.access,
      durationSeconds: body.duration ?? null,
      reason: body.reason,
      principalArn: body.principalArn ?? null,
      startsAt: body.startsAt ?? null,
      rule: body.rule ?? null,
    };
    const key = idempotencyKeyOf(event);
    const created = await createRequest(ports, actor, ask, key);
    return { status: 201, body: requestAnswer(created) };
  },
  listRequests: async (ports, actor, event) => {
    const query = queryOf(event, ["view", "limit", "cursor"]);
    const view = query["view"] ?? "mine";
    if (view === "mine") return ok(listOf(await listOwn(ports, actor, pageOf(query))));
    if (view === "to-approve") return ok(listOf({ items: await listToApprove(ports, actor) }));
    throw new BrokerError("invalid-request", "view is mine or to-approve.");
  },
  getRequest: async (ports, actor, event) =>
    ok(requestAnswer(await readRequest(ports, actor, idOf(event)))),
  listRequestEvents: async (ports, actor, event) => {
    const events = await readHistory(ports, actor, idOf(event));
    return ok({ events } satisfies EventList);
  },
  decideRequest: async (ports, actor, event) => {
    const { verdict, digest, note } = parseBody(DecisionBody, event);
    const decision = { verdict, digest, ...(note === undefined ? {} : { note }) };
    return ok(requestAnswer(await decideRequest(ports, actor, idOf(event), decision)));
  },
  cancelRequest: end("cancel"),
  returnGrant: end("return"),
  revokeGrant: end("revoke"),
  listGrants: async (ports, actor, event) => {
    const query = queryOf(event, ["limit", "cursor"]);
    return ok(listOf(await listGrants(ports, actor, pageOf(query))));
  },
  listAuditEvents: async (ports, actor, event) => {
    const query = queryOf(event, ["from", "to", "limit", "cursor"]);
    const from = instantOf(query, "from");
    const page = await listAuditEvents(ports, actor, from, instantOf(query, "to"), pageOf(query));
    const { items: events, cursor } = page;
    return ok({ events, ...(cursor === undefined ? {} : { cursor }) } satisfies EventList);
  },
};

/** https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/ */
function idempotencyKeyOf(event: ApiEvent): string | undefined {
  const key = event.headers["idempotency-key"];
  if (key !== undefined && !/^[\x21-\x7e]{1,128}$/.test(key))
    throw new BrokerError(
      "invalid-request",
      "Idempotency-Key has 1 to 128 visible ASCII characters, without spaces.",
    );
  return key;
}

/** Unknown paths arrive through `$default`; a known path with another method says which it takes. */
function operationOf(event: ApiEvent): Operation {
  const route = ROUTES.find(({ method, path }) => event.routeKey === `${method} ${path}`);
  if (route) return OPERATIONS[route.operation];
  const allow = ROUTES.filter(({ path }) => patternOf(path).test(event.rawPath)).map(
    ({ method }) => method,
  );
  if (allow.length > 0)
    throw new BrokerError("method-not-allowed", `This path takes ${allow.join(", ")}.`, { allow });
  throw new BrokerError("route-not-found", "There is no such path. See the README for the API's.");
}

const patternOf = (path: string) => new RegExp(`^${path.replace(/\{[^}]+\}/g, "[^/]+")}$`);

const logger = new Logger({ serviceName: "api" });

/** The handler over any ports: tests pass their own. */
export function apiHandler(ports: FrontPorts) {
  return (
    middy<ApiEvent, APIGatewayProxyStructuredResultV2>()
      .use(injectLambdaContext(logger, { resetKeys: true }))
      // First in, last out: sees every error, also those of the other middlewares.
      .use(problemDetails((error) => logger.error("unexpected", error as Error)))
      .handler(async (event) => {
        const operation = operationOf(event);
        const { status, body } = await operation(ports, callerOf(ports.policy, event), event);
        return {
          statusCode: status,
          headers: { "content-type": "application/json", "cache-control": "no-store" },
          body: JSON.stringify(body),
        };
      })
  );
}

export const handler = apiHandler(frontPorts(frontConfig()));

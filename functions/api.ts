/** The HTTP API: people and programs ask, decide and read. It cannot change a cluster. */
import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import type {
  APIGatewayProxyEventV2WithIAMAuthorizer,
  APIGatewayProxyStructuredResultV2,
} from "aws-lambda";
import openApi from "../docs/openapi.json" with { type: "json" };
import { apiPorts } from "../shared/aws/composition-root.ts";
import { frontConfig } from "../shared/config.ts";
import type { Actor } from "../shared/domain/policy/actor.ts";
import type { EndVerb } from "../shared/domain/requests/audit-event.ts";
import type { AccessRequest } from "../shared/domain/requests/request.ts";
import { BrokerError, noRequest } from "../shared/domain/values/errors.ts";
import { visibleValue } from "../shared/domain/values/visible-text.ts";
import {
  type AccessAnswer,
  type AuditEventList,
  accessRuleAnswer,
  type EventList,
  type ProblemAnswer,
  previewAnswer,
  type RequestList,
  requestAnswer,
  requestSummary,
} from "../shared/http/contract/answers.ts";
import { askOf, DecisionBody, EndBody, requestBody } from "../shared/http/contract/request-body.ts";
import { QUERY, ROUTES, type RouteOperation } from "../shared/http/contract/routes.ts";
import { whoAmIAnswer } from "../shared/http/contract/who-am-i.ts";
import { callerOf } from "../shared/http/server/caller.ts";
import { listPage } from "../shared/http/server/list-page.ts";
import { checkQuery, instantOf } from "../shared/http/server/page-query.ts";
import { parseBody } from "../shared/http/server/parse-body.ts";
import { problemDetails, refusalsOf } from "../shared/http/server/problem-details.ts";
import type { ApiPorts, FrontPorts } from "../shared/ports/function-ports.ts";
import type { Page, PageQuery } from "../shared/ports/request-store.ts";
import { wakingNotify } from "../shared/usecases/notices/waking-notify.ts";
import { createRequest } from "../shared/usecases/requests/create-request.ts";
import { decideRequest } from "../shared/usecases/requests/decide-request.ts";
import { endGrant } from "../shared/usecases/requests/end-grant.ts";
import { listAccess } from "../shared/usecases/requests/list-access.ts";
import { previewRequest } from "../shared/usecases/requests/preview-request.ts";
import {
  listAuditEvents,
  listGrants,
  listOwn,
  listToApprove,
  readHistory,
  readRequest,
} from "../shared/usecases/requests/read-requests.ts";

type ApiEvent = APIGatewayProxyEventV2WithIAMAuthorizer;

interface Answer {
  readonly status: 200 | 201;
  readonly body: unknown;
}

type Operation = (ports: ApiPorts, actor: Actor, event: ApiEvent) => Promise<Answer>;

const ok = (body: unknown): Answer => ({ status: 200, body });

/** Ids are UUIDs. Any other text is refused before it reaches the table. */
function idOf(event: ApiEvent): string {
  const id = event.pathParameters?.["id"] ?? "";
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return id;
  throw noRequest(id);
}

const okRequest = ({ policy }: FrontPorts, request: AccessRequest): Answer =>
  ok(requestAnswer(request, policy));

/** One page of a list of requests, as summaries. */
async function requestList(
  ports: ApiPorts,
  actor: Actor,
  event: ApiEvent,
  list: readonly string[],
  read: (page: PageQuery) => Promise<Page<AccessRequest>>,
): Promise<Answer> {
  const { page, more } = await listPage(ports, actor, list, queryOf(event), read);
  const requests = page.items.map((request) => requestSummary(request, ports.policy));
  return ok({ requests, ...more } satisfies RequestList);
}

const queryOf = (event: ApiEvent) => event.queryStringParameters ?? {};

const end =
  (verb: EndVerb): Operation =>
  async (ports, actor, event) => {
    const { note } = parseBody(EndBody, event);
    return okRequest(ports, await endGrant(ports, actor, idOf(event), verb, note));
  };

/** The lists of `GET /v1/requests`. */
const VIEWS: Readonly<
  Record<string, (ports: ApiPorts, actor: Actor, page: PageQuery) => Promise<Page<AccessRequest>>>
> = { mine: listOwn, "to-approve": listToApprove };

const OPERATIONS: Readonly<Record<RouteOperation, Operation>> = {
  whoAmI: async ({ policy }, { member }, event) =>
    ok(whoAmIAnswer(policy, member, event.requestContext.authorizer.iam.userArn)),
  listAccess: async (ports, actor) => {
    const { name: person, principals } = actor.member;
    const rules = listAccess(ports, actor).map((own) => accessRuleAnswer(own, ports.settings));
    return ok({ person, principals, rules } satisfies AccessAnswer);
  },
  createRequest: async (ports, actor, event) => {
    const ask = askOf(parseBody(requestBody(ports.settings), event));
    const key = idempotencyKeyOf(event);
    const created = await createRequest(ports, actor, ask, key);
    return { status: 201, body: requestAnswer(created, ports.policy) };
  },
  previewRequest: async (ports, actor, event) => {
    const ask = askOf(parseBody(requestBody(ports.settings), event));
    return ok(previewAnswer(ask, await previewRequest(ports, actor, ask)));
  },
  listRequests: async (ports, actor, event) => {
    const view = queryOf(event)["view"] ?? "mine";
    const read = Object.hasOwn(VIEWS, view) ? VIEWS[view] : undefined;
    if (read)
      return requestList(ports, actor, event, ["listRequests", view], (page) =>
        read(ports, actor, page),
      );
    throw new BrokerError(
      "invalid-request",
      "view must be mine or to-approve. Nothing was read; name one of them.",
    );
  },
  getRequest: async (ports, actor, event) =>
    okRequest(ports, await readRequest(ports, actor, idOf(event))),
  listRequestEvents: async (ports, actor, event) => {
    const events = await readHistory(ports, actor, idOf(event));
    return ok({ events } satisfies EventList);
  },
  decideRequest: async (ports, actor, event) => {
    const { verdict, digest, note } = parseBody(DecisionBody, event);
    const decision = { verdict, digest, ...(note === undefined ? {} : { note }) };
    return okRequest(ports, await decideRequest(ports, actor, idOf(event), decision));
  },
  cancelRequest: end("cancel"),
  returnGrant: end("return"),
  revokeGrant: end("revoke"),
  listGrants: (ports, actor, event) =>
    requestList(ports, actor, event, ["listGrants"], (page) => listGrants(ports, actor, page)),
  listAuditEvents: async (ports, actor, event) => {
    const query = queryOf(event);
    const [from, to] = [instantOf(query, "from"), instantOf(query, "to")];
    // Without its end, which moves on with the clock from page to page.
    const list = ["listAuditEvents", from];
    const { page, more } = await listPage(ports, actor, list, query, (asked) =>
      listAuditEvents(ports, actor, from, to, asked),
    );
    return ok({ events: page.items, to: page.to, ...more } satisfies AuditEventList);
  },
  getOpenApi: async () => ok(openApi),
};

/** https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/ */
function idempotencyKeyOf(event: ApiEvent): string | undefined {
  const key = event.headers["idempotency-key"];
  if (key !== undefined && !/^[\x21-\x7e]{1,128}$/.test(key))
    throw new BrokerError(
      "invalid-request",
      "Idempotency-Key must be 1 to 128 visible ASCII characters, without spaces. Nothing was stored; send another key, such as a UUID.",
    );
  return key;
}

/**
 * Unknown paths come through `$default`. A known path with another method gets the allowed ones.
 */
function operationOf(event: ApiEvent): RouteOperation {
  const route = ROUTES.find(({ method, path }) => event.routeKey === `${method} ${path}`);
  if (route) return route.operation;
  const allow = ROUTES.filter(({ path }) => patternOf(path).test(event.rawPath)).map(
    ({ method }) => method,
  );
  if (allow.length > 0)
    throw new BrokerError(
      "method-not-allowed",
      `This path only takes ${allow.join(", ")}. Nothing was done; call it with that method.`,
      { allow },
    );
  throw new BrokerError(
    "route-not-found",
    "There is no such path. Nothing was done; see GET /v1/openapi.json for the existing ones.",
  );
}

const patternOf = (path: string) => new RegExp(`^${path.replace(/\{[^}]+\}/g, "[^/]+")}$`);

const logger = new Logger({ serviceName: "api", jsonReplacerFn: visibleValue });

/** Logs a refusal: its code and the rules that refused, never what the caller sent. */
function report(error: unknown, problem: ProblemAnswer): void {
  const { status } = problem;
  if (status >= 500) {
    logger.error("unexpected", error as Error);
    return;
  }
  const { code, facts } = error as BrokerError;
  logger.warn("refused", { code, status, ...refusalsOf(facts) });
}

/** The handler on any ports, so that tests can pass their own. */
export function apiHandler(ports: ApiPorts) {
  return (
    middy<ApiEvent, APIGatewayProxyStructuredResultV2>()
      .use(injectLambdaContext(logger, { resetKeys: true }))
      // Added first, so its error handler runs last and sees the errors of all other middlewares.
      .use(problemDetails(report))
      .handler(async (event) => {
        logger.appendKeys({ gatewayRequestId: event.requestContext.requestId });
        const operation = operationOf(event);
        logger.appendKeys({ operation });
        const actor = callerOf(ports.policy, event);
        logger.appendKeys({ person: actor.member.name });
        checkQuery(event.queryStringParameters ?? {}, QUERY[operation] ?? []);
        const { status, body } = await OPERATIONS[operation](ports, actor, event);
        return {
          statusCode: status,
          headers: { "content-type": "application/json", "cache-control": "no-store" },
          body: JSON.stringify(body),
        };
      })
  );
}

const ports = apiPorts(frontConfig());

export const handler = wakingNotify(ports, apiHandler(ports));

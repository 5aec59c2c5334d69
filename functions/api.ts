/** The HTTP API: people and programs ask, decide and read. It cannot change a cluster. */
import { readFile } from "node:fs/promises";
import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { apiPorts } from "../shared/aws/composition-root.ts";
import { frontConfig } from "../shared/config.ts";
import type { Actor } from "../shared/domain/policy/actor.ts";
import type { AccessRequest } from "../shared/domain/requests/request.ts";
import { visibleValue } from "../shared/domain/values/visible-text.ts";
import type { AccessAnswer } from "../shared/http/contract/access-answer.ts";
import type { EventList, RequestAnswer, RequestList } from "../shared/http/contract/answers.ts";
import { askBody } from "../shared/http/contract/ask-body.ts";
import type { AskedAnswer } from "../shared/http/contract/asked-answer.ts";
import { decisionBody, decisionOf } from "../shared/http/contract/decision-body.ts";
import { escalationBody } from "../shared/http/contract/escalation-body.ts";
import { previewAnswer } from "../shared/http/contract/preview-answer.ts";
import {
  askOf,
  dryAskOf,
  extensionAskOf,
  extensionBody,
  previewBody,
  requestBody,
  reviewBody,
} from "../shared/http/contract/request-body.ts";
import { QUERY, type RouteOperation, type View } from "../shared/http/contract/routes.ts";
import { stoppedAnswer } from "../shared/http/contract/stopped-answer.ts";
import { whoAmIAnswer } from "../shared/http/contract/who-am-i.ts";
import { accessClusters, accessRuleAnswer } from "../shared/http/server/access-rule-answer.ts";
import { callerOf } from "../shared/http/server/caller.ts";
import { idempotencyKeyOf } from "../shared/http/server/idempotency-key.ts";
import { listPage } from "../shared/http/server/list-page.ts";
import { checkMachineMay, operationOf } from "../shared/http/server/operation.ts";
import { checkQuery, idPrefixOf, viewOf } from "../shared/http/server/page-query.ts";
import { parseBody } from "../shared/http/server/parse-body.ts";
import { requestIdOf } from "../shared/http/server/path-ids.ts";
import { problemDetails, reportTo } from "../shared/http/server/problem-details.ts";
import { requestAnswer, requestSummary } from "../shared/http/server/request-answer.ts";
import type { ApiPorts, FrontPorts } from "../shared/ports/function-ports.ts";
import type { Page, PageQuery } from "../shared/ports/request-store.ts";
import { delegatorsOf } from "../shared/usecases/delegations/held-delegations.ts";
import { reviewedActivity } from "../shared/usecases/evidence/read-activity.ts";
import { readOnCall } from "../shared/usecases/facts/read-on-call.ts";
import { wakingNotify } from "../shared/usecases/notices/waking-notify.ts";
import { closeReview } from "../shared/usecases/requests/close-review.ts";
import { createAsk } from "../shared/usecases/requests/create-ask.ts";
import { createRequest } from "../shared/usecases/requests/create-request.ts";
import { decideRequest } from "../shared/usecases/requests/decide-request.ts";
import { decisionBlocks } from "../shared/usecases/requests/decision-blocks.ts";
import { escalateRequest } from "../shared/usecases/requests/escalate-request.ts";
import { extendGrant } from "../shared/usecases/requests/extend-grant.ts";
import { listAccess } from "../shared/usecases/requests/list-access.ts";
import { previewRequest } from "../shared/usecases/requests/preview-request.ts";
import {
  listByPrefix,
  listOwn,
  listToApprove,
  listToReview,
  readHistory,
  readMissingNotices,
  readRequest,
} from "../shared/usecases/requests/read-requests.ts";
import { ticketView } from "../shared/usecases/requests/ticket-view.ts";
import { stopOf } from "../shared/usecases/stops/may-act.ts";
import { ACCESS_OPERATIONS } from "./operations/access-operations.ts";
import { CLUSTER_OPERATIONS } from "./operations/cluster-operations.ts";
import { DELEGATION_OPERATIONS } from "./operations/delegation-operations.ts";
import { EVIDENCE_OPERATIONS } from "./operations/evidence-operations.ts";
import { GRANT_OPERATIONS } from "./operations/grant-operations.ts";
import { type Answer, type ApiEvent, type Operation, ok, queryOf } from "./operations/operation.ts";
import { STOP_OPERATIONS } from "./operations/stop-operations.ts";

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

/** The lists of `GET /v1/requests`. */
const VIEWS: Readonly<
  Record<View, (ports: ApiPorts, actor: Actor, page: PageQuery) => Promise<Page<AccessRequest>>>
> = { mine: listOwn, "to-approve": listToApprove, "to-review": listToReview };

/** `docs/openapi.json`, as it was when the function was bundled. */
const DESCRIPTION = new URL("./openapi.json", import.meta.url);

const OPERATIONS: Readonly<Record<RouteOperation, Operation>> = {
  whoAmI: async (ports, { member }, event) => {
    const { userArn } = event.requestContext.authorizer.iam;
    const [stopped, delegators] = await Promise.all([
      ports.stops.latest(),
      delegatorsOf(ports, member),
    ]);
    return ok(whoAmIAnswer(ports.policy, member, userArn, stopped, delegators));
  },
  listAccess: async (ports, actor) => {
    const { name: person, principals } = actor.member;
    const now = ports.clock.now();
    const own = listAccess(ports, actor);
    const rules = own.map((each) => accessRuleAnswer(each, ports.settings, now));
    const onCall = await readOnCall(ports, actor, own, now);
    const stop = await stopOf(ports, actor.member);
    return ok({
      person,
      principals,
      clusters: await accessClusters(ports, rules),
      rules,
      ...(onCall.length > 0 ? { onCall } : {}),
      ...(stop ? { stopped: stoppedAnswer(stop) } : {}),
    } satisfies AccessAnswer);
  },
  createRequest: async (ports, actor, event) => {
    const ask = askOf(parseBody(requestBody(ports.settings), event));
    const key = idempotencyKeyOf(event);
    const created = await createRequest(ports, actor, ask, key);
    return { status: 201, body: requestAnswer(created, ports.policy) };
  },
  createAsk: async (ports, actor, event) => {
    const { requests: asks } = parseBody(askBody(ports.settings), event);
    const created = await createAsk(ports, actor, asks.map(askOf), idempotencyKeyOf(event));
    const requests = created.map((each) => requestAnswer(each, ports.policy));
    return { status: 201, body: { requests } satisfies AskedAnswer };
  },
  previewRequest: async (ports, actor, event) => {
    const ask = dryAskOf(parseBody(previewBody(ports.settings), event));
    const now = ports.clock.now();
    return ok(previewAnswer(ask, await previewRequest(ports, actor, ask), now));
  },
  listRequests: async (ports, actor, event) => {
    const prefix = idPrefixOf(queryOf(event));
    if (prefix !== undefined)
      return requestList(ports, actor, event, ["listRequests", "idPrefix", prefix], (page) =>
        listByPrefix(ports, actor, prefix, page),
      );
    const view = viewOf(queryOf(event));
    return requestList(ports, actor, event, ["listRequests", view], (page) =>
      VIEWS[view](ports, actor, page),
    );
  },
  getRequest: async (ports, actor, event) => {
    const id = requestIdOf(event);
    const request = await readRequest(ports, actor, id);
    const [undeliverable, blocks, ticketIs, activity] = await Promise.all([
      readMissingNotices(ports, actor, id),
      decisionBlocks(ports, actor, request),
      ticketView(ports, actor, request),
      reviewedActivity(ports, actor, request),
    ]);
    return ok({
      ...requestAnswer(request, ports.policy),
      ...(undeliverable.length === 0 ? {} : { undeliverable }),
      ...(blocks.length === 0 ? {} : { blocks }),
      ...(ticketIs ? { ticketIs } : {}),
      ...(activity === undefined ? {} : { activity }),
    } satisfies RequestAnswer);
  },
  listRequestEvents: async (ports, actor, event) => {
    const id = requestIdOf(event);
    const { page, more } = await listPage(
      ports,
      actor,
      ["listRequestEvents", id],
      queryOf(event),
      (asked) => readHistory(ports, actor, id, asked),
    );
    return ok({ events: page.items, ...more } satisfies EventList);
  },
  decideRequest: async (ports, actor, event) => {
    const decision = decisionOf(parseBody(decisionBody(ports.settings), event));
    return okRequest(ports, await decideRequest(ports, actor, requestIdOf(event), decision));
  },
  extendGrant: async (ports, actor, event) => {
    const ask = extensionAskOf(parseBody(extensionBody(ports.settings), event));
    const key = idempotencyKeyOf(event);
    const extension = await extendGrant(ports, actor, requestIdOf(event), ask, key);
    return { status: 201, body: requestAnswer(extension, ports.policy) };
  },
  escalateRequest: async (ports, actor, event) => {
    const { rule = null } = parseBody(escalationBody(), event);
    return okRequest(ports, await escalateRequest(ports, actor, requestIdOf(event), rule));
  },
  closeReview: async (ports, actor, event) => {
    const { note } = parseBody(reviewBody(), event);
    return okRequest(ports, await closeReview(ports, actor, requestIdOf(event), note));
  },
  ...GRANT_OPERATIONS,
  ...ACCESS_OPERATIONS,
  ...DELEGATION_OPERATIONS,
  ...EVIDENCE_OPERATIONS,
  ...CLUSTER_OPERATIONS,
  ...STOP_OPERATIONS,
  // Few ask for it, so it is a file beside the bundle, and costs the others no load.
  getOpenApi: async () => ok(JSON.parse(await readFile(DESCRIPTION, "utf8"))),
};

const logger = new Logger({ serviceName: "api", jsonReplacerFn: visibleValue });

/** The handler on any ports, so that tests can pass their own. */
export function apiHandler(ports: ApiPorts) {
  return (
    middy<ApiEvent, APIGatewayProxyStructuredResultV2>()
      .use(injectLambdaContext(logger, { resetKeys: true }))
      // Added first, so its error handler runs last and sees the errors of all other middlewares.
      .use(problemDetails(reportTo(logger)))
      .handler(async (event) => {
        logger.appendKeys({ gatewayRequestId: event.requestContext.requestId });
        const operation = operationOf(event);
        logger.appendKeys({ operation });
        const actor = callerOf(ports.policy, event);
        logger.appendKeys({ person: actor.member.name });
        checkMachineMay(actor, operation);
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

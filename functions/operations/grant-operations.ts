/** Answers of the API about grants: those that are open, and those of a cluster in an interval. */
import type { Actor } from "../../shared/domain/policy/actor.ts";
import type { GrantList } from "../../shared/http/contract/grant-answer.ts";
import type { GrantView, RouteOperation } from "../../shared/http/contract/routes.ts";
import { listPage } from "../../shared/http/server/list-page.ts";
import {
  clusterOfQuery,
  grantViewOf,
  instantOf,
  type Query,
} from "../../shared/http/server/page-query.ts";
import { requestSummary } from "../../shared/http/server/request-answer.ts";
import type { ApiPorts } from "../../shared/ports/function-ports.ts";
import { listLent } from "../../shared/usecases/clusters/list-lent.ts";
import { listGrants } from "../../shared/usecases/requests/read-requests.ts";
import { type Answer, type Operation, ok, queryOf } from "./operation.ts";

/** The lists of `GET /v1/grants`. */
const GRANTS: Readonly<
  Record<GrantView, (ports: ApiPorts, actor: Actor, query: Query) => Promise<Answer>>
> = {
  open: async (ports, actor, query) => {
    const { page, more } = await listPage(ports, actor, ["listGrants"], query, (asked) =>
      listGrants(ports, actor, asked),
    );
    const requests = page.items.map((grant) => requestSummary(grant, ports.policy));
    return ok({ requests, ...more } satisfies GrantList);
  },
  all: async (ports, actor, query) => {
    const cluster = clusterOfQuery(query);
    const [from, to] = [instantOf(query, "from"), instantOf(query, "to")];
    // Without its end, which moves on with the clock from page to page.
    const list = ["listGrants", "all", cluster, from];
    const { page, more } = await listPage(ports, actor, list, query, (asked) =>
      listLent(ports, actor, cluster, { from, to }, asked),
    );
    const requests = page.items.map((grant) => ({
      ...requestSummary(grant, ports.policy),
      approvedAt: grant.approvedAt,
      effectiveAt: grant.effectiveAt,
      approvedBy: grant.approvals.map(({ person }) => person),
    }));
    const { since, leftOut } = page;
    return ok({ requests, since, leftOut, ...more } satisfies GrantList);
  },
};

export const GRANT_OPERATIONS = {
  listGrants: (ports, actor, event) =>
    GRANTS[grantViewOf(queryOf(event))](ports, actor, queryOf(event)),
} satisfies Partial<Record<RouteOperation, Operation>>;

/** Operations on a person's access, and on early ends of requests and access. */
import type { Actor } from "../../shared/domain/policy/actor.ts";
import type { EndVerb } from "../../shared/domain/requests/audit-event.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { PersonAccessAnswer } from "../../shared/http/contract/person-access-answer.ts";
import type { PolicyAnswer } from "../../shared/http/contract/policy-answer.ts";
import { endBody } from "../../shared/http/contract/request-body.ts";
import type { RouteOperation } from "../../shared/http/contract/routes.ts";
import { parseBody } from "../../shared/http/server/parse-body.ts";
import { requestIdOf } from "../../shared/http/server/path-ids.ts";
import { personAccessAnswer } from "../../shared/http/server/person-access-answer.ts";
import { policyAnswer } from "../../shared/http/server/policy-answer.ts";
import { requestAnswer } from "../../shared/http/server/request-answer.ts";
import type { ApiPorts } from "../../shared/ports/function-ports.ts";
import { readPersonAccess } from "../../shared/usecases/access/read-person-access.ts";
import { readPolicy } from "../../shared/usecases/access/read-policy.ts";
import { endGrant } from "../../shared/usecases/requests/end-grant.ts";
import { type Operation, ok, queryOf } from "./operation.ts";

const end =
  (verb: EndVerb): Operation =>
  async (ports, actor, event) => {
    const { note } = parseBody(endBody(), event);
    const ended = await endGrant(ports, actor, requestIdOf(event), verb, note);
    const remaining =
      ended.state === "ending" ? await remainingAfter(ports, actor, ended) : undefined;
    const answer = requestAnswer(ended, ports.policy);
    return ok({ ...answer, ...(remaining ? { remaining } : {}) } satisfies RequestAnswer);
  };

/**
 * The requester's remaining access there. The end is stored by now, so a failed read must not look
 * like its failure.
 */
async function remainingAfter(
  ports: ApiPorts,
  actor: Actor,
  { requester, cluster }: AccessRequest,
): Promise<PersonAccessAnswer | undefined> {
  try {
    const access = await readPersonAccess(ports, actor, requester, cluster.name);
    return personAccessAnswer(access, ports.policy);
  } catch {
    return undefined;
  }
}

export const ACCESS_OPERATIONS = {
  cancelRequest: end("cancel"),
  returnGrant: end("return"),
  revokeGrant: end("revoke"),
  readPolicy: async (ports, actor) => {
    const policy = readPolicy(ports, actor);
    return ok(policyAnswer(policy, ports.settings, ports.clock.now()) satisfies PolicyAnswer);
  },
  readPersonAccess: async (ports, actor, event) => {
    const name = event.pathParameters?.["name"] ?? "";
    const access = await readPersonAccess(ports, actor, name, queryOf(event)["cluster"]);
    return ok(personAccessAnswer(access, ports.policy) satisfies PersonAccessAnswer);
  },
} satisfies Partial<Record<RouteOperation, Operation>>;

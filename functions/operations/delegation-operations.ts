/** Answers of the API about delegations. */
import {
  type DelegationAnswer,
  type DelegationList,
  delegationAnswer,
} from "../../shared/http/contract/delegation-answer.ts";
import { delegationAskOf, delegationBody } from "../../shared/http/contract/delegation-body.ts";
import type { RouteOperation } from "../../shared/http/contract/routes.ts";
import { idempotencyKeyOf } from "../../shared/http/server/idempotency-key.ts";
import { listPage } from "../../shared/http/server/list-page.ts";
import { parseBody } from "../../shared/http/server/parse-body.ts";
import { delegationIdOf } from "../../shared/http/server/path-ids.ts";
import { delegate } from "../../shared/usecases/delegations/delegate.ts";
import { endDelegation } from "../../shared/usecases/delegations/end-delegation.ts";
import { listDelegations } from "../../shared/usecases/delegations/list-delegations.ts";
import { type Operation, ok, queryOf } from "./operation.ts";

export const DELEGATION_OPERATIONS = {
  createDelegation: async (ports, actor, event) => {
    const ask = delegationAskOf(parseBody(delegationBody(), event));
    const made = await delegate(ports, actor, ask, idempotencyKeyOf(event));
    const answer: DelegationAnswer = delegationAnswer(ports.policy, made, ports.clock.now());
    return { status: 201, body: answer };
  },
  listDelegations: async (ports, actor, event) => {
    const list = ["listDelegations"];
    const { page, more } = await listPage(ports, actor, list, queryOf(event), (asked) =>
      listDelegations(ports, actor, asked),
    );
    const now = ports.clock.now();
    const delegations = page.items.map((one) => delegationAnswer(ports.policy, one, now));
    return ok({ delegations, ...more } satisfies DelegationList);
  },
  endDelegation: async (ports, actor, event) => {
    const ended = await endDelegation(ports, actor, delegationIdOf(event));
    return ok(delegationAnswer(ports.policy, ended, ports.clock.now()));
  },
} satisfies Partial<Record<RouteOperation, Operation>>;

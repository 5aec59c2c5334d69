import { noLongerDelegated } from "../../../domain/policy/delegation-refusals.ts";
import { behalfIn } from "../../../domain/requests/audit-event.ts";
import { delegationKey } from "../evidence/record-keys.ts";
import type { Write } from "../transact.ts";
import type { Change } from "./head-write.ts";

/**
 * Checks, for a decision on somebody's behalf, that nobody has ended the delegation. So of a
 * decision and an end at once, either the end is later, or the decision is not stored.
 */
export const delegationChecks = (table: string, { events }: Change): readonly Write[] =>
  events.flatMap((event): readonly Write[] => {
    const onBehalfOf = behalfIn(event);
    if (!onBehalfOf) return [];
    const check = {
      TableName: table,
      Key: delegationKey(onBehalfOf.delegation),
      ConditionExpression: "attribute_exists(pk)",
    };
    return [
      { item: { ConditionCheck: check }, refused: () => noLongerDelegated(onBehalfOf.person) },
    ];
  });

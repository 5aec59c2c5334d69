/** Approvals on somebody's behalf that must not count, as an intruder would forge them. */
import type { AccessRequest, Approval } from "../../../shared/domain/requests/request.ts";
import type { MemoryTables } from "../../fakes/memory-tables.ts";

interface Faulty {
  readonly victim: AccessRequest;
  /** The fault of the approvals. */
  readonly kind: "no-delegation" | "over" | "own" | "two-places";
  readonly approvals: readonly Approval[];
}

/** Every fault that the delegations of the tables allow for any of the victims. @param now ISO 8601 UTC */
export function faultyApprovals(
  victims: readonly AccessRequest[],
  { delegations }: Pick<MemoryTables, "delegations">,
  now: string,
): readonly Faulty[] {
  const made = [...delegations].flatMap(([id, [first, end]]) =>
    first?.type === "delegate" ? [{ id, by: first.actor, ...first.details, end }] : [],
  );
  // By the instant that the end has in the table: the clock of the person who ended it may be
  // ahead.
  const closed = made.filter(({ until, end }) => until <= now || (end && end.at <= now));
  const open = made.filter(({ from, until, end }) => from <= now && now < until && !end);
  const by = (person: string, onBehalfOf?: Approval["onBehalfOf"]): Approval => ({
    person,
    surface: "api",
    at: now,
    proof: { callerId: "forged" },
    ...(onBehalfOf ? { onBehalfOf } : {}),
  });
  const under = (each: (typeof made)[number]): Approval =>
    by(each.to, { person: each.by, delegation: each.id });
  return victims.flatMap((victim): readonly Faulty[] => {
    const { requester, rule } = victim;
    if (rule === "edit")
      return [
        {
          victim,
          kind: "no-delegation",
          approvals: [by("mia", { person: "cat", delegation: "none" })],
        },
        ...closed.map((each): Faulty => ({ victim, kind: "over", approvals: [under(each)] })),
        ...open
          .filter((each) => each.by === requester || each.to === requester)
          .map((each): Faulty => ({ victim, kind: "own", approvals: [under(each)] })),
      ];
    // Dan could fill either of the two places of whole-cluster, and his delegate with him only one.
    return open
      .filter((each) => each.by === "dan" && each.to !== requester)
      .map((each): Faulty => ({ victim, kind: "two-places", approvals: [under(each), by("dan")] }));
  });
}

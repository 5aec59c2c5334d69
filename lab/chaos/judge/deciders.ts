import type { AuditEvent } from "../../../shared/domain/requests/audit-event.ts";
import type { Judgement, Seen, SeenRequest, Violation } from "./seen.ts";

/** By rule: in whose place each approval has to be. */
const PLACES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "payments-edit": [["bob"]],
  "payments-admin": [["bob"], ["carol"]],
  "staging-rbac-admins": [["bob", "carol"]],
  "view-overseas": [["bob"]],
};
/** Only bob lets somebody decide for him. */
const DELEGATES: Readonly<Record<string, readonly string[]>> = { bob: ["carol"] };
const ADMINS = ["carol", "heidi"];

const mayDecide = (rule: string): ReadonlySet<string> => {
  const people = (PLACES[rule] ?? []).flat();
  return new Set([...people, ...people.flatMap((one) => DELEGATES[one] ?? [])]);
};

/** People who may take a step: an approver, an administrator, or the requester. */
const MAY: Readonly<Record<string, (one: SeenRequest) => ReadonlySet<string>>> = {
  approve: ({ request }) => mayDecide(request.rule),
  deny: ({ request }) => mayDecide(request.rule),
  revoke: ({ request }) => new Set([...mayDecide(request.rule), ...ADMINS]),
  return: ({ request }) => new Set([request.requester]),
  escalate: ({ request }) => new Set([request.requester]),
};

const isOfPolicy = ({ actor }: AuditEvent) => actor.startsWith("policy:");

function wrongSteps(one: SeenRequest): readonly string[] {
  const steps = one.events.filter((event) => event.type in MAY && !isOfPolicy(event));
  const strangers = steps.filter(({ type, actor }) => !MAY[type]?.(one).has(actor));
  const twice = steps.filter(({ type, actor }, index) =>
    steps.slice(0, index).some((before) => before.type === type && before.actor === actor),
  );
  return [
    ...strangers.map(({ type, actor }) => `${actor} may not ${type} it, and did.`),
    ...twice.map(({ type, actor }) => `Its ${type} by ${actor} is there twice.`),
  ];
}

/** Whether it was approved without everybody whose approval its rule wants. */
function lacking({ request, events }: SeenRequest): readonly string[] {
  const places = request.breakGlass ? [] : (PLACES[request.rule] ?? []);
  const given = events.filter((event) => event.type === "approve" && !isOfPolicy(event));
  if (request.approvedAt === null || given.length >= places.length) return [];
  return [`It was approved by ${given.length} people, and its rule wants ${places.length}.`];
}

const judge = ({ requests, settledAt }: Seen): readonly Violation[] =>
  requests.flatMap((one) =>
    [...wrongSteps(one), ...lacking(one)].map((detail) => ({
      at: settledAt,
      request: one.request.id,
      detail,
      isFinal: true as const,
    })),
  );

export const DECIDERS: Judgement = {
  sentence: "Every step is of somebody who may take it, once.",
  judge,
};

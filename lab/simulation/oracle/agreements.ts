/** Knows who agreed to which terms. It shares no decision with the broker. */
import type { AuditEvent } from "../../../shared/domain/requests/audit-event.ts";
import { startOf } from "../../../shared/domain/requests/grant-time.ts";
import type { Step } from "../../../shared/domain/requests/lifecycle.ts";
import type { AccessRequest, LessenedTerms } from "../../../shared/domain/requests/request.ts";
import { type Facts, millisOf } from "./facts.ts";

export class Agreements {
  readonly #facts: Facts;
  /** By request and person, all terms that they were ready to approve. */
  readonly #byPerson = new Map<string, LessenedTerms[]>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** An approver is about to approve these terms, whether or not they may. */
  agreed(id: string, person: string, terms: LessenedTerms): void {
    const key = keyOf(id, person);
    this.#byPerson.set(key, [...(this.#byPerson.get(key) ?? []), terms]);
  }

  /** A step of a request was stored: what it gives must be in what each of them agreed to. */
  stored({ request, event }: Step): void {
    const { id, approvals, requester } = request;
    if (this.#facts.forged.has(id)) return;
    this.#checkExtension(request, event);
    const asked = this.#facts.options.tables.events.find(
      (event) => event.requestId === id && event.type === "request",
    );
    const agreements = [
      { person: requester, terms: termsIn(asked) },
      ...approvals.map(({ person }) => ({
        person,
        terms: this.#byPerson.get(keyOf(id, person)) ?? [],
      })),
    ];
    for (const { person, terms } of agreements)
      if (
        !terms.some(
          (each) =>
            isWithin(request, each) &&
            (!setsEnd(event) || endsWithin(request, each, untilIn(asked))),
        )
      )
        this.#facts.broken("terms-agreed", `${id} gives more than ${person} agreed to.`);
  }

  /** An approver that cut the time of a grant agreed to no extension without an approval. */
  #checkExtension(
    { id, extends: first, approvals }: AccessRequest,
    { type, to }: AuditEvent,
  ): void {
    const { isForged, options } = this.#facts;
    if (type !== "approve" || to !== "approved" || approvals.length > 0 || isForged) return;
    const { requests, events } = options.tables;
    for (let before = first; before !== undefined; before = requests.get(before)?.extends)
      if (events.some((event) => event.requestId === before && cutsTime(event)))
        this.#facts.broken("terms-agreed", `${id} extends ${before}, whose time an approver cut.`);
  }
}

/** Whether an event is an approval for less time. */
const cutsTime = (event: AuditEvent): boolean =>
  event.type === "approve" &&
  "less" in event.details &&
  event.details.less !== undefined &&
  event.details.less.durationSeconds < event.details.less.insteadOf.durationSeconds;

const keyOf = (id: string, person: string) => `${id} ${person}`;

const termsIn = (event: AuditEvent | undefined): readonly LessenedTerms[] =>
  event?.type === "request" ? [event.details] : [];

/** When an extension ends, as its requester asked and its approvers were shown. */
const untilIn = (event: AuditEvent | undefined): string | undefined =>
  event?.type === "request" ? event.details.until : undefined;

/** Whether the step sets the end of a grant. Later ones repeat what an intruder may have changed. */
const setsEnd = ({ type }: AuditEvent) => type === "approve";

const isWithin = (request: AccessRequest, agreed: LessenedTerms): boolean =>
  request.durationSeconds <= agreed.durationSeconds &&
  partsOf(request).every((part) => partsOf(agreed).some((other) => matches(other, part)));

/** @param until of an extension: it continues other access, so its end follows from that */
function endsWithin(
  request: AccessRequest,
  { durationSeconds }: LessenedTerms,
  until: string | undefined,
): boolean {
  const start = startOf(request);
  const { expiresAt } = request;
  if (until !== undefined) return expiresAt === null || expiresAt <= until;
  return (
    start === null ||
    expiresAt === null ||
    millisOf(expiresAt) - millisOf(start) <= durationSeconds * 1_000
  );
}

/** The parts of an access, one text for each. */
function partsOf({ access }: LessenedTerms): readonly string[] {
  if ("groups" in access) return access.groups.map((group) => `group ${group}`);
  const { policy, scope } = access;
  return scope.type === "cluster"
    ? [`${policy} on the whole cluster`]
    : scope.namespaces.map((name) => `${policy} in ${name}`);
}

/** Whether a part is another one, or in a namespace that its pattern covers. */
const matches = (pattern: string, part: string): boolean =>
  new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(part);

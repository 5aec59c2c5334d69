/** The changes that steps of a binding's requests make to its head: one update in a transaction. */
import { bindingKey } from "../../../domain/entries/binding.ts";
import { grantBytes } from "../../../domain/entries/bounds.ts";
import { countChange, hasRoom, tooManyGrants } from "../../../domain/policy/capacity.ts";
import { roomBeside, tooMuchOnOneEntry } from "../../../domain/policy/entry-room.ts";
import type { AuditEvent } from "../../../domain/requests/audit-event.ts";
import { ACCESS_MAY_EXIST, isFinal, type Step } from "../../../domain/requests/lifecycle.ts";
import type { AccessRequest, State } from "../../../domain/requests/request.ts";
import type { Capacity } from "../../../ports/request-store.ts";
import { dueIndex, headCounts, headGrant, headKey, removalIndex, SCHEMA } from "../keys.ts";
import type { Refusal, Write } from "../transact.ts";
import { RESERVED } from "./binding-view.ts";

/** One or more steps of one request that are stored, and become visible, together. */
export interface Change {
  readonly from: State | null;
  readonly request: AccessRequest;
  readonly events: readonly AuditEvent[];
}

/** Combines steps of one request that are stored at once: the last state, and all events. */
export function together(steps: readonly Step[]): Change {
  const [first] = steps;
  const last = steps.at(-1);
  if (!first || !last) throw new Error("A change of a request has at least one step.");
  return {
    from: first.from,
    request: last.request,
    events: steps.map(({ event }) => event),
  };
}

/** Whether the request may give access, or may have given it. */
export const concernsBinding = ({ from, request }: Change): boolean =>
  [from, request.state].some((state) => state !== null && ACCESS_MAY_EXIST.has(state));

export const bindingOf = ({ cluster, principalArn }: AccessRequest) =>
  bindingKey(cluster.arn, principalArn);

/**
 * The update of the binding's head, which becomes due at once. None if the changes cannot give
 * access. The write is refused if the changes approve what the entry has no room for, or what exceeds
 * `capacity`. Changes that approve are of one person.
 */
export function headWrite(
  table: string,
  changes: readonly Change[],
  capacity?: Capacity,
): readonly Write[] {
  const concerned = changes.filter(concernsBinding);
  const [first] = concerned;
  if (!first) return [];
  const { SET, REMOVE, ADD } = updateOf(concerned);
  const names = new Names();
  const limit = limitOf(concerned.filter(isApproval), capacity, names);
  return [
    {
      item: {
        Update: {
          TableName: table,
          Key: headKey(bindingOf(first.request)),
          UpdateExpression: [
            clause("SET", SET, (name, value) => `${names.name(name)} = ${names.value(value)}`),
            clause("REMOVE", REMOVE, (name) => names.name(name)),
            clause("ADD", ADD, (name, value) => `${names.name(name)} ${names.value(value)}`),
          ]
            .filter((text) => text !== "")
            .join(" "),
          ...limit?.condition,
          ...names.all,
        },
      },
      ...(limit ? { refused: limit.refused } : {}),
    },
  ];
}

type Assignments = Readonly<Record<string, unknown>>;

/** New values of the head's attributes, by clause of the update expression. */
function updateOf(
  changes: readonly Change[],
): Readonly<Record<"SET" | "REMOVE" | "ADD", Assignments>> {
  const requests = changes.map(({ request }) => request);
  const [latest] = requests.toSorted((a, b) => (a.updatedAt > b.updatedAt ? -1 : 1));
  if (!latest) throw new Error("A head changes with at least one request.");
  const binding = bindingOf(latest);
  const became = (state: State) =>
    changes.some(({ from, request }) => request.state === state && from !== state);
  const [final, open] = [
    requests.filter(({ state }) => isFinal(state)),
    requests.filter(({ state }) => !isFinal(state)),
  ];
  return {
    SET: {
      schema: SCHEMA,
      attempts: 0,
      clusterArn: latest.cluster.arn,
      principalArn: latest.principalArn,
      ...dueIndex(binding, latest.updatedAt),
      ...(became("approved") ? { dueFor: "addition" } : {}),
      ...(became("ending") ? removalIndex(binding, latest.updatedAt) : {}),
      ...Object.fromEntries(open.map(({ id, version }) => [headGrant(id), version])),
    },
    REMOVE: Object.fromEntries(final.map(({ id }) => [headGrant(id), null])),
    ADD: { version: changes.length, ...countsOf(changes), ...reservedBy(changes) },
  };
}

const isApproval = ({ from, request }: Change): boolean =>
  from !== "approved" && request.state === "approved";

/**
 * The bytes that approvals reserve in the ledger. Ends free nothing here: converge counts again
 * when it parks.
 */
function reservedBy(changes: readonly Change[]): Readonly<Record<string, number>> {
  const more = changes
    .filter(isApproval)
    .reduce((sum, { request }) => sum + grantBytes(request), 0);
  return more === 0 ? {} : { [RESERVED]: more };
}

/** By attribute of the head: how these changes change each person's counts. */
function countsOf(changes: readonly Change[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const { from, request, events } of changes) {
    const names = headCounts(request.requester);
    const handsOn = events.some(({ type }) => type === "extend");
    const change = countChange({ from, request, handsOn });
    for (const kind of ["open", "ending"] as const)
      if (change[kind] !== 0) sums.set(names[kind], (sums.get(names[kind]) ?? 0) + change[kind]);
  }
  return Object.fromEntries(sums);
}

/** The condition that the approvals fit, and the error if they do not. */
function limitOf(approvals: readonly Change[], most: Capacity | undefined, names: Names) {
  const [request, ...others] = approvals.map((change) => change.request);
  if (!request) return undefined;
  const more = approvals.length;
  const { open, ending } = headCounts(request.requester);
  const below = (attribute: string, value: number) => {
    const name = names.name(attribute);
    // Absent is 0, which is more than what several may find at most.
    const absent = value < 0 ? "" : `attribute_not_exists(${name}) OR `;
    return `(${absent}${name} <= ${names.value(value)})`;
  };
  const refused: Refusal = ({ Item }, cause) => {
    const has = (attribute: string) => Number(Item?.[attribute]?.N ?? 0);
    const counts = { open: has(open), ending: has(ending) };
    return most && !hasRoom(counts, most, more)
      ? tooManyGrants(request, counts, most, { cause }, more)
      : tooMuchOnOneEntry(request, has(RESERVED), [], { cause }, others);
  };
  return {
    condition: {
      ConditionExpression: [
        ...(most ? [below(open, most.open - more), below(ending, most.ending)] : []),
        below(RESERVED, roomBeside(request, ...others)),
      ].join(" AND "),
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    } as const,
    refused,
  };
}

const clause = (
  verb: string,
  assignments: Assignments,
  text: (name: string, value: unknown) => string,
): string => {
  const parts = Object.entries(assignments).map(([name, value]) => text(name, value));
  return parts.length === 0 ? "" : `${verb} ${parts.join(", ")}`;
};

/** Placeholders for an expression, because names of attributes contain ids and people. */
class Names {
  readonly #names = new Map<string, string>();
  readonly #values: unknown[] = [];

  name(attribute: string): string {
    const known = this.#names.get(attribute) ?? `#n${this.#names.size}`;
    this.#names.set(attribute, known);
    return known;
  }

  value(value: unknown): string {
    this.#values.push(value);
    return `:v${this.#values.length - 1}`;
  }

  get all() {
    return {
      ExpressionAttributeNames: Object.fromEntries(
        [...this.#names].map(([attribute, name]) => [name, attribute]),
      ),
      ExpressionAttributeValues: Object.fromEntries(
        this.#values.map((value, at) => [`:v${at}`, value]),
      ),
    };
  }
}

import type { TrailEffect } from "./cloudtrail/trail-effects.ts";
import { AwsError } from "./service.ts";

/** A fault as the table over HTTP takes it: what happens to a call that it strikes. */
export type Fault =
  | { readonly kind: "throttle" | "refuse" | "drop" | "conflict" | "partial" }
  | { readonly kind: "delay" | "late" | "stale" | "overlap"; readonly milliseconds: number }
  | TrailFault;

/** A fault of CloudTrail's record of a call. */
type TrailFault = { readonly kind: "trail" } & TrailEffect;

/**
 * The faults that strike when a call arrives. `overlap` strikes when a message is given out, and
 * `trail` when a call is recorded.
 */
export type CallFault = Exclude<Fault, { readonly kind: "overlap" | "trail" }>;

/** In place of names: any operation of the service. */
const EVERY_OPERATION = "*";

interface Kind {
  readonly takesMilliseconds: boolean;
  /** By service: the operations that it applies to. Absent: every call. */
  readonly only?: Readonly<Record<string, readonly string[]>>;
}

/**
 * `throttle` and `refuse` answer an error and apply nothing. `delay` answers later. `drop` applies
 * the call and then cuts the connection. `late` cuts it at once and applies the call afterwards.
 * `stale` serves and judges the call on a state of that age. `overlap` gives a received message out
 * again, this time after its receive. `conflict` answers as for an item of a running transaction.
 * `partial` takes only the first event of a call. `trail` changes how CloudTrail delivers the
 * call's record.
 */
const KINDS: Readonly<Record<Fault["kind"], Kind>> = {
  throttle: { takesMilliseconds: false },
  refuse: { takesMilliseconds: false },
  delay: { takesMilliseconds: true },
  drop: { takesMilliseconds: false },
  late: { takesMilliseconds: true },
  stale: {
    takesMilliseconds: true,
    only: {
      eks: [
        "AssociateAccessPolicy",
        "CreateAccessEntry",
        "DeleteAccessEntry",
        "DescribeAccessEntry",
        "DescribeCluster",
        "DisassociateAccessPolicy",
        "ListAccessEntries",
        "ListAssociatedAccessPolicies",
        "UpdateAccessEntry",
      ],
      iam: ["GetRole"],
    },
  },
  overlap: { takesMilliseconds: true, only: { sqs: ["ReceiveMessage"] } },
  conflict: {
    takesMilliseconds: false,
    only: { dynamodb: ["DeleteItem", "PutItem", "TransactWriteItems", "UpdateItem"] },
  },
  partial: { takesMilliseconds: false, only: { events: ["PutEvents"] } },
  trail: {
    takesMilliseconds: false,
    only: { eks: [EVERY_OPERATION], sts: ["AssumeRole"] },
  },
};

/** An hour: the longest past that is kept, and far below the longest delay of a timer. */
export const LONGEST_MILLISECONDS = 3_600_000;

/** Whether a kind means anything for this call. */
export function appliesTo(
  { kind }: Fault,
  { service, operation }: { readonly service: string; readonly operation: string },
): boolean {
  const { only } = KINDS[kind];
  const operations = only?.[service] ?? [];
  return only === undefined || [operation, EVERY_OPERATION].some((one) => operations.includes(one));
}

/**
 * The fault that a rule's body asks for.
 * @throws AwsError ValidationException for an unknown kind, missing or needless milliseconds, or an
 * unfit service or operation
 */
export function parseFault(body: Readonly<Record<string, unknown>>): Fault {
  const { kind } = body;
  if (typeof kind !== "string" || !isKind(kind))
    throw invalidFault(`kind is one of ${Object.keys(KINDS).join(", ")}.`);
  refuseStrangers(kind, body);
  if (kind === "trail") return parseTrailFault(body);
  if (body["effect"] !== undefined) throw invalidFault(`A fault of kind ${kind} takes no effect.`);
  const milliseconds = wholeNumber(body, "milliseconds", LONGEST_MILLISECONDS);
  if (takesMilliseconds(kind)) {
    if (milliseconds === undefined)
      throw invalidFault(`A fault of kind ${kind} needs milliseconds.`);
    return { kind, milliseconds };
  }
  if (milliseconds !== undefined)
    throw invalidFault(`A fault of kind ${kind} takes no milliseconds.`);
  return { kind };
}

/** The effects of the fault `trail`; only `delay` takes a time. */
export const TRAIL_EFFECTS = [
  "delay",
  "duplicate",
  "lose",
  "lose-event",
  "reorder",
  "correct",
] as const satisfies readonly TrailEffect["effect"][];

function parseTrailFault(body: Readonly<Record<string, unknown>>): TrailFault {
  const effect = TRAIL_EFFECTS.find((each) => each === body["effect"]);
  if (effect === undefined) throw invalidFault(`effect is one of ${TRAIL_EFFECTS.join(", ")}.`);
  const milliseconds = wholeNumber(body, "milliseconds", LONGEST_MILLISECONDS);
  if (effect !== "delay") {
    if (milliseconds !== undefined)
      throw invalidFault(`The effect ${effect} takes no milliseconds.`);
    return { kind: "trail", effect };
  }
  if (milliseconds === undefined) throw invalidFault("The effect delay needs milliseconds.");
  return { kind: "trail", effect, milliseconds };
}

type TimedKind = Exclude<Extract<Fault, { readonly milliseconds: number }>["kind"], "trail">;

const takesMilliseconds = (kind: Fault["kind"]): kind is TimedKind => KINDS[kind].takesMilliseconds;

/** Every kind of fault. */
export const FAULT_KINDS: readonly string[] = Object.keys(KINDS);

const isKind = (kind: string): kind is Fault["kind"] => Object.hasOwn(KINDS, kind);

function refuseStrangers(kind: Fault["kind"], body: Readonly<Record<string, unknown>>): void {
  const { only } = KINDS[kind];
  const { service, operation } = body;
  if (only === undefined) return;
  const services = Object.keys(only);
  if (service !== undefined && !services.includes(String(service)))
    throw invalidFault(`A fault of kind ${kind} is for ${services.join(", ")}, not ${service}.`);
  const operations = (service === undefined ? services : [String(service)]).flatMap(
    (name) => only[name] ?? [],
  );
  if (operation === undefined || operations.includes(EVERY_OPERATION)) return;
  if (!operations.includes(String(operation)))
    throw invalidFault(
      `A fault of kind ${kind} is for ${operations.join(", ")}, not ${operation}.`,
    );
}

/** A whole number above zero; undefined if absent. @throws AwsError ValidationException */
export function wholeNumber(
  body: Readonly<Record<string, unknown>>,
  name: string,
  most = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1)
    throw invalidFault(`${name} is a whole number above zero.`);
  if (value > most) throw invalidFault(`${name} is at most ${most}.`);
  return value;
}

export function invalidFault(message: string): AwsError {
  return new AwsError("ValidationException", 400, `${message} No fault was added.`);
}

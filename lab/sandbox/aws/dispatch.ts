import { randomUUID } from "node:crypto";
import { accessDenied, demand } from "./authorize.ts";
import type { ForwardedService } from "./forwarded-service.ts";
import type { IamState } from "./iam/state.ts";
import { wireOf } from "./protocols.ts";
import { reportDefect } from "./report-defect.ts";
import {
  AwsError,
  type Caller,
  type PermissionCheck,
  type Service,
  type Strain,
} from "./service.ts";
import type { SignedRequest } from "./signed-request.ts";
import type { Store } from "./store.ts";
import type { Answer, Decoded } from "./wire.ts";

/** A finished call, answered or refused: what CloudTrail's record is made of. */
export interface CallRecord {
  readonly service: string;
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly caller: Caller;
  /** The HTTP status that was or would have been answered. */
  readonly status: number;
  /** Absent for success, and for an error that DynamoDB's engine answered: that only passes. */
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly requestId: string;
  /** The model's output; undefined for a refusal, and for DynamoDB, whose answers only pass. */
  readonly output?: unknown;
  readonly at: Date;
  readonly region: string;
  readonly userAgent: string;
  readonly sourceIp: string;
}

/** The parts of the sandbox that every call needs. */
export interface Surroundings {
  readonly iam: Store<IamState>;
  readonly region: string;
  readonly onCall?: (record: CallRecord) => void;
  readonly now?: () => Date;
}

/** The origin of a call. */
export interface Origin {
  readonly caller: Caller;
  readonly userAgent: string;
  readonly sourceIp: string;
}

/** The outcome of a call. `error` is set exactly if the answer is a refusal of ours. */
export interface Outcome {
  readonly requestId: string;
  readonly answer: Answer;
  readonly output?: unknown;
  readonly error?: AwsError;
}

/**
 * Carries out one call of an emulated service as its caller: asks IAM, runs and records it. The
 * port uses it for requests. EventBridge Scheduler uses it for calls under a role that it assumed.
 * @param strain what a fault asks of the operation itself
 */
export async function callService(
  around: Surroundings,
  service: Service,
  { operation, input }: Decoded,
  origin: Origin,
  strain: Strain = {},
): Promise<Outcome> {
  const wire = wireOf(service.protocol);
  const known = await provenOrigin(around, service, { operation, input }, origin);
  return finished(around, service, { operation, input }, known, async (requestId, now) => {
    if (known.refusal) throw known.refusal;
    const found = Object.hasOwn(service.operations, operation)
      ? service.operations[operation]
      : undefined;
    if (!found) throw notEmulated(service, operation);
    const { caller } = known;
    await demand(around.iam.state, found.permissions(input, caller), {
      caller,
      kind: service.protocol.kind,
      now,
    });
    const output = await found.run({ operation, input, caller, requestId, now, ...strain });
    return { answer: wire.answer(operation, output, requestId), output };
  });
}

/** The origin of a call that nobody signed, with the caller that its input proves, or why it proves nobody. */
async function provenOrigin(
  { now = () => new Date() }: Surroundings,
  { unsigned }: Service,
  { operation, input }: Decoded,
  origin: Origin,
): Promise<Origin & { readonly refusal?: unknown }> {
  const proof = origin.caller.arn === "" ? unsigned?.[operation] : undefined;
  if (!proof) return origin;
  try {
    return { ...origin, caller: await proof.known(input, now()) };
  } catch (refusal) {
    return { ...origin, refusal };
  }
}

/** The same for a service with a real engine behind it: the request's bytes go on as they came. */
export function callForwarded(
  around: Surroundings,
  service: ForwardedService,
  { operation, input }: Decoded,
  origin: Origin,
  request: SignedRequest,
): Promise<Outcome> {
  return finished(around, service, { operation, input }, origin, async (requestId, now) => {
    if (!service.operations.has(operation)) throw notEmulated(service, operation);
    const { caller } = origin;
    await demand(around.iam.state, await service.permissions(operation, input, caller), {
      caller,
      kind: service.protocol.kind,
      now,
    });
    return { answer: await service.forward({ operation, input }, request, requestId) };
  });
}

/** A call that a fault refuses: nothing is asked and nothing applied, but it is recorded. */
export function callRefused(
  around: Surroundings,
  service: Service | ForwardedService,
  decoded: Decoded,
  origin: Origin,
  kind: Refusal,
): Promise<Outcome> {
  return finished(around, service, decoded, origin, () => {
    throw REFUSALS[kind](service, decoded, origin.caller);
  });
}

/** The faults that answer an error. */
export type Refusal = "throttle" | "refuse" | "conflict";

type Refuse = (service: Service | ForwardedService, decoded: Decoded, caller: Caller) => AwsError;

const REFUSALS: Readonly<Record<Refusal, Refuse>> = {
  throttle: throttled,
  refuse: (service, { operation }, caller) => denied(service, operation, caller),
  conflict: (service, decoded) =>
    ("conflict" in service ? service.conflict?.(decoded) : undefined) ??
    notEmulated(service, decoded.operation),
};

async function finished(
  around: Surroundings,
  service: Service | ForwardedService,
  { operation, input }: Decoded,
  origin: Origin,
  work: (requestId: string, now: Date) => Promise<{ answer: Answer; output?: unknown }>,
): Promise<Outcome> {
  const requestId = randomUUID();
  const at = (around.now ?? (() => new Date()))();
  let outcome: Outcome;
  try {
    outcome = { requestId, ...(await work(requestId, at)) };
  } catch (thrown) {
    const error = awsError(thrown, `${service.name}:${operation}`);
    outcome = { requestId, error, answer: wireOf(service.protocol).refuse(error, requestId) };
  }
  const { answer, output, error } = outcome;
  // A token is its holder's. Neither CloudTrail nor a log keeps it.
  const { WebIdentityToken: _, ...recorded } = input;
  around.onCall?.({
    service: service.name,
    operation,
    input: recorded,
    caller: origin.caller,
    status: answer.status,
    requestId,
    at,
    region: around.region,
    userAgent: origin.userAgent,
    sourceIp: origin.sourceIp,
    ...(output === undefined ? {} : { output }),
    ...(error === undefined ? {} : { errorCode: error.code, errorMessage: error.message }),
  });
  return outcome;
}

/** An AwsError as it is. Anything else is a defect of the sandbox: stderr gets it, the caller a 500. */
export function awsError(thrown: unknown, what: string): AwsError {
  if (thrown instanceof AwsError) return thrown;
  reportDefect(what, thrown);
  return new AwsError(
    "InternalFailure",
    500,
    "The request processing has failed because of an unknown error, exception or failure.",
  );
}

function notEmulated(service: Service | ForwardedService, operation: string): AwsError {
  const [code, status] = wireOf(service.protocol).unknownOperation;
  return new AwsError(code, status, `${service.name}:${operation} is not emulated by the sandbox.`);
}

function throttled(service: Service | ForwardedService): AwsError {
  const own = "throttled" in service ? service.throttled : undefined;
  if (own) return new AwsError(...own);
  if (service.protocol.kind === "s3")
    return new AwsError("SlowDown", 503, "Please reduce your request rate.");
  return service.protocol.kind === "query"
    ? new AwsError("Throttling", 400, "Rate exceeded")
    : new AwsError(
        "ThrottlingException",
        service.protocol.kind === "json" ? 400 : 429,
        "Rate exceeded",
      );
}

function denied(service: Service | ForwardedService, operation: string, caller: Caller): AwsError {
  const check: PermissionCheck = { action: `${service.name}:${operation}`, resource: "*" };
  return accessDenied(caller, check, "ImplicitlyDenied", service.protocol.kind);
}

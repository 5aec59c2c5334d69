import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { AuthenticationRefusal, refusalError } from "./authentication-refusal.ts";
import { readBody } from "./body-bytes.ts";
import {
  awsError,
  type CallRecord,
  callForwarded,
  callRefused,
  callService,
  type Origin,
  type Outcome,
  type Surroundings,
} from "./dispatch.ts";
import type { CallFault } from "./fault-kinds.ts";
import { resourceOf } from "./fault-resource.ts";
import type { FaultableCall } from "./faults.ts";
import type { ForwardedService } from "./forwarded-service.ts";
import type { IamState } from "./iam/state.ts";
import { authenticate } from "./identities.ts";
import { guessedProtocol, wireOf } from "./protocols.ts";
import { type CredentialScope, readSignature } from "./read-signature.ts";
import { AwsError, type Protocol, type Service, type Strain } from "./service.ts";
import { headerOf, type SignedRequest, signedRequest } from "./signed-request.ts";
import type { Store } from "./store.ts";
import { unsignedCall } from "./unsigned-call.ts";
import type { Answer, Decoded } from "./wire.ts";

type AnyService = Service | ForwardedService;

export interface AwsPortOptions {
  readonly services: readonly AnyService[];
  readonly iam: Store<IamState>;
  /** The region of `services`. */
  readonly region: string;
  /** The services of other regions, by region. */
  readonly elsewhere?: Readonly<Record<string, readonly AnyService[]>>;
  /** Called with each call that named an operation, once it is finished. */
  readonly onCall?: (record: CallRecord) => void;
  /** Asked before each call whether a fault strikes it; `faultTable().take`. */
  readonly faults?: (call: FaultableCall) => CallFault | undefined;
  /** Whether a region is down: a call that is signed for it gets no answer, and nothing is done. IAM is in no region. */
  readonly isDown?: (region: string) => boolean;
  /**
   * The sandbox's own unsigned paths, by path: `{ "/_sandbox/faults": faultTable().serve }`. A
   * request with an `Origin` header is refused, so that no web page can reach them.
   */
  readonly unsigned?: Readonly<
    Record<string, (method: string, body: Buffer) => Answer | Promise<Answer>>
  >;
  readonly now?: () => Date;
  /** How `delay` and `late` pass their time. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

/** Services that are one for all regions: their clients sign for us-east-1 or for their own region. */
const GLOBAL = new Set(["iam", "sts"]);

/**
 * All of the sandbox's AWS on one port. The SigV4 credential scope says which service of which region a
 * request is for. The port verifies the signature, and has the operation authorised and carried out. It
 * answers in the service's protocol, errors included.
 */
export function awsPort(options: AwsPortOptions): RequestListener {
  const regions = { ...options.elsewhere, [options.region]: options.services };
  const services: ServicesByRegion = new Map(
    Object.entries(regions).map(([region, all]) => [
      region,
      new Map(all.map((service) => [service.name, service])),
    ]),
  );
  return (incoming, response) => {
    void serve(options, services, incoming, response).catch((thrown: unknown) => {
      awsError(thrown, `${incoming.method} ${incoming.url}`);
      response.destroy();
    });
  };
}

/** By region and by name. */
type ServicesByRegion = ReadonlyMap<string, ReadonlyMap<string, AnyService>>;

async function serve(
  options: AwsPortOptions,
  services: ServicesByRegion,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(incoming);
  if (!body) {
    response.destroy();
    return;
  }
  const request = signedRequest(incoming, body);
  const path = request.target.split("?", 1)[0] ?? "/";
  if (path.startsWith("/_sandbox/")) {
    write(response, await answerUnsigned(options, path, request));
    return;
  }
  let protocol: Protocol = guessedProtocol(request);
  let accepted: Accepted;
  try {
    const unsigned = unsignedCall(options.services, request);
    if (unsigned) accepted = { ...unsigned, region: options.region, isRegional: true };
    else {
      const scope = readSignature(request);
      protocol = services.get(options.region)?.get(scope.service)?.protocol ?? protocol;
      accepted = accept(options, services, request, scope);
    }
  } catch (thrown) {
    const error =
      thrown instanceof AuthenticationRefusal
        ? refusalError(thrown, protocol.kind)
        : awsError(thrown, `${request.method} ${path}`);
    write(response, wireOf(protocol).refuse(error, randomUUID()));
    return;
  }
  if (accepted.isRegional && options.isDown?.(accepted.region)) {
    response.destroy();
    return;
  }
  const origin: Origin = {
    caller: accepted.caller,
    userAgent: headerOf(request, "user-agent") ?? "",
    sourceIp: incoming.socket.remoteAddress ?? "127.0.0.1",
  };
  await carryOut(options, accepted, origin, request, response);
}

interface Accepted {
  readonly service: AnyService;
  readonly region: string;
  /** Whether an outage of that region is one of the service. */
  readonly isRegional: boolean;
  readonly decoded: Decoded;
  readonly caller: Origin["caller"];
}

/** Everything that is settled before a call counts as one. */
function accept(
  options: AwsPortOptions,
  services: ServicesByRegion,
  request: SignedRequest,
  scope: CredentialScope,
): Accepted {
  const isGlobal = GLOBAL.has(scope.service) && scope.region === "us-east-1";
  const region = isGlobal ? options.region : scope.region;
  if (![...services.values()].some((ofRegion) => ofRegion.has(scope.service)))
    throw notEmulated(`The service '${scope.service}' is not emulated by the sandbox.`);
  const now = (options.now ?? (() => new Date()))();
  const { caller } = authenticate(options.iam, request, now);
  const ofRegion = services.get(region);
  if (!ofRegion)
    throw new AuthenticationRefusal(
      "mismatch",
      `Credential should be scoped to a valid region. The sandbox is ${[...services.keys()].sort().join(" and ")}, not '${scope.region}'.`,
    );
  const service = ofRegion.get(scope.service);
  if (!service)
    throw notEmulated(
      `The service '${scope.service}' is not emulated by the sandbox in ${region}, only in ${options.region}.`,
    );
  const isRegional = !isGlobal && scope.service !== "iam";
  return { service, region, isRegional, caller, decoded: wireOf(service.protocol).decode(request) };
}

const notEmulated = (message: string) => new AwsError("UnknownOperationException", 404, message);

async function carryOut(
  options: AwsPortOptions,
  { service, region, decoded }: Accepted,
  origin: Origin,
  request: SignedRequest,
  response: ServerResponse,
): Promise<void> {
  const around: Surroundings = { ...options, region };
  const pause = options.pause ?? unheld;
  const call = (strain: Strain = {}): Promise<Outcome> =>
    "forward" in service
      ? callForwarded(around, service, decoded, origin, request)
      : callService(around, service, decoded, origin, strain);
  const fault = options.faults?.({
    service: service.name,
    operation: decoded.operation,
    caller: origin.caller,
    resource: resourceOf(service.name, decoded.input),
  });
  switch (fault?.kind) {
    case undefined:
      write(response, (await call()).answer);
      return;
    case "throttle":
    case "refuse":
    case "conflict":
      write(response, (await callRefused(around, service, decoded, origin, fault.kind)).answer);
      return;
    case "partial":
      write(response, (await call({ isPartial: true })).answer);
      return;
    case "stale":
      write(response, (await call({ staleMilliseconds: fault.milliseconds })).answer);
      return;
    case "delay":
      await pause(fault.milliseconds);
      write(response, (await call()).answer);
      return;
    case "drop":
      await call();
      response.destroy();
      return;
    case "late":
      response.destroy();
      await pause(fault.milliseconds);
      await call();
      return;
  }
}

/** Holds no process alive: a call that is yet to land is lost with the sandbox. */
const unheld = (milliseconds: number) => sleep(milliseconds, undefined, { ref: false });

async function answerUnsigned(
  options: AwsPortOptions,
  path: string,
  request: SignedRequest,
): Promise<Answer> {
  const handler = Object.hasOwn(options.unsigned ?? {}, path)
    ? options.unsigned?.[path]
    : undefined;
  const plain = (status: number, message: string): Answer => ({
    status,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ message }),
  });
  if (!handler) return plain(404, `The sandbox has no ${path}.`);
  if (headerOf(request, "origin") !== undefined)
    return plain(403, "The sandbox's own paths are not for web pages.");
  return await handler(request.method, request.body);
}

function write(response: ServerResponse, answer: Answer): void {
  const length = String(Buffer.byteLength(answer.body));
  response.writeHead(answer.status, { ...answer.headers, "content-length": length });
  response.end(answer.body);
}

/** Faults on demand: the rules that are set, and which of them a call meets. */
import { SERVICES, type Service } from "./service-names.ts";

const FAULT_KINDS = [
  /** Answered after `milliseconds`. */
  "slow",
  /** 429, as each service words it; it asks for `seconds`. */
  "rate-limit",
  /** The token expired or was revoked. */
  "token",
  /** The token may not read the schedule. */
  "forbidden",
  /** 500. */
  "outage",
  /** The first half of the answer. */
  "half",
  /** Fifty megabytes. */
  "huge",
  /** 302, to another host. */
  "redirect",
  /** 404, as for a schedule that was deleted. */
  "gone",
  /** The service's clock is `seconds` behind. */
  "clock",
  /** The connection is cut. */
  "drop",
] as const;

type FaultKind = (typeof FAULT_KINDS)[number];

export interface OutsideFault {
  readonly kind: FaultKind;
  /** Absent: every service. */
  readonly service?: Service;
  /** How many calls it still strikes; absent for no limit. */
  readonly count?: number;
  /** When it strikes no more, in milliseconds since 1970; absent for no end. */
  readonly endsAt?: number;
  readonly seconds?: number;
  readonly milliseconds?: number;
}

export interface OutsideFaults {
  /** The fault that strikes a call: the oldest that matches, which it uses up by one. */
  readonly take: (service: Service) => OutsideFault | undefined;
  readonly list: () => readonly OutsideFault[];
  /** @throws InvalidRule where the body is no fault */
  readonly add: (body: unknown) => void;
  readonly clear: () => void;
}

/** The error for a body that sets nothing. */
export class InvalidRule extends Error {
  override readonly name = "InvalidRule";
}

const MEMBERS = ["kind", "service", "count", "lasts", "seconds", "milliseconds"];
const NEEDS: Readonly<Partial<Record<FaultKind, "seconds" | "milliseconds">>> = {
  slow: "milliseconds",
  "rate-limit": "seconds",
  clock: "seconds",
};

/** @param nowMs the time of the services, in milliseconds since 1970 */
export function outsideFaults(nowMs: () => number): OutsideFaults {
  let faults: readonly OutsideFault[] = [];
  const left = () => {
    faults = faults.filter(({ endsAt }) => endsAt === undefined || nowMs() < endsAt);
    return faults;
  };
  return {
    take(service) {
      const fault = left().find((each) => each.service === undefined || each.service === service);
      const { count } = fault ?? {};
      if (fault && count !== undefined)
        faults = faults.flatMap((each) =>
          each !== fault ? [each] : count > 1 ? [{ ...each, count: count - 1 }] : [],
        );
      return fault;
    },
    list: left,
    add(body) {
      faults = [...faults, parseFault(body, nowMs())];
    },
    clear() {
      faults = [];
    },
  };
}

function parseFault(body: unknown, nowMs: number): OutsideFault {
  const fault = members(body, MEMBERS, "A fault");
  const { kind, service } = fault;
  const isKind = FAULT_KINDS.find((each) => each === kind);
  if (!isKind) throw new InvalidRule(`kind is one of ${FAULT_KINDS.join(", ")}.`);
  const isService = SERVICES.find((each) => each === service);
  if (service !== undefined && !isService)
    throw new InvalidRule(`service is one of ${SERVICES.join(", ")}.`);
  const needs = NEEDS[isKind];
  for (const name of ["seconds", "milliseconds"])
    if ((fault[name] !== undefined) !== (name === needs))
      throw new InvalidRule(
        `A fault of kind ${isKind} takes ${needs ?? "neither seconds nor milliseconds"}.`,
      );
  const { lasts } = whole(fault, "lasts");
  return {
    kind: isKind,
    ...(lasts === undefined ? {} : { endsAt: nowMs + lasts * 1_000 }),
    ...(isService ? { service: isService } : {}),
    ...whole(fault, "count"),
    ...whole(fault, "seconds"),
    ...whole(fault, "milliseconds"),
  };
}

/** The members of an object. @throws InvalidRule where it is no object, or has others */
export function members(
  body: unknown,
  known: readonly string[],
  what: string,
): Readonly<Record<string, unknown>> {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new InvalidRule(`${what} is a JSON object.`);
  const others = Object.keys(body).filter((name) => !known.includes(name));
  if (others.length > 0)
    throw new InvalidRule(
      `${what} has no member ${others.join(", ")}; it has ${known.join(", ")}.`,
    );
  return body as Readonly<Record<string, unknown>>;
}

function whole(
  from: Readonly<Record<string, unknown>>,
  name: string,
): Readonly<Record<string, number>> {
  const value = from[name];
  if (value === undefined) return {};
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > 3_600_000)
    throw new InvalidRule(`${name} is a whole number from 1 to 3600000.`);
  return { [name]: value };
}

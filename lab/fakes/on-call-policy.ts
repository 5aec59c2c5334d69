/** A policy whose rules ask who is on call, and a broker that reads what a test says of it. */
import { afterLook, type ScheduleLook } from "../../shared/domain/facts/schedule-reading.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { ACCOUNT, PROD } from "./builders.ts";
import { edit, type MemoryBroker, memoryBroker } from "./memory-broker.ts";

export const PRIMARY = "pagerduty/us/PI7DH85";

/** The ids of people in PagerDuty. */
export const ON_CALL_IDS = {
  alice: "PA11CE",
  bob: "PB0B",
  carol: "PCAR01",
  dave: "PDAVE1",
} as const;

const person = (name: keyof typeof ON_CALL_IDS, groups: string) => {
  const arn = `arn:aws:iam::${ACCOUNT}:role/people/${name}`;
  return `  ${name}: { email: ${name}@example.com, groups: [${groups}], identities: { iam: ["${arn}"] }, principals: ["${arn}"], outside: { pagerduty: ${ON_CALL_IDS[name]} } }`;
};

/**
 * Carol, of sre, has a rule for whoever is on call, and break-glass. Alice's requests are asked of
 * whoever of her leads is on call: bob or dave.
 */
export const ON_CALL_FILE = `version: 1
clusters: { prod: { arn: "${PROD.arn}" } }
schedules:
  primary: { pagerduty: { schedule: PI7DH85 } }
people:
${person("alice", "payments")}
${person("bob", "payments-leads")}
${person("carol", "sre, platform")}
${person("dave", "payments-leads")}
roles: { admins: [platform] }
rules:
  - name: on-call-prod
    who: { groups: [sre], onCall: primary }
    clusters: [prod]
    access: { policies: [AmazonEKSEditPolicy], namespaces: ["payments-*"] }
    duration: { max: 2h, default: 1h }
    approval: none
    atMost: { times: 9, per: 1d }
    extend: { times: 2, total: 4h, approval: none }
    endsWithShift: true
  - name: on-call-approved
    who: { groups: [sre], onCall: primary }
    clusters: [prod]
    access: { policies: [AmazonEKSViewPolicy], namespaces: ["payments-*"] }
    duration: { max: 2h, default: 1h }
    approval: [{ groups: [payments-leads] }]
  - name: payments-edit
    who: { groups: [payments] }
    clusters: [prod]
    access: { policies: [AmazonEKSEditPolicy], namespaces: ["payments-*"] }
    duration: { max: 4h, default: 1h }
    approval: [{ groups: [payments-leads], onCall: primary, escalate: { after: 10m, groups: [payments-leads] } }]
  - name: break-glass
    who: { groups: [sre] }
    clusters: [prod]
    access: { policies: [AmazonEKSEditPolicy], namespaces: ["payments-*"] }
    duration: { max: 30m }
    approval: none
    breakGlass: true
`;

export const onCallPolicy = (): AccessPolicy => parseAccessPolicy(ON_CALL_FILE);

type Shifts = Readonly<Partial<Record<keyof typeof ON_CALL_IDS, string>>>;

/** A broker under that policy, and what its schedule says. */
export interface OnCallBroker extends MemoryBroker {
  /** A look now says who is on call, each until an instant. */
  readonly onCall: (shifts: Shifts) => Promise<void>;
  /** A look now that fails, or whose answer a test has made. */
  readonly look: (look: ScheduleLook) => Promise<void>;
  readonly askAsCarol: (
    over?: Parameters<MemoryBroker["ask"]>[0],
  ) => ReturnType<MemoryBroker["ask"]>;
}

export function onCallBroker(policy = onCallPolicy()): OnCallBroker {
  const broker = memoryBroker({ policy });
  const look = async (found: ScheduleLook) => {
    const before = (await broker.facts.schedules([PRIMARY])).get(PRIMARY);
    await broker.facts.putSchedule(afterLook(PRIMARY, before, found, broker.clock.now()));
  };
  return {
    ...broker,
    look,
    onCall: (shifts) =>
      look({
        shifts: Object.entries(shifts).map(([name, until]) => ({
          person: ON_CALL_IDS[name as keyof typeof ON_CALL_IDS],
          until,
        })),
      }),
    askAsCarol: (over = {}) => broker.ask({ access: edit("payments-api"), ...over }, "carol"),
  };
}

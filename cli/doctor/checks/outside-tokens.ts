import {
  type OutsideService,
  outsideTokenOf,
} from "../../../shared/domain/values/outside-token.ts";
import { type Check, type CheckResult, ill, type Patient, well } from "../check-result.ts";

/** The token of each service that access.yaml asks who is on call is stored. */
export const onCall: Check = {
  name: "on-call",
  needs: ["ssm:DescribeParameters"],
  async look(patient) {
    const asked = servicesOf(patient.policy.schedules);
    if (asked.length === 0) return [well("access.yaml asks no service who is on call")];
    const missing =
      "is not stored: nobody is known to be on call, and no rule that asks lets anybody in";
    return await tokensOf(patient, asked, { missing, page: "timelatch docs on-call" });
  },
};

/** The same of each tracker of tickets. */
export const tickets: Check = {
  name: "tickets",
  needs: ["ssm:DescribeParameters"],
  async look(patient) {
    const asked = servicesOf(patient.policy.tickets);
    if (asked.length === 0) return [well("access.yaml asks no tracker about tickets")];
    const missing = "is not stored: no ticket is known, and no rule that asks lends anything";
    return await tokensOf(patient, asked, { missing, page: "timelatch docs tickets" });
  },
};

const servicesOf = (
  named: Readonly<Record<string, { readonly service: OutsideService }>> = {},
): readonly OutsideService[] => [...new Set(Object.values(named).map(({ service }) => service))];

interface Words {
  readonly missing: string;
  readonly page: string;
}

const tokensOf = (patient: Patient, services: readonly OutsideService[], words: Words) => {
  const names = services.map((service) => outsideTokenOf(patient.deployment, service));
  return Promise.all(names.sort().map((name) => stored(patient, name, words)));
};

async function stored(
  { broker }: Patient,
  name: string,
  { missing, page }: Words,
): Promise<CheckResult> {
  const type = await broker.parameterType(name);
  const put = `aws ssm put-parameter --type SecureString --name ${name} --value <token>: ${page}`;
  if (type === undefined) return ill(missing, put, name);
  return type === "SecureString"
    ? well("is stored", name)
    : ill(`is a ${type}, which anybody who lists parameters can read`, put, name);
}

import { outsideTokenOf } from "../../../shared/domain/values/outside-token.ts";
import { type Check, type CheckResult, ill, type Patient, well } from "../check-result.ts";

/** The token of each service that access.yaml asks who is on call is stored. */
export const onCall: Check = {
  name: "on-call",
  needs: ["ssm:DescribeParameters"],
  async look(patient) {
    const { schedules = {} } = patient.policy;
    const services = new Set(Object.values(schedules).map(({ service }) => service));
    if (services.size === 0) return [well("access.yaml asks no service who is on call")];
    const names = [...services].map((service) => outsideTokenOf(patient.deployment, service));
    return await Promise.all(names.sort().map((name) => stored(patient, name)));
  },
};

async function stored({ broker }: Patient, name: string): Promise<CheckResult> {
  const type = await broker.parameterType(name);
  const put = `aws ssm put-parameter --type SecureString --name ${name} --value <token>: docs/on-call.md`;
  if (type === undefined)
    return ill(
      "is not stored: nobody is known to be on call, and no rule that asks lets anybody in",
      put,
      name,
    );
  return type === "SecureString"
    ? well("is stored", name)
    : ill(`is a ${type}, which anybody who lists parameters can read`, put, name);
}

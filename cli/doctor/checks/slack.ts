import { type Check, type CheckResult, ill, type Patient, well } from "../check-result.ts";

const PARTS = ["bot-token", "signing-secret"];

/** Both secrets of the Slack app are stored, and Slack answers. */
export const slack: Check = {
  name: "slack",
  needs: ["ssm:DescribeParameters"],
  async look(patient) {
    if (!patient.policy.slack) return [well("access.yaml names no workspace")];
    const secrets = await Promise.all(PARTS.map((part) => stored(patient, part)));
    return [...secrets, await reached(patient)];
  },
};

async function stored({ broker, deployment }: Patient, part: string): Promise<CheckResult> {
  const name = `/${deployment}/slack/${part}`;
  const type = await broker.parameterType(name);
  const put = `aws ssm put-parameter --type SecureString --name ${name} --value <secret>: timelatch docs slack`;
  if (type === undefined) return ill("is not stored: nobody can ask or decide in Slack", put, name);
  return type === "SecureString"
    ? well("is stored", name)
    : ill(`is a ${type}, which anybody who lists parameters can read`, put, name);
}

/** https://api.slack.com/methods/api.test */
async function reached({ network, slackApi }: Patient): Promise<CheckResult> {
  const { status } = await network.visit(`${slackApi}/api.test`);
  return status === 200
    ? well("Slack answers")
    : ill(`Slack answers with status ${status}`, "try again; see https://slack-status.com");
}

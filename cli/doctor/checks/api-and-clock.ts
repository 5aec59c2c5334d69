import { type Check, type CheckResult, ill, well } from "../check-result.ts";
import { stackName } from "../expected-names.ts";
import { undoIt } from "../remedies.ts";

/** AWS refuses signatures that are more than five minutes off. Long before that, times mislead. */
const MOST_SECONDS = 60;

/** The API refuses who does not sign, and this machine's clock agrees with AWS's. */
export const apiAndClock: Check = {
  name: "api-and-clock",
  needs: ["cloudformation:DescribeStacks"],
  async look({ broker, deployment, network, now, region }) {
    const url = (await broker.stack(stackName(deployment), region))?.outputs["ApiUrl"];
    if (!url) return [ill("the stack has no output ApiUrl", "timelatch deploy")];
    const { status, date } = await network.visit(`${url}/v1/whoami`);
    const answered =
      status === 403
        ? well("refuses a call without a signature", url)
        : ill(
            `answers a call without a signature with status ${status}, and not 403`,
            undoIt(),
            url,
          );
    return [answered, ...(date === undefined ? [] : [agreement(now(), date)])];
  },
};

function agreement(here: string, there: string): CheckResult {
  const seconds = Math.round(Math.abs(Date.parse(here) - Date.parse(there)) / 1_000);
  return seconds <= MOST_SECONDS
    ? well(`this machine's clock is ${seconds} s off at most`)
    : ill(`this machine's clock is ${seconds} s off`, "switch on time synchronization (NTP)");
}

import { type Check, ill, well } from "../check-result.ts";

/** The credentials are of the account that the working directory names. */
export const account: Check = {
  name: "account",
  needs: ["sts:GetCallerIdentity"],
  async look({ broker, account: expected, region }) {
    const { account: found, arn } = await broker.caller();
    return [
      found === expected
        ? well(`${expected} in ${region}, as ${arn}`)
        : ill(
            `your credentials are of account ${found}, and the deployment is for ${expected}`,
            `use credentials of ${expected}, or correct account in timelatch.config.yaml`,
          ),
    ];
  },
};

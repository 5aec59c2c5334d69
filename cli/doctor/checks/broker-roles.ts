import { type Check, ill, well } from "../check-result.ts";
import { brokerRoleNames } from "../expected-names.ts";
import { missingOf } from "../missing-roles.ts";
import { makeIt } from "../remedies.ts";

/** The roles of the broker's functions and schedules exist. Other accounts trust converge's by its name. */
export const brokerRoles: Check = {
  name: "broker-roles",
  needs: ["iam:GetRole"],
  async look({ broker, policy, account }) {
    const names = brokerRoleNames(policy, account);
    const missing = await missingOf(broker, names);
    return [
      missing.length === 0
        ? well(`all ${names.length} exist`)
        : ill(`${missing.join(", ")} missing in ${account}`, makeIt()),
    ];
  },
};

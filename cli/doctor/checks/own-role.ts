import { peoplePath } from "../../../shared/domain/people/personal-role.ts";
import { type Check, ill, well } from "../check-result.ts";

/** The person who runs the doctor may assume their own role, if one is configured. */
export const ownRole: Check = {
  name: "own-role",
  needs: ["sts:AssumeRole"],
  async look({ broker, deployment, ownRole: role }) {
    if (role === undefined) return [well("none is configured, so it was not tried")];
    return [
      (await broker.assumes(role))
        ? well(`you may assume ${role}`)
        : ill(
            `you may not assume ${role}`,
            `sign in as yourself; your permission set needs sts:AssumeRole on role${peoplePath(deployment)}*. A role of another deployment: timelatch config set role`,
          ),
    ];
  },
};

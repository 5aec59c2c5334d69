import { type Check, ill, well } from "../check-result.ts";
import { makeIt } from "../remedies.ts";

/** The group of schedules that end access exists. */
export const scheduleGroup: Check = {
  name: "schedule-group",
  needs: ["scheduler:GetScheduleGroup"],
  async look({ broker, deployment, region }) {
    const state = await broker.scheduleGroup(deployment, region);
    return [
      state === "ACTIVE"
        ? well(`${deployment} is ACTIVE`)
        : ill(
            `${deployment} ${state === undefined ? "does not exist" : `is ${state}`}: no grant can begin`,
            makeIt(),
          ),
    ];
  },
};

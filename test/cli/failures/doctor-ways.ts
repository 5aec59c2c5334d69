/** Ways to each failure of `timelatch doctor`. */
import { doctor, unwell } from "../../../cli/commands/doctor.ts";
import { ill } from "../../../cli/doctor/finding.ts";
import { fakeTerminal } from "../fake-terminal.ts";

export const DOCTOR_WAYS: Readonly<Record<string, () => unknown>> = {
  "a doctor for a check that there is not": () =>
    doctor(fakeTerminal().context, ".", { only: ["weather"] }),
  "a doctor for an account without a profile": () =>
    doctor(fakeTerminal().context, ".", { account: ["444455556666"] }),
  "a deployment that is not well": () => {
    throw unwell([{ check: "alarms", ...ill("36 of 36 have no action", "name a topic") }]);
  },
};

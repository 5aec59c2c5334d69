/** Deeds at other services: they set who is on call, a ticket, or a fault. */
import type { ActionOf } from "../plan/action.ts";
import { ALICE_IN_JIRA, PEOPLE_ON_CALL, SCHEDULE } from "../stage/outside-people.ts";
import type { Stage } from "../stage/stage.ts";
import { tellSandbox } from "../stage/tell-sandbox.ts";

const pathOf = ({ addresses }: Stage, name: string) => `${addresses.outsideUrl}/_sandbox/${name}`;

export async function shift(stage: Stage, { person, seconds }: ActionOf<"shift">): Promise<string> {
  const shifts = [{ person: PEOPLE_ON_CALL[person], seconds }];
  await tellSandbox(pathOf(stage, "on-call"), "POST", { schedule: SCHEDULE, shifts });
  return "set";
}

export async function ticket(
  stage: Stage,
  { ticket: key, status }: ActionOf<"ticket">,
): Promise<string> {
  const body = { service: "jira", key, status, assignee: ALICE_IN_JIRA };
  await tellSandbox(pathOf(stage, "tickets"), "POST", body);
  return "set";
}

export async function outsideFault(
  stage: Stage,
  { rule, seconds }: ActionOf<"outside-fault">,
): Promise<string> {
  await tellSandbox(pathOf(stage, "faults"), "POST", { ...rule, lasts: seconds });
  return "set";
}

/** Ends by Slack of grants whose own record others spoiled, as ends by the API are noted. */
import { expect, it } from "vitest";
import { EDIT } from "../../../../lab/fakes/memory-broker.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { slackBroker } from "./slack-front-fixture.ts";

type Spoil = (slack: ReturnType<typeof slackBroker>, grant: AccessRequest) => void;
const otherDigest: Spoil = ({ tables }, grant) => {
  tables.requests.set(grant.id, { ...grant, digest: "0".repeat(64) });
};
const gone: Spoil = ({ tables }, { id }) => {
  tables.requests.delete(id);
};

it.each([
  ["an admin's revoke, where its digest was forged", "carol", "revoke", otherDigest],
  ["its requester's return, where its digest was forged", "alice", "return", otherDigest],
  ["an admin's revoke, where its record is gone", "carol", "revoke", gone],
] as const)("Access goes after %s", async (_, who, verb, spoil) => {
  const slack = slackBroker();
  slack.othersHad({ [EDIT]: ["ns/own"] });
  const grant = await slack.activeGrant();
  spoil(slack, grant);
  await slack.click(who, verb, grant);
  await slack.converge();
  expect(slack.namespaces(EDIT)).toEqual(["own"]);
});

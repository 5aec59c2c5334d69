/** Scenarios: what others add to an entry that the broker deletes half a minute later. */
import { ACCOUNT, ALICE, aPolicy, PROD } from "../../fakes/builders.ts";
import { correlateBroker, recordOf } from "../../fakes/correlate-broker.ts";
import { VIEW } from "../../fakes/memory-broker.ts";

const PIPELINE = `arn:aws:iam::${ACCOUNT}:role/pipeline`;

/** A pipeline that access.yaml expects adds something beside a grant. */
async function additionBesideGrant() {
  const expected = [{ principal: PIPELINE, reason: "deploys clusters" }];
  const broker = correlateBroker({ policy: { ...aPolicy(), expected } });
  const grant = await broker.activeGrant();
  broker.clock.advance(60);
  const addition = recordOf({
    eksRequestId: "9f1c2d3e-0000-4000-8000-00000000000f",
    operation: "AssociateAccessPolicy",
    clusterArn: PROD.arn,
    principalArn: ALICE,
    target: VIEW,
    elements: ["ns/reports"],
    roleArn: PIPELINE,
    sessionName: "deploy-4711",
    at: broker.clock.now(),
    result: "ok",
    requestIds: [],
  });
  const end = async () => {
    broker.clock.advance(30);
    await broker.end(grant, "return");
    await broker.converge();
  };
  const isFound = async () => {
    const found = await broker.deliver(addition);
    return found.outcome === "finding" && found.finding.code === "taken-with-entry";
  };
  return { broker, addition, end, isFound };
}

export const DELETIONS = {
  /** The deletion is on record when CloudTrail shows the addition. */
  "a deletion takes what an expected principal added": async () => {
    const { broker, end, isFound } = await additionBesideGrant();
    await end();
    broker.clock.advance(300);
    return await isFound();
  },

  /** CloudTrail shows the addition at once, and the deletion follows. */
  "an addition is known before its deletion": async () => {
    const { broker, addition, end, isFound } = await additionBesideGrant();
    await broker.deliver(addition);
    await end();
    return await isFound();
  },
};

/** Readers of the record see on whose behalf somebody decided. */
import { describe, expect, it } from "vitest";
import { contradicted } from "../../../cli/audit/bundle-agrees.ts";
import { eventColumns } from "../../../cli/text/event-text.ts";
import { requestFacts } from "../../../cli/text/request-facts.ts";
import { decidedText } from "../../../cli/text/request-text.ts";
import { T0 } from "../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../lab/fakes/memory-broker.ts";
import { policyDelegating } from "../../../lab/fakes/policy-delegating.ts";
import { ocsfMapper } from "../../../shared/domain/evidence/ocsf/ocsf.ts";
import {
  deciderText,
  populationBuilder,
} from "../../../shared/domain/evidence/report/population.ts";
import { noticeFacts } from "../../../shared/domain/notices/notice-facts.ts";
import { requestAnswer } from "../../../shared/http/server/request-answer.ts";

async function decidedOnBehalf() {
  const policy = policyDelegating();
  const broker = memoryBroker({ policy });
  const asked = await broker.ask();
  const { id } = await broker.delegate("bob", "erin");
  const request = await broker.approve(asked, "erin");
  return {
    policy,
    request,
    answer: requestAnswer(request, policy),
    delegation: id,
    events: await broker.history(request),
  };
}

describe("A decision on somebody's behalf", () => {
  it("The API, the command and its history say for whom", async () => {
    const { answer, events } = await decidedOnBehalf();
    expect(answer.approvals).toMatchObject([{ person: "erin", onBehalfOf: "bob" }]);
    const facts = requestFacts(answer, T0).map(([name, text]) => `${name}: ${text}`);
    expect(facts.join("\n")).toContain("Approved by: erin on behalf of bob, ");
    expect(decidedText("approve", answer, T0)).toMatch(/^Approved on behalf of bob\. Access /);
    const details = eventColumns(T0).find(({ title }) => title === "DETAILS");
    expect(events.map((event) => details?.text(event))).toEqual(["", "on behalf of bob"]);
  });

  it("A bundle's request agrees with its history, and contradicts it where it says otherwise", async () => {
    const { answer, events } = await decidedOnBehalf();
    const members = answer as unknown as Readonly<Record<string, unknown>>;
    expect(contradicted(members, events)).toEqual([]);
    const [first] = answer.approvals;
    for (const approvals of [
      [{ ...first, onBehalfOf: "bella" }],
      [{ person: "erin", at: first?.at }],
    ])
      expect(contradicted({ ...members, approvals }, events)).toEqual(["approvals"]);
  });

  it("The OCSF event and the report say for whom", async () => {
    const { events, delegation } = await decidedOnBehalf();
    const mapper = ocsfMapper(() => undefined);
    const mapped = events.flatMap((event) => mapper.map(event));
    expect(mapped.at(-1)).toMatchObject({
      message: "approve by erin on behalf of bob",
      actor: { user: { name: "erin" } },
      unmapped: { on_behalf_of: "bob", delegation_id: delegation },
    });
    const population = populationBuilder();
    for (const event of events) population.add(event);
    const decisions = population.requests().flatMap((row) => row.decisions);
    expect(decisions.map(deciderText)).toEqual(["erin for bob"]);
  });

  it("A message says for whom", async () => {
    const { policy, request } = await decidedOnBehalf();
    expect(noticeFacts(policy, request, T0).approvers).toEqual(["erin for bob"]);
  });
});

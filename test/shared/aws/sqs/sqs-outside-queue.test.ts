import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sqsOutsideQueue } from "../../../../shared/aws/sqs/sqs-outside-queue.ts";
import { type LocalAws, localAws, QUEUE } from "../local-aws.ts";

let aws: LocalAws;
beforeEach(async () => {
  aws = await localAws();
});
afterEach(async () => {
  await aws.stop();
});

const [P1, P2, G0] = ["pagerduty/us/P1", "pagerduty/eu/P2", "incidentIo/01G0"];
let now = "2026-11-24T10:00:00.000Z";
const queue = () =>
  sqsOutsideQueue(
    () => aws.clients.sqs,
    { queueUrl: aws.queueUrl, pauseSeconds: 20 },
    { now: () => now },
  );
const sent = () =>
  (aws.sqs.state.queues[QUEUE.name]?.messages ?? []).map(({ messageGroupId, body }) => ({
    group: messageGroupId,
    body: JSON.parse(body) as unknown,
  }));

describe("the queue of outside", () => {
  it("Each service has a message group of its own, and one message with its keys", async () => {
    await queue().look([P2, G0, P1, P2]);
    expect(sent()).toEqual(
      expect.arrayContaining([
        { group: "pagerduty", body: { schedules: [P2, P1] } },
        { group: "incidentIo", body: { schedules: [G0] } },
      ]),
    );
    expect(sent()).toHaveLength(2);
  });

  it("The same schedules are asked for once in twenty seconds, and others at once", async () => {
    await queue().look([P1]);
    now = "2026-11-24T10:00:19.999Z";
    await queue().look([P1]);
    expect(sent()).toHaveLength(1);
    await queue().look([P2]);
    now = "2026-11-24T10:00:20.000Z";
    await queue().look([P1]);
    expect(sent()).toHaveLength(3);
  });

  it("Nothing is sent about no schedules", async () => {
    await queue().look([]);
    expect(sent()).toEqual([]);
  });

  it("Each message about tickets is one of its own, since somebody waits for it", async () => {
    const keys = ["jira/example.atlassian.net/PAY-1", "github/o/r/#2"];
    await queue().lookAtTickets(keys);
    now = "2026-11-24T10:00:20.001Z";
    await queue().lookAtTickets(keys);
    expect(sent()).toHaveLength(4);
    expect(sent()[0]?.body).toEqual({ tickets: [expect.any(String)] });
  });
});

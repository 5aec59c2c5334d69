/** The real command gets signals: before its change leaves, before the answer, and while it waits. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";
import { type LoopbackApi, loopbackApi, type Reply, type Script } from "./loopback-api.ts";
import { start } from "./run-timelatch.ts";
import { APPROVED, PENDING } from "./sample-changes.ts";
import { aLife, idOf } from "./sample-requests.ts";

const ID = idOf(1);
const ASK = [
  ...["request", "--yes", "--cluster", "prod", "--reason", "INC-4711 stuck rollout"],
  ...["--policy", "AmazonEKSEditPolicy", "--namespace", "payments-api"],
];
const BOB: WhoAmIAnswer = {
  person: "bob",
  groups: ["payments-leads"],
  roles: [],
  identityArn: "x",
};
const { events } = aLife();

let script: Script;
let api: LoopbackApi;
beforeEach(async () => {
  api = await loopbackApi((call, count) => script(call, count));
});
afterEach(() => api.close());

const timelatch = (args: readonly string[], env = {}) =>
  start(args, { env: { TIMELATCH_API: api.address, ...env } });
const posts = () => api.calls.filter(({ method }) => method === "POST");

/** Reads answer at once; the change is answered when the test says so. */
function lateAnswer() {
  const came = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Reply>();
  script = ({ method, path }) => {
    if (method === "POST") {
      came.resolve();
      return answer.promise;
    }
    if (path === "/v1/whoami") return { body: BOB };
    if (path.endsWith("/events")) return { body: { events } };
    return { body: posts().length === 0 ? PENDING : APPROVED };
  };
  return { came: came.promise, answer: answer.resolve };
}

describe("The command gets SIGINT", () => {
  it("Before its change leaves, it sends nothing and says so", async () => {
    const asked = Promise.withResolvers<void>();
    const sts = http.createServer(() => asked.resolve());
    await new Promise<void>((done) => sts.listen(0, "127.0.0.1", done));
    try {
      const running = timelatch(ASK, {
        TIMELATCH_ROLE: "arn:aws:iam::111122223333:role/timelatch/people/alice",
        AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${(sts.address() as AddressInfo).port}`,
      });
      await asked.promise;
      running.child.kill("SIGINT");
      const { code, err } = await running.ended;
      expect(code).toBe(130);
      expect(err).toBe(
        "timelatch: You stopped the command. Your request had not left. Nothing was sent.\n  Next: run it again when you are ready.\n",
      );
      expect(api.calls).toEqual([]);
    } finally {
      sts.close();
      sts.closeAllConnections();
    }
  });

  it("After its request has left, it waits for the answer and names the command that cancels it", async () => {
    const { came, answer } = lateAnswer();
    const running = timelatch(ASK);
    await came;
    running.child.kill("SIGINT");
    await running.said("Your request was sent. Waiting up to 5 s for the answer");
    answer({ status: 201, body: PENDING });
    const { code, out, err } = await running.ended;
    expect({ code, out }).toEqual({ code: 130, out: "" });
    expect(err).toContain(`Your request is stored as ${ID}`);
    expect(err).toContain(`  Next: cancel it:\n    timelatch cancel ${ID}\n`);
    expect(posts()).toHaveLength(1);
  });

  it("At the second, an approver reads that the approval is stored, and how to revoke it", async () => {
    const { came } = lateAnswer();
    const running = timelatch(["approve", ID, "--yes"]);
    await came;
    running.child.kill("SIGINT");
    await running.said("Waiting up to 5 s");
    running.child.kill("SIGINT");
    const { code, out, err } = await running.ended;
    expect({ code, out }).toEqual({ code: 130, out: "" });
    expect(err).toContain(`Your approval of ${ID} is stored; the request is approved.`);
    expect(err).toContain(`timelatch revoke ${ID}`);
  });

  it("While an approver waits for access, it names what the approver may do, and not cancel", async () => {
    const { answer } = lateAnswer();
    answer({ body: APPROVED });
    const running = timelatch(["approve", ID, "--yes", "--wait"]);
    await running.said("approved: adding access");
    running.child.kill("SIGINT");
    const { code, err } = await running.ended;
    expect(code).toBe(130);
    expect(err).toContain(
      `timelatch: You stopped waiting. Your approval of ${ID} is stored; the request is approved. Nothing was undone.\n  Next: revoke it:\n    timelatch revoke ${ID}\n`,
    );
    expect(err).not.toContain("timelatch cancel");
  });
});

describe("The command gets SIGTERM", () => {
  it("After its approval has left, it says the same and ends with 143", async () => {
    const { came, answer } = lateAnswer();
    const running = timelatch(["approve", ID, "--yes"]);
    await came;
    running.child.kill("SIGTERM");
    await running.said("was sent. Waiting up to");
    answer({ body: APPROVED });
    const { code, err } = await running.ended;
    expect(code).toBe(143);
    expect(err).toContain(`timelatch revoke ${ID}`);
  });
});

/** `timelatch approve --together`: several requests of one ask, in one question. */
import { describe, expect, it } from "vitest";
import { failureOfAnswer } from "../../cli/api/answer-failure.ts";
import { decide } from "../../cli/commands/decide.ts";
import type { DecideOptions } from "../../cli/commands/decision.ts";
import { digestOf } from "../../shared/domain/requests/digest.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { fakeApi, fakeTerminal, typist } from "./fake-terminal.ts";
import { answerTo, asked, idOf } from "./sample-requests.ts";

const IDS = [1, 2, 3].map(idOf);
const sample = answerTo(asked());
const request = (n: number, over: Partial<RequestAnswer> = {}): RequestAnswer => {
  const id = idOf(n);
  const made = { ...sample, id, askedWith: IDS.filter((other) => other !== id), ...over };
  const cluster = { name: made.cluster, arn: made.clusterArn };
  return { ...made, digest: digestOf({ ...made, cluster }) };
};
const VIEW = { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } } as const;
const [EDIT, WATCHED, OTHERS] = [
  request(1),
  request(2, { access: VIEW }),
  request(3, { needs: [{ groups: ["sre"], count: 1, people: ["carol"] }] }),
] as const;

const problem = (status: number, code: string) =>
  failureOfAnswer(
    { method: "POST", path: "/" },
    {
      status,
      headers: new Headers(),
      text: JSON.stringify({
        type: `urn:timelatch:problem:${code}`,
        title: "It is so",
        status,
        detail: "That is why. Nothing was changed.",
      }),
    },
  );

/** @param refusing the id whose decision is refused, and the ids that the reader may not see */
const broker = (
  requests: readonly RequestAnswer[],
  refusing?: string,
  hidden: readonly string[] = [],
) =>
  fakeApi(({ method, path }) => {
    if (path === "/v1/whoami") return { person: "bob", groups: [], roles: [] };
    const id = path.split("/")[3] ?? "";
    if (hidden.includes(id)) throw problem(404, "request-not-found");
    if (method === "POST" && id === refusing) throw problem(409, "illegal-transition");
    const found = requests.find((each) => each.id === id);
    return method === "POST" ? { ...found, state: "approved" } : found;
  });

async function approve(
  api: ReturnType<typeof fakeApi>,
  question: string,
  over: DecideOptions = {},
) {
  const person = typist();
  const at = fakeTerminal({ interactive: true, api, prompt: person.prompt });
  const done = decide(at.context, "approve", EDIT.id, { together: true, ...over });
  done.catch(() => undefined);
  if (question !== "") await person.answer(question, "y");
  return { at, done, shown: () => at.err() };
}

const decidedIn = ({ calls }: ReturnType<typeof fakeApi>) =>
  calls.flatMap(({ method, path, body }) => (method === "POST" ? [[path, body]] : []));

describe("Deciding what was asked for at once", () => {
  it("One question shows all that wait for the reader, the most powerful first, and names the rest", async () => {
    const api = broker([EDIT, WATCHED, OTHERS]);
    const { done, shown } = await approve(api, "Approve these 2? [y/N] ");
    await done;
    const text = shown();
    expect(text.indexOf("AmazonEKSEditPolicy")).toBeLessThan(text.indexOf("AmazonEKSViewPolicy"));
    expect(text).toContain("not waiting for you:\n  AmazonEKSEditPolicy in payments-api on prod");
    expect(decidedIn(api)).toEqual(
      [EDIT, WATCHED].map(({ id, digest }) => [
        `/v1/requests/${id}/decision`,
        { verdict: "approve", digest },
      ]),
    );
  });

  it.each([
    ["that does not name the first", request(2, { access: VIEW, askedWith: [idOf(3)] })],
    ["of somebody else", request(2, { access: VIEW, requester: "mallory" })],
  ])("A request %s is not decided: its record may be forged", async (_, forged) => {
    const api = broker([EDIT, forged, OTHERS]);
    const { done } = await approve(api, "Approve this? [y/N] ");
    await done;
    expect(decidedIn(api).map(([path]) => path)).toEqual([`/v1/requests/${EDIT.id}/decision`]);
  });

  it("One that the reader may not see is left out", async () => {
    const api = broker([EDIT, WATCHED, OTHERS], undefined, [OTHERS.id]);
    const { done, shown } = await approve(api, "Approve these 2? [y/N] ");
    await done;
    expect(shown()).not.toContain("not waiting for you");
  });

  it("Where one decision is refused the others are made, and the failure says which was not", async () => {
    const api = broker([EDIT, WATCHED, OTHERS], EDIT.id);
    const { done, at } = await approve(api, "Approve these 2? [y/N] ");
    await expect(done).rejects.toMatchObject({
      code: "decided-in-part",
      text: { findings: [expect.stringContaining(EDIT.id)] },
    });
    expect(at.out()).toContain(WATCHED.id);
    expect(decidedIn(api)).toHaveLength(2);
  });

  it("A digest that does not match its terms stops before anything is sent", async () => {
    const api = broker([EDIT, { ...WATCHED, durationSeconds: 1 }, OTHERS]);
    const { done } = await approve(api, "");
    await expect(done).rejects.toMatchObject({ code: "digest-mismatch" });
    expect(decidedIn(api)).toEqual([]);
  });
});

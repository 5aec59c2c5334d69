/** `timelatch return --all` and `revoke --all`: their calls, their output, and their end. */
import { describe, expect, it } from "vitest";
import { type EndAllOptions, endAll } from "../../../cli/commands/end-all.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import type {
  EffectiveAccessAnswer,
  PersonAccessAnswer,
} from "../../../shared/http/contract/person-access-answer.ts";
import { fakeTerminal, typist } from "../fake-terminal.ts";
import { ALICE, idOf } from "../sample-requests.ts";
import { aRequest, brokerWith, NOTHING_LEFT } from "./sample-ends.ts";

const AT_ONCE = { firstMs: 1, mostMs: 1 };

type World = Parameters<typeof brokerWith>[0];

async function ending(
  verb: "return" | "revoke",
  world: World,
  options: EndAllOptions = {},
  setting: Parameters<typeof fakeTerminal>[0] = {},
) {
  const api = brokerWith(world);
  const terminal = fakeTerminal({ api, columns: 400, piped: true, ...setting });
  const given = { all: true, yes: true, ...options } as const;
  const failure = await endAll(terminal.context, verb, undefined, given, AT_ONCE).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof Failure) return error;
      throw error;
    },
  );
  return { api, terminal, failure, out: terminal.out() };
}
const revoking = (world: World, options: EndAllOptions = {}, setting = {}) =>
  ending("revoke", world, { who: "alice", ...options }, setting);

const VIEW: EffectiveAccessAnswer = {
  cluster: "prod",
  principalArn: ALICE,
  policy: "AmazonEKSViewPolicy",
  elements: ["cluster"],
  state: "there",
  by: idOf(9),
  from: null,
  until: "2026-11-24T11:00:00.000Z",
  asOf: null,
};
const refusal = (code: string, exit: "refused" | "conflict" | "unavailable" | "notFound") =>
  new Failure(exit, code, {
    what: `No. (${code})`,
    notDone: "Nothing was done.",
    unsure: exit === "unavailable",
    next: ["Next: run it again."],
  });

describe("timelatch revoke --all", () => {
  it("It ends each grant of the person, waits for the proof, and says that nothing is left", async () => {
    const requests = [aRequest(1, "active"), aRequest(2, "active"), aRequest(3, "ended")];
    const { api, failure, out, terminal } = await revoking({ requests }, { note: "laptop lost" });
    expect(failure).toBeUndefined();
    expect(api.ends).toEqual([`revoke ${idOf(1)}`, `revoke ${idOf(2)}`]);
    expect(api.calls.filter(({ method }) => method === "POST")[0]?.body).toEqual({
      note: "laptop lost",
    });
    expect(out).toContain("Over (2):\n");
    expect(out).toMatch(/No grant gives alice access on prod\. Nothing stood there as of /);
    expect(terminal.err()).toContain(`${idOf(1)} is ended\n`);
  });

  it("Remaining access is said with the command that ends it, under an exit code of its own", async () => {
    const access = (cluster: string | null) => ({ ...NOTHING_LEFT, cluster, access: [VIEW] });
    const { failure, out } = await revoking({ requests: [aRequest(1, "active")], access });
    expect(failure?.exit).toBe("remains");
    expect(failure?.message).toContain("It is not known that all access of alice is gone: access");
    expect(out).toContain("alice STILL has AmazonEKSViewPolicy on all of prod by grant");
    expect(out).toContain(`  timelatch revoke ${idOf(9)}\n`);
  });

  it.each<[string, Partial<PersonAccessAnswer>]>([
    ["standing access is not known", { standingAsOf: null }],
    [
      "an entry was never read",
      { unread: [{ cluster: "prod", principalArn: ALICE, why: "never-read", since: null }] },
    ],
  ])("It does not succeed where %s", async (_, more) => {
    const access = (cluster: string | null) => ({ ...NOTHING_LEFT, cluster, ...more });
    const { failure } = await revoking({ requests: [aRequest(1, "active")], access });
    expect(failure?.message).toContain("not everything could be read");
  });

  it("It does not succeed where the end is not proven in time, and says so", async () => {
    const world = { requests: [aRequest(1, "active")], states: ["ending"] } as const;
    const { failure, out } = await revoking(world, { timeout: "1s" });
    expect(failure?.message).toContain("1 end not proven after 1s");
    expect(out).toContain("Ended, and not read back as gone yet (1):\n");
  });

  it("It does not wait with --no-wait, so it does not say that anything is gone", async () => {
    const { api, failure, out } = await revoking(
      { requests: [aRequest(1, "active")] },
      { wait: false },
    );
    expect(api.calls.map(({ path }) => path)).not.toContain(`/v1/requests/${idOf(1)}`);
    expect(out).toContain("not read back as gone yet (1)");
    expect(failure?.exit).toBe("remains");
  });

  it("Pending requests stay, are listed with the command for them, and suspend is named", async () => {
    const requests = [aRequest(1, "active"), aRequest(2, "pending")];
    const { api, failure, out } = await revoking({ requests });
    expect(api.ends).toEqual([`revoke ${idOf(1)}`]);
    expect(out).toContain("Pending, and not yours to end (1):\n");
    expect(out).toContain(`    timelatch deny ${idOf(2)}\n`);
    expect(out).toContain("  timelatch suspend alice\n");
    expect(failure).toBeUndefined();
  });

  it("One that is refused does not keep the next ones back, and is listed as not ended", async () => {
    const requests = [aRequest(1, "active"), aRequest(2, "active")];
    const onEnd = (id: string) => {
      if (id === idOf(1)) throw refusal("forbidden", "refused");
    };
    const { api, failure, out } = await revoking({ requests, onEnd });
    expect(api.ends).toHaveLength(2);
    expect(out).toMatch(/NOT ended \(1\):\n {2}\S+01 .*\n {4}No\. \(forbidden\)/);
    expect(failure?.message).toContain("1 request not ended");
  });

  it("One that somebody else ended first counts as ended", async () => {
    const onEnd = () => {
      throw refusal("illegal-transition", "conflict");
    };
    const { failure, out } = await revoking({ requests: [aRequest(1, "active")], onEnd });
    expect(out).toContain("Over (1):\n");
    expect(failure).toBeUndefined();
  });

  it("Without an answer it stops, and says what was ended, what may be, and what was not sent", async () => {
    const requests = [1, 2, 3].map((number) => aRequest(number, "active"));
    const onEnd = (id: string) => {
      if (id === idOf(2)) throw refusal("unavailable", "unavailable");
    };
    const { api, failure, out } = await revoking({ requests, onEnd }, { cluster: "prod" });
    expect(api.ends).toHaveLength(2);
    expect(out).toBe("");
    expect(failure?.exit).toBe("unavailable");
    expect(failure?.message).toContain("1 of 3 ends were answered, and the next was not: No.");
    expect(failure?.text.findings).toEqual([
      `May be ended: ${idOf(2)}`,
      `Sent before: ${idOf(1)} is ending.`,
      `Not sent: ${idOf(3)}`,
    ]);
    expect(failure?.text.next).toContain("  timelatch revoke --all --who alice --cluster prod");
    expect(failure?.text.facts).toEqual({
      ends: { taken: [idOf(1)], refused: [], notSent: [idOf(3)], unsure: idOf(2) },
    });
  });

  it("It prints one document under --json", async () => {
    const requests = [aRequest(1, "active"), aRequest(2, "pending")];
    const { out, terminal } = await revoking({ requests }, {}, { json: true });
    expect(JSON.parse(out)).toMatchObject({
      person: "alice",
      cluster: null,
      remains: false,
      notProven: [],
      notEnded: [],
      ended: [{ id: idOf(1) }],
      pending: [{ id: idOf(2) }],
      notRead: [],
      remaining: [{ cluster: "prod" }, { cluster: null }],
    });
    expect(terminal.err()).toBe("");
  });
});

describe("timelatch return --all", () => {
  it("It returns active grants and cancels waiting ones, only those of the caller", async () => {
    const requests = [
      aRequest(1, "active"),
      aRequest(2, "pending"),
      aRequest(3, "active", { requester: "erin" }),
    ];
    const { api, failure } = await ending("return", { requests, me: "alice" });
    expect(api.ends).toEqual([`return ${idOf(1)}`, `cancel ${idOf(2)}`]);
    expect(failure).toBeUndefined();
  });

  it("timelatch revoke --all --who oneself does the same, since nobody revokes their own", async () => {
    const world = { requests: [aRequest(1, "active")], me: "alice" };
    expect((await revoking(world)).api.ends).toEqual([`return ${idOf(1)}`]);
  });

  it("It shows what it ends, and sends nothing before that is confirmed", async () => {
    const person = typist();
    const world = { requests: [aRequest(1, "active"), aRequest(2, "pending")], me: "alice" };
    const api = brokerWith(world);
    const at = fakeTerminal({ api, interactive: true, prompt: person.prompt });
    const done = endAll(at.context, "return", undefined, { all: true });
    done.catch(() => undefined);
    await person.answer("End these 2 requests of yours now?", "n");
    await expect(done).rejects.toMatchObject({ code: "not-confirmed" });
    expect(at.err()).toContain("returned");
    expect(at.err()).toContain("cancelled");
    expect(api.ends).toEqual([]);
  });
});

describe("Input that is no good", () => {
  it.each([
    ["revoke", { yes: true }, undefined, "revoke --all lacks --who, the person. Nothing was sent."],
    ["revoke", { who: "alice" }, undefined, "there is no terminal to ask at. Nothing was sent."],
    ["return", {}, undefined, "there is no terminal to ask at. Nothing was sent."],
    ["return", { yes: true }, idOf(1), "--all takes no id and no --latest. Nothing was sent."],
    ["return", { yes: true, latest: true }, undefined, "--all takes no id and no --latest."],
  ] as const)(
    "timelatch %s --all with %j and the id %s is refused before a call",
    async (verb, options, id, said) => {
      const api = brokerWith({ requests: [aRequest(1, "active")] });
      const done = endAll(fakeTerminal({ api }).context, verb, id, { all: true, ...options });
      await expect(done).rejects.toMatchObject({
        exit: "usage",
        message: expect.stringContaining(said),
      });
      expect(api.calls).toEqual([]);
    },
  );

  it.each([
    ["A person who is not in the file", {}, "person-not-found"],
    ["A cluster that is not in the file", { cluster: "gone" }, "cluster-not-found"],
  ] as const)("%s is refused as the API refuses it", async (_, options, code) => {
    const access = () => {
      throw refusal(code, "notFound");
    };
    const { failure, out } = await revoking({ requests: [], access }, options);
    expect(failure).toMatchObject({ exit: "notFound", code });
    expect(out).toBe("");
  });

  it("Grants on a cluster that left the file end, and nobody says that nothing is left there", async () => {
    const access = () => {
      throw refusal("cluster-not-found", "notFound");
    };
    const world = { requests: [aRequest(1, "active", { cluster: "gone" })], access };
    const { api, failure, out } = await revoking(world, { cluster: "gone" });
    expect(api.ends).toEqual([`revoke ${idOf(1)}`]);
    expect(out).toContain("Not known: what alice can do on gone. No. (cluster-not-found)\n");
    expect(failure?.exit).toBe("remains");
  });
});

describe("Ctrl-C", () => {
  it("Between two ends it says which were sent, which were not, and the command for the rest", async () => {
    const requests = [1, 2].map((number) => aRequest(number, "active"));
    const onEnd = () => {
      process.emit("SIGINT");
    };
    const { api, failure } = await revoking({ requests, onEnd });
    expect(api.ends).toHaveLength(1);
    expect(failure?.exit).toBe("interrupted");
    expect(failure?.message).toBe(
      `You stopped the command. Your revocation of ${idOf(1)} is stored; the request is ending. Nothing was undone.`,
    );
    expect(failure?.text.findings).toEqual([`Not sent: ${idOf(2)}`]);
    expect(failure?.text.next).toEqual([
      "Next: end the rest:",
      "  timelatch revoke --all --who alice",
      "Not read, so see what alice can still do:",
      "  timelatch status alice",
    ]);
  });

  it("While it waits it says how each end stands, and what remains as of then", async () => {
    const access = (cluster: string | null) => ({ ...NOTHING_LEFT, cluster, access: [VIEW] });
    const onRead = () => {
      process.emit("SIGINT");
    };
    const requests = [aRequest(1, "active")];
    const { failure } = await revoking({ requests, states: ["ending"], access, onRead });
    expect(failure?.message).toBe("You stopped waiting. Every end is stored. Nothing was undone.");
    expect(failure?.text.findings?.[0]).toBe(`As last read, ${idOf(1)} is ending.`);
    expect(failure?.text.findings?.[1]).toBe("As of 2026-11-24 10:05 UTC:");
    expect(failure?.text.findings?.[2]).toContain("alice STILL has AmazonEKSViewPolicy");
    expect(failure?.text.next).toEqual([
      "Next: look again until nothing is left:",
      "  timelatch revoke --all --who alice",
      "See what alice can still do:",
      "  timelatch status alice",
    ]);
  });
});

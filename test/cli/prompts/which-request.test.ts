import { describe, expect, it } from "vitest";
import { isWholeId, parseRequestId } from "../../../cli/prompts/request-id.ts";
import {
  checkWhich,
  type RequestCommand,
  type WhichOptions,
  whichRequest,
} from "../../../cli/prompts/which-request.ts";
import { shortIds } from "../../../cli/text/short-ids.ts";
import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";
import { fakeApi, fakeTerminal, typist } from "../fake-terminal.ts";
import { activated, answerTo, approved, asked } from "../sample-requests.ts";

const PENDING = answerTo(asked());
const ACTIVE = answerTo(activated(approved(asked())));
const OLD = { ...PENDING, id: "019ab5c0-0000-7000-8000-00000000000a" };
const NEW = {
  ...PENDING,
  id: "019ab5c1-0000-7000-8000-00000000000b",
  createdAt: "2026-11-24T11:00:00.000Z",
};
const GRANT = { ...ACTIVE, id: "019ab5c2-0000-7000-8000-00000000000c" };

interface Lists {
  readonly mine?: readonly RequestAnswer[];
  readonly toApprove?: readonly RequestAnswer[];
  readonly grants?: readonly RequestAnswer[];
}

const broker = ({ mine = [], toApprove = [], grants = [] }: Lists) =>
  fakeApi(({ path, query }) => {
    if (path === "/v1/grants") return { requests: grants };
    return { requests: query?.["view"] === "to-approve" ? toApprove : mine };
  });

const which = (
  lists: Lists,
  command: RequestCommand,
  id: string | undefined,
  options: WhichOptions = {},
) => whichRequest(fakeTerminal().context, broker(lists), command, id, options);

describe("The beginning of an id", () => {
  /** An API that knows requests by the beginning of their ids, in pages of a size. */
  const knowing = (requests: readonly RequestAnswer[], size = 100) =>
    fakeApi(({ query = {} }) => {
      const found = requests.filter(({ id }) => id.startsWith(String(query["idPrefix"])));
      const start = Number(query["cursor"] ?? 0);
      const more = start + size < found.length ? { next: String(start + size) } : {};
      return { requests: found.slice(start, start + size), ...more };
    });
  const finding = (api: ReturnType<typeof knowing>, prefix: string) =>
    whichRequest(fakeTerminal().context, api, "show", prefix, {});

  it("The beginning of an id names the one request that begins with it, in one call", async () => {
    const api = knowing([OLD, NEW, GRANT]);
    expect(await finding(api, "019ab5c1-0000")).toBe(NEW.id);
    expect(api.calls.map(({ path, query }) => [path, query?.["idPrefix"]])).toEqual([
      ["/v1/requests", "019ab5c1-0000"],
    ]);
  });

  it("The beginning of an id is found on a later page, and after an empty one", async () => {
    const api = fakeApi(({ query }) =>
      query?.["cursor"] === "2" ? { requests: [OLD] } : { requests: [], next: "2" },
    );
    expect(await finding(api, "019ab5c0")).toBe(OLD.id);
  });

  it("The beginning of an id is refused with the whole ids where several requests begin with it", async () => {
    const others = [OLD, { ...OLD, id: OLD.id.replace(/a$/, "b") }];
    await expect(finding(knowing(others), "019ab5c0")).rejects.toMatchObject({
      exit: "notFound",
      code: "ambiguous-id",
      message: "2 requests begin with 019ab5c0. Nothing was done.",
      text: { findings: others.map(({ id }) => `${id}  pending, alice on prod`) },
    });
  });

  it("The refusal of a beginning that many requests share lists ten ids, and reads no further", async () => {
    const many = Array.from({ length: 40 }, (_, n) => ({
      ...OLD,
      id: OLD.id.replace(/..$/, String(n).padStart(2, "0")),
    }));
    const api = knowing(many, 6);
    await expect(finding(api, "019ab5c0")).rejects.toMatchObject({
      message: "More than 10 requests begin with 019ab5c0. Nothing was done.",
      text: { findings: { length: 10 } },
    });
    expect(api.calls).toHaveLength(2);
  });

  it("The beginning of an id is refused where no request begins with it", async () => {
    await expect(finding(knowing([OLD]), "019ab5ff")).rejects.toMatchObject({
      exit: "notFound",
      code: "no-such-request",
    });
  });

  it("A whole id needs no list of requests", async () => {
    const api = broker({});
    expect(await whichRequest(fakeTerminal().context, api, "approve", OLD.id, {})).toBe(OLD.id);
    expect(api.calls).toEqual([]);
  });

  it.each(["019", "019ab5c", "payments", "-019ab5c0", "019ab5c00", `${OLD.id}0`])(
    "The text %j is not the beginning of an id",
    (text) => {
      expect(() => parseRequestId(text)).toThrow("first 8 characters");
    },
  );

  it("The beginning of an id is read in upper and lower case", () => {
    expect(parseRequestId("019AB5C0-0000")).toBe("019ab5c0-0000");
    expect(isWholeId(parseRequestId(OLD.id.toUpperCase()))).toBe(true);
  });
});

describe("short ids", () => {
  it("Short ids have 13 characters where these differ, and as many as they need where not", () => {
    expect([...shortIds([OLD.id, NEW.id]).values()]).toEqual(["019ab5c0-0000", "019ab5c1-0000"]);
    const other = "019ab5c0-0000-7100-8000-00000000000a";
    const short = [...shortIds([OLD.id, other]).values()];
    expect(short).toEqual(["019ab5c0-0000-70", "019ab5c0-0000-71"]);
    for (const id of short) expect(parseRequestId(id)).toBe(id);
  });
});

describe("--latest", () => {
  it.each([
    ["show", { mine: [OLD, NEW] }, NEW],
    ["approve", { mine: [OLD], toApprove: [NEW] }, NEW],
    ["deny", { mine: [OLD], toApprove: [NEW] }, NEW],
    ["cancel", { mine: [{ ...NEW, state: "ended" as const }, OLD] }, OLD],
    ["return", { mine: [NEW, GRANT] }, GRANT],
    ["revoke", { grants: [GRANT] }, GRANT],
  ] as const)(
    "The option --latest of %s means the newest request that the command applies to",
    async (verb, lists, { id }) => {
      expect(await which(lists, verb, undefined, { latest: true })).toBe(id);
    },
  );

  it("The option --latest is refused where there is no such request", async () => {
    await expect(which({}, "approve", undefined, { latest: true })).rejects.toMatchObject({
      exit: "notFound",
      message: "No request waits for your approval. Nothing was done.",
    });
  });

  it.each(["approve", "deny", "revoke"] as const)(
    "The option --latest with --yes is refused for %s, which acts on other people's requests unseen",
    (verb) => {
      const { context } = fakeTerminal({ interactive: true });
      expect(() => checkWhich(context, verb, undefined, { latest: true, yes: true })).toThrow(
        expect.objectContaining({ exit: "usage" }),
      );
    },
  );

  it.each(["cancel", "return"] as const)(
    "The option --latest with --yes is accepted for %s of one's own request",
    (verb) => {
      const { context } = fakeTerminal();
      expect(() => checkWhich(context, verb, undefined, { latest: true, yes: true })).not.toThrow();
    },
  );
});

describe("a command without an id", () => {
  it("A command without an id is refused without a terminal", () => {
    expect(() => checkWhich(fakeTerminal().context, "show", undefined, {})).toThrow(
      expect.objectContaining({ exit: "usage" }),
    );
  });

  it("A command without an id takes the only candidate at a terminal, and shows which", async () => {
    const person = typist();
    const terminal = fakeTerminal({ interactive: true, prompt: person.prompt });
    const api = broker({ toApprove: [OLD] });
    expect(await whichRequest(terminal.context, api, "approve", undefined, {})).toBe(OLD.id);
    expect(terminal.err()).toContain(OLD.id);
  });

  it.each([
    ["approve", "toApprove", [OLD, NEW]],
    ["show", "mine", [NEW, OLD]],
  ] as const)(
    "The choice of %s has the order of the list that people read",
    async (verb, list, listed) => {
      const person = typist();
      const { context } = fakeTerminal({ interactive: true, prompt: person.prompt });
      const found = whichRequest(context, broker({ [list]: listed }), verb, undefined, {});
      await person.answer("Request:", "1");
      expect(await found).toBe(listed[0].id);
      expect(person.raw()).toBe(false);
    },
  );
});

describe("A grant and its extension", () => {
  const NEXT = { ...GRANT, id: "019ab5c3-0000-7000-8000-00000000000d", extends: GRANT.id };
  const extended = { ...GRANT, extendedBy: NEXT.id };
  const only = (mine: readonly RequestAnswer[], command: RequestCommand) => {
    const { context } = fakeTerminal({ interactive: true, prompt: typist().prompt });
    return whichRequest(context, broker({ mine }), command, undefined, {});
  };

  it.each(["extend", "return"] as const)(
    "Only the last grant of a chain of extensions can be meant by %s",
    async (command) => {
      expect(await only([extended, NEXT], command)).toBe(NEXT.id);
    },
  );

  it("A grant whose extension has not begun can be returned", async () => {
    const waiting = { ...NEXT, state: "approved" as const };
    expect(await only([extended, waiting], "return")).toBe(GRANT.id);
  });
});

/** `timelatch docs`: the pages in a terminal, and their sections. */
import { globSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { docs } from "../../../cli/commands/docs.ts";
import { pageTexts } from "../../../cli/docs/page-texts.ts";
import { writePaged } from "../../../cli/docs/pager.ts";
import { TOPICS, topicNamed, topicOfFile, wantedBy } from "../../../cli/docs/topics.ts";
import { widthOf } from "../../../cli/terminal/text-layout.ts";
import { fakeTerminal } from "../fake-terminal.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");

async function shown(topic: string | undefined, setting: Parameters<typeof fakeTerminal>[0] = {}) {
  const terminal = fakeTerminal({ rows: 100_000, ...setting });
  await docs(terminal.context, topic);
  return terminal.out();
}

describe("The list of pages", () => {
  it("Every page of docs is in the list, and every topic of it is a page", () => {
    const files = globSync("docs/*.md", { cwd: ROOT }).map(topicOfFile);
    const others = ["adr", "smoke-policy", "terraform", "upgrading"];
    const listed = TOPICS.map(({ topic }) => topic);
    expect(listed.toSorted()).toEqual([...files, ...others].toSorted());
  });

  it("The list has a line for each page, in groups, and fits a terminal of 80 columns", async () => {
    const lines = (await shown(undefined)).trimEnd().split("\n");
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(80);
    expect(lines.filter((line) => /^ {2}\S/.test(line))).toHaveLength(TOPICS.length);
    expect(lines[0]).toBe("Ask for access, and approve");
    expect(lines.at(-1)).toBe("Show one: timelatch docs <topic>");
  });

  it("Under --json the list has topic, group and description", async () => {
    const { topics } = JSON.parse(await shown(undefined, { json: true }));
    expect(topics).toContainEqual({
      topic: "runbook",
      group: "operate",
      about: "what to do about each alarm",
    });
  });
});

describe("A page", () => {
  const pages = Object.keys(pageTexts());

  it.each(pages)(
    "The page %s is laid out in 70 columns, but for code and long words",
    async (file) => {
      const text = await shown(topicOfFile(file), { columns: 70 });
      const broken = text
        .split("\n")
        // A line of code, in a list's item too, and one with a word that does not fit beside another.
        .filter((line) => widthOf(line) > 70 && !/^ *(?:\S+ )? {4}/.test(line))
        .filter(
          (line) =>
            !line
              .trim()
              .split(/ +/)
              .some((word) => widthOf(word) > 25),
        );
      expect(broken).toEqual([]);
      expect(text).not.toMatch(/&(?:amp|lt|gt|quot);|<!--|\]\([\w./#-]+\)/);
    },
  );

  it("A link to another page is a number, with the command that shows it beneath", async () => {
    const text = await shown("guide-operator");
    expect(text).toMatch(/\[1\]/);
    expect(text).toMatch(/\n\[1\] timelatch docs [\w-]+(?:#[\w-]+)?\n/);
  });

  it("A link to a source has no number, since there is no checkout", async () => {
    const text = await shown("access-yaml", { columns: 1_000 });
    expect(text).toContain(" The sample is a whole file, and Writing a policy [1] builds");
  });

  it("A table has its columns beside each other, and its cells wrap", async () => {
    const lines = (await shown("installing", { columns: 60 })).split("\n");
    const at = lines.findIndex((line) => /^file +for whom$/.test(line));
    const column = lines[at]?.indexOf("for whom") ?? 0;
    expect(lines.slice(at + 2, at + 4)).toEqual([
      expect.stringMatching(/^`timelatch-cli-0\.1\.0\.tgz` +whoever has/),
      expect.stringMatching(new RegExp(`^ {${column}}\\S`)),
    ]);
  });

  it("Under --json a page has topic, title and Markdown", async () => {
    const page = JSON.parse(await shown("limits", { json: true }));
    expect(page).toMatchObject({ topic: "limits", title: "Limits" });
    expect(page.text).toMatch(/^# Limits\n\nThis page is for /);
    expect(Object.keys(page)).toEqual(["topic", "title", "text"]);
  });

  it("The policy of the smoke test can be stored as a file", async () => {
    const text = await shown("smoke-policy", { columns: Number.POSITIVE_INFINITY, piped: true });
    expect(JSON.parse(text)).toMatchObject({ Version: "2012-10-17" });
  });
});

describe("A section", () => {
  it("A section ends before the next heading of its rank", async () => {
    const page = JSON.parse(await shown("runbook#restore-a-table", { json: true }));
    expect(page).toMatchObject({ topic: "runbook#restore-a-table", title: "Restore a table" });
    expect(page.text.match(/^## /gm)).toHaveLength(1);
  });

  it("An alarm's name is its section, as the alarm writes it", async () => {
    expect(await shown("runbook#UndeliverableNotices")).toMatch(/^## UndeliverableNotices\n/);
  });
});

describe("What somebody types", () => {
  it.each([
    ["runbook", { topic: "runbook", anchor: undefined }],
    ["docs/runbook.md#drain", { topic: "runbook", anchor: "drain" }],
    ["docs/adr/README.md", { topic: "adr", anchor: undefined }],
    ["UPGRADING.md", { topic: "upgrading", anchor: undefined }],
    ["Runbook#", { topic: "runbook", anchor: undefined }],
  ])("%s is taken for %j", (typed, wanted) => {
    expect(wantedBy(typed)).toEqual(wanted);
  });

  it("The beginning of one page is enough, and of two it is not", () => {
    const known = ["adr", "adr/0001-one", "adr/0012-name", "audit"];
    expect(topicNamed("adr/0012", known)).toBe("adr/0012-name");
    expect(topicNamed("adr", known)).toBe("adr");
    expect(topicNamed("a", known)).toBeUndefined();
    expect(topicNamed("", known)).toBeUndefined();
  });
});

describe("The pager", () => {
  const paging = async (rows: number, env: Record<string, string>, works = true) => {
    const terminal = fakeTerminal({ rows });
    const asked: string[] = [];
    await writePaged(terminal.context.screen.out, "one\ntwo\nthree\n", env, async (pager) => {
      asked.push(pager);
      return works;
    });
    return { asked, out: terminal.out() };
  };

  it("Text that is longer than the terminal goes through PAGER", async () => {
    expect(await paging(3, { PAGER: "most -x" })).toEqual({ asked: ["most -x"], out: "" });
    expect(await paging(3, {})).toEqual({ asked: ["less"], out: "" });
  });

  it("Text that fits is written, and so is all text with an empty PAGER or one that cannot start", async () => {
    const out = "one\ntwo\nthree\n";
    expect(await paging(4, { PAGER: "most" })).toEqual({ asked: [], out });
    expect(await paging(3, { PAGER: "" })).toEqual({ asked: [], out });
    expect(await paging(3, { PAGER: "gone" }, false)).toEqual({ asked: ["gone"], out });
  });

  it("A pager gets the text on its standard input, and a missing one is found out", async () => {
    const long = fakeTerminal({ rows: 1 });
    const { out } = long.context.screen;
    await writePaged(out, "all of it\n", { PATH: process.env["PATH"], PAGER: "grep -q it" });
    expect(long.out()).toBe("");
    await writePaged(out, "all of it\n", { PATH: process.env["PATH"], PAGER: "no-such-pager" });
    expect(long.out()).toBe("all of it\n");
  });

  it("In a pipe nothing is paged", async () => {
    expect(await shown("limits", { rows: 1, piped: true })).toMatch(/^# Limits\n/);
  });
});

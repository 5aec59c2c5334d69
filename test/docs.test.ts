/** The promises of the documents and the code about each other. */
import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { groupsGrantorStatements } from "../shared/domain/grantors/groups-grantor.ts";
import { policiesGrantorStatements } from "../shared/domain/grantors/policies-grantor.ts";
import { PROBLEMS } from "../shared/http/contract/problems.ts";
import { ACCOUNT, broker, SAMPLE } from "./infra/broker.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");
const DOCUMENTS = [
  ...["README.md", "AGENTS.md", "terraform/README.md"],
  ...globSync("docs/**/*.md", { cwd: ROOT }),
]
  .map((file) => file.split(path.sep).join("/"))
  .sort();

/** A document without its code blocks, in which `#` is no heading. */
const proseOf = (file: string) => read(file).replace(/^```[\s\S]*?^```$/gm, "");

const headingsOf = (file: string, level: number): readonly string[] =>
  [...proseOf(file).matchAll(new RegExp(`^#{${level}} (.+)$`, "gm"))].map(([, text = ""]) => text);

/** As GitHub makes it of a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");

const anchorsOf = (file: string) =>
  [1, 2, 3, 4].flatMap((level) => headingsOf(file, level)).map(anchorOf);

interface Link {
  readonly target: string;
  readonly anchor: string;
}

/** Links to the repository's own files and headings; `target` from the root. */
const linksOf = (file: string): readonly Link[] =>
  [...proseOf(file).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, to = ""]) => to)
    .filter((to) => !/^[a-z]+:/.test(to))
    .map((to) => {
      const [name = "", anchor = ""] = to.split("#");
      const target = name === "" ? file : path.posix.join(path.posix.dirname(file), name);
      return { target, anchor };
    });

describe("Pages of docs", () => {
  it.each(globSync("docs/*.md", { cwd: ROOT }))("The page %s opens with what it is for", (file) => {
    const [, opening = ""] = read(file).split("\n\n");
    expect(opening).toMatch(/^This page /);
  });
});

describe("docs/adr", () => {
  const pages = globSync("docs/adr/[0-9]*.md", { cwd: ROOT })
    .map((file) => path.basename(file))
    .sort();
  const titleOf = (page: string) => headingsOf(`docs/adr/${page}`, 1)[0] ?? "";
  const entryOf = (page: string, name: string) =>
    new RegExp(`^- ${name}: (.+)$`, "m").exec(read(`docs/adr/${page}`))?.[1];

  it("Decision records are numbered without a gap, in the name and in the title", () => {
    const numbers = pages.map((page) => [
      Number(/^(\d{4})-[a-z0-9-]+\.md$/.exec(page)?.[1]),
      Number(/^(\d+)\. /.exec(titleOf(page))?.[1]),
    ]);
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers).toEqual(pages.map((_, at) => [at + 1, at + 1]));
  });

  it.each(pages)(
    "The decision record %s has status, date and the same sections, on one page",
    (page) => {
      expect(headingsOf(`docs/adr/${page}`, 2)).toEqual([
        "Context",
        "Decision",
        "Consequences",
        "Alternatives",
      ]);
      expect(entryOf(page, "Status")).toMatch(/^(accepted|superseded by \[.+\]\(.+\))$/);
      expect(entryOf(page, "Date")).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(read(`docs/adr/${page}`).split("\n").length).toBeLessThan(80);
    },
  );

  it("The index of decision records lists each with title, status and date", () => {
    const rows = pages.map((page, at) => {
      const title = titleOf(page).replace(/^\d+\. /, "");
      return `| [${at + 1}](${page}) | ${title} | ${entryOf(page, "Status")} | ${entryOf(page, "Date")} |`;
    });
    const listed = read("docs/adr/README.md")
      .split("\n")
      .filter((line) => /^\| \[/.test(line));
    expect(listed).toEqual(rows);
  });

  it("The decision record of grantor permissions names every statement of the grantor roles", () => {
    const named = read("docs/adr/0006-grantor-permissions.md");
    const ids = [
      ...policiesGrantorStatements(SAMPLE, ACCOUNT, []),
      ...groupsGrantorStatements(SAMPLE, ACCOUNT, []),
    ].map(({ Sid }) => Sid.replace(/\d+$/, ""));
    expect(ids.length).toBeGreaterThan(10);
    expect(ids.filter((id) => !named.includes(`\`${id}\``))).toEqual([]);
  });
});

describe("docs/deploy.md", () => {
  it("docs/deploy.md names the schema of the cloud assembly, which decides the oldest CDK command", () => {
    const schema = "node_modules/@aws-cdk/cloud-assembly-schema/schema/version.json";
    const { revision } = JSON.parse(read(schema)) as { readonly revision: number };
    expect(read("docs/deploy.md")).toContain(`a cloud assembly of schema ${revision}. `);
  });

  it("docs/deploy.md pins the CDK command", () => {
    expect(read("docs/deploy.md")).toMatch(/npx aws-cdk@2\.1\d{3}\.\d+ deploy/);
  });
});

describe("docs/problems.md", () => {
  // A title with capitals is of a section on something else than a code.
  const codes = headingsOf("docs/problems.md", 2).filter((heading) => /^[a-z-]+$/.test(heading));

  it("docs/problems.md has one heading for each code of the API, and no other", () => {
    expect(codes.toSorted()).toEqual([...Object.keys(PROBLEMS), "internal-error"].sort());
  });

  it("docs/problems.md names the status of each code", () => {
    const documented = read("docs/problems.md")
      .split(/^## /m)
      .flatMap((section) => {
        const [, code = "", status = ""] = /^([a-z-]+)\n+\*\*(\d{3})\.\*\*/.exec(section) ?? [];
        return code === "" || code === "internal-error" ? [] : [[code, Number(status)] as const];
      });
    const statuses = Object.entries(PROBLEMS).map(([code, { status }]) => [code, status] as const);
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(statuses));
  });
});

describe("docs/runbook.md", () => {
  it("docs/runbook.md has a section for each alarm of the stack, which says what not to do", {
    timeout: 600_000,
  }, () => {
    const alarms = Object.entries(broker().template.Resources)
      .filter(([, { Type }]) => Type === "AWS::CloudWatch::Alarm")
      .map(([logicalId]) => /^Alarms(\w+)[0-9A-F]{8}$/.exec(logicalId)?.[1] ?? logicalId);
    expect(alarms.length).toBeGreaterThan(0);
    // The only one of other accounts and regions: infra/constructs/lost-fuses.ts.
    alarms.push("LostFuses");
    // Those of an auditor's account: infra/stacks/witness-stack.ts.
    alarms.push("WitnessRefused", "WitnessSilent");
    const sections = new Map(
      read("docs/runbook.md")
        .split(/^## /m)
        .map((section) => [section.split("\n", 1)[0] ?? "", section]),
    );
    const wanting = alarms.filter((name) =>
      ["**Means.**", "**Look.**", "**Do.**", "**Do not**"].some(
        (part) => !sections.get(name)?.includes(part),
      ),
    );
    expect(wanting).toEqual([]);
  });
});

describe("Commands", () => {
  const { scripts } = JSON.parse(read("package.json")) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  /** npm's own, and those that stand for `npm run <name>`. */
  const OWN = ["ci", "install"];

  it.each(DOCUMENTS)("Every npm command in %s exists", (file) => {
    const named = [...read(file).matchAll(/\bnpm (?:run )?([a-z][\w:-]*)/g)]
      // In prose, `npm makes` is no command: only what stands in code is.
      .filter(({ 0: text }) => inCode(read(file), text))
      .map(([, name = ""]) => name);
    expect(named.filter((name) => !OWN.includes(name) && !(name in scripts))).toEqual([]);
  });

  it("The README names the commands to begin with", () => {
    for (const command of ["npm ci && npm run demo", "npm ci && npm test", "npm run sandbox"])
      expect(read("README.md")).toContain(command);
  });

  it("Every npm command starts a file that exists", () => {
    const started = Object.entries(scripts).map(([name, script]) => {
      const file = /^exec sh tools\/node24 (\S+)/.exec(script)?.[1] ?? "";
      return [name, existsSync(path.join(ROOT, file)) ? "there" : file];
    });
    expect(started.filter(([, file]) => file !== "there")).toEqual([]);
  });
});

/** Whether the text stands in a code block or between backticks somewhere in the document. */
function inCode(document: string, text: string): boolean {
  const code = [...document.matchAll(/^```[\s\S]*?^```$|`[^`\n]+`/gm)].map(([block]) => block);
  return code.some((block) => block.includes(text));
}

describe("Links", () => {
  it.each(DOCUMENTS)("Every link of %s leads to a file and a heading that exist", (file) => {
    const broken = linksOf(file).filter(
      ({ target, anchor }) =>
        !existsSync(path.join(ROOT, target)) ||
        (anchor !== "" && !anchorsOf(target).includes(anchor)),
    );
    expect(broken).toEqual([]);
  });

  it("The check finds links, and a broken one", () => {
    expect(linksOf("README.md").length).toBeGreaterThan(5);
    expect(linksOf("docs/problems.md")).toContainEqual({
      target: "docs/http-api.md",
      anchor: "",
    });
  });
});

describe("Files and tests that the documents name", () => {
  it.each(DOCUMENTS)("Every file and test that %s names exists", (file) => {
    const NAMED = /`((?:test|shared|infra|functions|sandbox|cli|tools|docs)\/[\w./-]+|\.ci\/run)`/g;
    const gone = [...proseOf(file).matchAll(NAMED)]
      .map(([, name = ""]) => name)
      .filter((name) => !existsSync(path.join(ROOT, name)));
    expect(gone).toEqual([]);
  });
});

describe("AGENTS.md", () => {
  it("AGENTS.md is short enough to read whole", () => {
    expect(read("AGENTS.md").trimEnd().split("\n").length).toBeLessThan(80);
  });
});

describe("The command's name", () => {
  it("No text asks for a command that npx would fetch", () => {
    const texts = globSync("{*.md,docs/**/*.md,cli/**/*.ts,shared/**/*.ts,lab/sandbox/**/*.ts}", {
      cwd: ROOT,
    }).filter((file) => file !== path.join("docs", "adr", "0012-package-name.md"));
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter((file) => /npx (?:-\S+ )*timelatch/.test(read(file)))).toEqual([]);
  });
});

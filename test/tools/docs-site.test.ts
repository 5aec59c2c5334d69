/** The site of `npm run docs`: its links, its search, and that it asks nothing of the network. */
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TOPICS } from "../../cli/docs/topics.ts";
import { writeSite } from "../../tools/docs/site.ts";

type Entry = readonly [string, string, string, string];

const folder = mkdtempSync(path.join(tmpdir(), "timelatch-site-"));
const read = (file: string) => readFileSync(path.join(folder, file), "utf8");
let pages: readonly string[] = [];
beforeAll(() => {
  writeSite(folder);
  pages = globSync("**/*.html", { cwd: folder });
});
afterAll(() => rmSync(folder, { recursive: true }));

const attributes = (html: string, name: string) =>
  [...html.matchAll(new RegExp(`<[a-z][^>]*\\s${name}="([^"]*)"`, "g"))].map(
    ([, value = ""]) => value,
  );

/** Addresses of a page that lead within the site, as a file of it and an anchor. */
const linksOf = (page: string) =>
  [...attributes(read(page), "href"), ...attributes(read(page), "src")]
    .filter((address) => !/^[a-z]+:/.test(address))
    .map((address) => {
      const [name = "", anchor] = address.split("#", 2);
      const file = name === "" ? page : path.posix.join(path.posix.dirname(page), name);
      return { page, address, file, anchor };
    });

describe("The site of the pages", () => {
  it("Every page has its file, and every link within the site leads somewhere", () => {
    expect(pages.length).toBeGreaterThan(TOPICS.length + 30);
    const anchors = new Map(pages.map((page) => [page, new Set(attributes(read(page), "id"))]));
    const links = pages.flatMap(linksOf);
    const broken = links.filter(
      ({ file, anchor }) =>
        !existsSync(path.join(folder, file)) ||
        (anchor !== undefined && anchors.has(file) && !anchors.get(file)?.has(anchor)),
    );
    expect(links.length).toBeGreaterThan(3_000);
    expect(broken).toEqual([]);
  });

  it("Every picture that a page links to is in the site", () => {
    const linked = globSync("docs/*.md").flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/\]\(([\w./-]+\.(?:png|svg))\)/g)].map(
        ([, picture = ""]) => picture,
      ),
    );
    expect(linked.length).toBeGreaterThan(12);
    expect(linked.filter((picture) => !existsSync(path.join(folder, picture)))).toEqual([]);
  });

  it("The site loads nothing but its own files, and nothing runs within a page", () => {
    for (const page of pages) {
      const html = read(page);
      expect(attributes(html, "src").filter((address) => /^(?:[a-z]+:|\/)/.test(address))).toEqual(
        [],
      );
      expect(html.match(/<link [^>]*href="(?!data:,|(?:\.\.\/)?site\.css)/)).toBeNull();
      expect(html.match(/<script>|\son[a-z]+="|<style/)).toBeNull();
    }
    expect(read("site.css")).not.toMatch(/url\(|@import/);
    expect(read("search.js")).not.toMatch(/https?:|fetch|import\(/);
  });

  it("A link to a source is its text, as long as package.json names no repository", () => {
    expect(read("access-yaml.html")).toContain(" The sample is a whole file");
    expect(pages.flatMap(linksOf).filter(({ file }) => /\.tsx?$/.test(file))).toEqual([]);
  });

  it("A placeholder in a page is text, and a comment of our tools is not shown", () => {
    expect(read("installing.html")).not.toContain("<id>");
    for (const page of pages) expect(read(page)).not.toMatch(/<!--|&lt;!--/);
  });
});

describe("The search of the site", () => {
  const search = () => {
    const window: { PAGES?: readonly Entry[] } = {};
    runInNewContext(read("search-index.js"), { window });
    const sandbox = {} as {
      findSections: (typed: string, entries: unknown) => { entry: Entry }[];
    };
    runInNewContext(read("search.js"), sandbox);
    return (typed: string) =>
      sandbox.findSections(typed, window.PAGES).map(({ entry: [address] }) => address);
  };

  it("An alarm's name leads to its section of the runbook", () => {
    expect(search()("UndeliverableNotices")[0]).toBe("runbook.html#undeliverablenotices");
  });

  it("Every word must be in a section, in any case", () => {
    const found = search();
    expect(found("POINT-IN-TIME restore")[0]).toBe("runbook.html#restore-a-table");
    expect(found("restore zzzzzz")).toEqual([]);
    expect(found("  ")).toEqual([]);
  });
});

/** Workflows of CI and of a release are fixed to the byte, and may do no more than they need. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const ROOT = path.resolve(import.meta.dirname, "..");
const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");
const WORKFLOWS = globSync(".github/workflows/*.yml", { cwd: ROOT }).sort();

interface Job {
  readonly container?: string;
  readonly permissions?: Readonly<Record<string, string>>;
}
interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** Actions and images that somebody else could exchange under their name. */
const unpinned = (text: string): readonly string[] =>
  [...text.matchAll(/^\s*(?:-\s+)?(?:uses|container|image):\s*(\S+)(.*)$/gm)]
    .filter(
      ([, used = "", comment = ""]) =>
        !(/@[0-9a-f]{40}$/.test(used) && /^ # v\d+\.\d+\.\d+$/.test(comment)) &&
        !/@sha256:[0-9a-f]{64}$/.test(used),
    )
    .map(([, used = ""]) => used);

describe("workflows", () => {
  it.each(WORKFLOWS)("Every action and image of %s is pinned by its digest", (file) => {
    expect(unpinned(read(file))).toEqual([]);
  });

  it("The check finds a tag, a branch, a short hash and a pin that does not say its version", () => {
    const hash = "a".repeat(40);
    const planted = [`x/y@${hash} # v1.2.3`, "x/y@v4", "x/y@main", "x/y@abc1234", `x/y@${hash}`];
    expect(unpinned(planted.map((one) => `      - uses: ${one}`).join("\n"))).toEqual(
      planted.slice(1),
    );
    expect(unpinned("    container: node:24")).toEqual(["node:24"]);
  });

  it.each(WORKFLOWS)(
    "%s may read the repository, and only a job of its own may do more",
    (file) => {
      const { permissions, jobs } = parse(read(file)) as Workflow;
      expect(permissions).toEqual({ contents: "read" });
      const rights = Object.values(jobs).flatMap((job) => Object.keys(job.permissions ?? {}));
      expect(rights.filter((right) => right === "contents")).toEqual([]);
    },
  );

  it("A release is published with provenance, by a job that runs nothing of the dependencies", () => {
    const text = read(".github/workflows/release.yml");
    const { jobs } = parse(text) as Workflow;
    expect(jobs["publish"]?.permissions).toEqual({ "id-token": "write" });
    expect(jobs["pack"]?.permissions).toBeUndefined();
    const publish = text.slice(text.indexOf("  publish:"));
    expect(publish).toContain("npm publish --provenance --access public --ignore-scripts");
    expect(publish).not.toMatch(/npm (?:ci|install)|checkout/);
  });
});

describe("the version", () => {
  const { version } = JSON.parse(read("package.json")) as { readonly version: string };
  const headings = [...read("CHANGELOG.md").matchAll(/^## (.+)$/gm)].map(([, text = ""]) => text);

  it("The changelog's newest release is the version of package.json; before the first there is none", () => {
    expect(headings[0]).toBe("Unreleased");
    const [newest] = headings.slice(1);
    expect(newest?.replace(/ - \d{4}-\d{2}-\d{2}$/, "") ?? "0.1.0").toBe(version);
  });
});

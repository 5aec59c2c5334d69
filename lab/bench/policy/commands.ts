/** Times whole commands of `timelatch policy` on a large file, by the processor. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { rounded } from "../statistics.ts";
import { largeFile } from "./large-file.ts";

/** Seconds of processor, at most, once the file was read before. A first reading has no bound. */
const MOST = {
  check: 1,
  explain: 1,
  who: 1,
  prove: 2,
  diff: 3,
} as const;

type Command = keyof typeof MOST;

/** Claims of each kind: about few people, cluster admin, people left out, and deciding. */
const CLAIMS = Array.from(
  { length: 10 },
  (_, at) =>
    [
      `reach: { cluster: prod, policy: AmazonEKSEditPolicy, namespaces: ["team-${at}-*"] }, people: 1`,
      "reach: { cluster: prod, policy: AmazonEKSClusterAdminPolicy }",
      `reach: { cluster: prod, namespaces: ["team-*"] }, people: 1, without: { groups: [group-${at}] }`,
      `decides: { people: [person-${at}] }`,
    ].map((claim) => `  - { name: claim ${at}, ${claim} }\n`)[at % 4],
).join("");

const ARGUMENTS: Readonly<Record<Command, readonly string[]>> = {
  check: ["check", "access.yaml"],
  explain: [
    ...["explain", "access.yaml", "--as", "person-7", "--cluster", "prod", "--policy", "edit"],
    ...["--namespace", "team-7-api"],
  ],
  who: [
    ...["who", "access.yaml", "--cluster", "prod", "--policy", "edit"],
    ...["--namespace", "team-7-*"],
  ],
  prove: ["prove", "access.test.yaml"],
  diff: ["diff", "access.yaml", "new.yaml"],
};

/** @param rules there are five times as many people */
export function benchCommands(rules: number) {
  const folder = mkdtempSync(path.join(tmpdir(), "timelatch-bench-"));
  try {
    const text = largeFile(rules);
    writeFileSync(path.join(folder, "access.yaml"), text);
    writeFileSync(path.join(folder, "new.yaml"), text.replace("max: 4h", "max: 2h"));
    writeFileSync(path.join(folder, "access.test.yaml"), `version: 1\nnever:\n${CLAIMS}`);
    const commands = Object.keys(MOST) as readonly Command[];
    const times = commands.map((name) => ({
      name,
      first: processorOf(folder, ARGUMENTS[name]),
      seconds: processorOf(folder, ARGUMENTS[name]),
    }));
    const isKept = ({ name, seconds }: (typeof times)[number]) => seconds <= MOST[name];
    return {
      times,
      kept: times.filter(isKept).length,
      lines: times.map(
        (time) =>
          `${isKept(time) ? "holds" : "FAILS"}  timelatch policy ${time.name}, ${rules} rules: ${rounded(time.seconds)} s of processor (at most ${MOST[time.name]} s), and ${rounded(time.first)} s before`,
      ),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const COMMAND = path.resolve(import.meta.dirname, "../../../cli/timelatch");

/** The shell's `times` has those of its children in its second line: `0m0.420s 0m0.070s`. */
function processorOf(folder: string, args: readonly string[]): number {
  const script = '"$@" >/dev/null 2>&1; times';
  const out = execFileSync("sh", ["-c", script, "sh", COMMAND, "policy", ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, XDG_CACHE_HOME: path.join(folder, "cache") },
  });
  const [, children = ""] = out.trim().split("\n");
  const times = [...children.matchAll(/(\d+)m([\d.]+)s/g)];
  return times.reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
}

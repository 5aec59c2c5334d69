import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  type KubeContext,
  kubeconfigPath,
  withContexts,
  writeContexts,
} from "../../../cli/kubernetes/kubeconfig-file.ts";

const PROD: KubeContext = {
  context: "timelatch-prod",
  server: "https://prod.example.com",
  certificateAuthority: "Q0E=",
  args: ["token", "--cluster", "prod"],
  env: { AWS_PROFILE: "alice" },
};
const OTHERS = `# mine
apiVersion: v1
kind: Config
current-context: home
clusters:
  - name: home # at home
    cluster: { server: "https://home" }
contexts:
  - name: home
    context: { cluster: home, user: me }
users:
  - name: me
    user: { token: secret }
`;

describe("A kubeconfig with Timelatch's contexts", () => {
  it("An empty file becomes a whole one, without a current context", () => {
    const made = parse(withContexts("", [PROD], "f"));
    expect(made).toMatchObject({
      apiVersion: "v1",
      kind: "Config",
      contexts: [
        { name: "timelatch-prod", context: { cluster: "timelatch-prod", user: "timelatch-prod" } },
      ],
      clusters: [
        {
          name: "timelatch-prod",
          cluster: { server: "https://prod.example.com", "certificate-authority-data": "Q0E=" },
        },
      ],
    });
    expect(made).not.toHaveProperty("current-context");
    expect(made.users[0].user.exec).toMatchObject({
      apiVersion: "client.authentication.k8s.io/v1beta1",
      command: "timelatch",
      args: ["token", "--cluster", "prod"],
      env: [{ name: "AWS_PROFILE", value: "alice" }],
      interactiveMode: "IfAvailable",
    });
  });

  it("Everything of others stays: entries, comments, order and the current context", () => {
    const merged = withContexts(OTHERS, [PROD], "f");
    for (const line of OTHERS.split("\n").filter((one) => one.includes("#")))
      expect(merged).toContain(line.trim().replace("- ", ""));
    const { clusters, contexts, users, ...rest } = parse(merged);
    expect(rest).toEqual({ apiVersion: "v1", kind: "Config", "current-context": "home" });
    expect(clusters[0]).toEqual({ name: "home", cluster: { server: "https://home" } });
    expect(users[0]).toEqual({ name: "me", user: { token: "secret" } });
    expect(contexts.map(({ name }: { name: string }) => name)).toEqual(["home", "timelatch-prod"]);
  });

  it.each([
    ["no current context", OTHERS.replace("current-context: home\n", "")],
    ["an empty current context", OTHERS.replace("current-context: home", 'current-context: ""')],
  ])("A file with %s keeps it so, and plain kubectl reaches no other cluster", (_, before) => {
    expect(parse(withContexts(before, [PROD], "f"))["current-context"]).toBe(
      parse(before)["current-context"],
    );
  });

  it("Writing again changes nothing, and a moved cluster is replaced in place", () => {
    const once = withContexts(OTHERS, [PROD], "f");
    expect(withContexts(once, [PROD], "f")).toBe(once);
    const moved = withContexts(once, [{ ...PROD, server: "https://new" }], "f");
    expect(parse(moved).clusters).toHaveLength(2);
    expect(parse(moved).clusters[1].cluster.server).toBe("https://new");
  });

  it("A namespace that somebody wrote into the context stays", () => {
    const once = withContexts("", [PROD], "f");
    const edited = once.replace(
      "cluster: timelatch-prod\n",
      "cluster: timelatch-prod\n      namespace: payments\n",
    );
    expect(parse(withContexts(edited, [PROD], "f")).contexts[0].context).toEqual({
      cluster: "timelatch-prod",
      namespace: "payments",
      user: "timelatch-prod",
    });
  });

  it.each(["clusters: x", "- a", "a: [", "clusters: { a: 1 }"])(
    "A file that is no kubeconfig is refused, and nothing is lost: %j",
    (text) => {
      expect(() => withContexts(text, [PROD], "/some/file")).toThrow(
        /Cannot use the kubeconfig \/some\/file.*Nothing was changed/,
      );
    },
  );
});

describe("The file that kubectl reads", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "timelatch-kube-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("The file is the first of KUBECONFIG, else ~/.kube/config", () => {
    expect(kubeconfigPath({ KUBECONFIG: `${path.delimiter}/a${path.delimiter}/b` })).toBe("/a");
    expect(kubeconfigPath({ HOME: "/home/alice" })).toBe("/home/alice/.kube/config");
  });

  it("A new file is only for its owner, and its folder is made", async () => {
    const file = path.join(folder, ".kube", "config");
    await writeContexts(file, [PROD]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(parse(readFileSync(file, "utf8")).contexts).toHaveLength(1);
  });

  it("A link stays a link, the file keeps its mode, and no draft is left", async () => {
    const real = path.join(folder, "real");
    const link = path.join(folder, "link");
    writeFileSync(real, OTHERS, { mode: 0o640 });
    symlinkSync(real, link);
    await writeContexts(link, [PROD]);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(statSync(real).mode & 0o777).toBe(0o640);
    expect(parse(readFileSync(real, "utf8")).contexts).toHaveLength(2);
    expect(readdirSync(folder).sort()).toEqual(["link", "real"]);
  });

  it("A file that is broken stays as it was", async () => {
    const file = path.join(folder, "broken");
    writeFileSync(file, "clusters: x");
    await expect(writeContexts(file, [PROD])).rejects.toThrow("Nothing was changed");
    expect(readFileSync(file, "utf8")).toBe("clusters: x");
  });
});

import { describe, expect, it } from "vitest";
import { answerLines, clientEnvironment, verdictOf } from "../../../sandbox/demo/people.ts";

const ADDRESSES = {
  apiUrl: "http://127.0.0.1:1",
  awsUrl: "http://127.0.0.1:2",
  kubeconfig: "/demo/kubeconfig",
  awsConfigFile: "/demo/aws/config",
  awsCredentialsFile: "/demo/aws/credentials",
};

describe("the clients' environment", () => {
  it("keeps nothing that leads to another account, cluster or broker, or through a proxy", () => {
    const env = clientEnvironment(
      {
        PATH: "/usr/bin",
        TZ: "Europe/Berlin",
        AWS_ACCESS_KEY_ID: "ASIAREAL",
        AWS_ENDPOINT_URL: "https://real.example.com",
        AWS_CONFIG_FILE: "/home/real/.aws/config",
        KUBECONFIG: "/home/real/.kube/config",
        KUBERNETES_MASTER: "https://real.example.com",
        TIMELATCH_API: "https://real.example.com",
        HTTPS_PROXY: "http://proxy.example.com",
        http_proxy: "http://proxy.example.com",
      },
      ADDRESSES,
      "/demo",
    );
    expect(env).toEqual({
      PATH: "/usr/bin",
      TZ: "Europe/Berlin",
      TIMELATCH_API: "http://127.0.0.1:1",
      AWS_CONFIG_FILE: "/demo/aws/config",
      AWS_SHARED_CREDENTIALS_FILE: "/demo/aws/credentials",
      AWS_PAGER: "",
      KUBECONFIG: "/demo/kubeconfig",
      KUBECACHEDIR: "/demo/kube-cache",
    });
  });
});

describe("kubectl's verdict", () => {
  const UNAUTHORIZED = "error: You must be logged in to the server (Unauthorized)\n";

  it.each([
    ["yes", { code: 0, stdout: "yes\n", stderr: "" }],
    ["no", { code: 1, stdout: "no\n", stderr: "" }],
    ["no", { code: 1, stdout: "no - no RBAC policy matched\n", stderr: "" }],
    ["unauthorized", { code: 1, stdout: "", stderr: UNAUTHORIZED }],
  ])("is %s", (verdict, outcome) => {
    expect(verdictOf(outcome)).toBe(verdict);
  });

  it.each([
    ["a warning alone", { code: 1, stdout: "", stderr: "Unable to connect to the server\n" }],
    ["a yes that failed", { code: 1, stdout: "yes\n", stderr: "" }],
    ["a signal", { code: -1, stdout: "", stderr: "" }],
  ])("is none for %s", (_what, outcome) => {
    expect(verdictOf(outcome)).toBeUndefined();
  });
});

describe("what is shown of an answer", () => {
  it("is its beginning", () => {
    const outcome = { code: 0, stdout: "one\n\ntwo\nthree\n", stderr: "progress\n" };
    expect(answerLines(outcome, 2)).toEqual(["one", "two"]);
  });

  it("is what was remarked, where the answer went into a file", () => {
    expect(answerLines({ code: 0, stdout: "", stderr: "3 events\n" }, 1)).toEqual(["3 events"]);
  });

  it("is the error, and not what was shown before it or advised after it", () => {
    const stderr = "  State    pending\ntimelatch: Nobody decides.\n  Next: ask someone\n";
    expect(answerLines({ code: 3, stdout: "", stderr }, 5)).toEqual(["timelatch: Nobody decides."]);
  });
});

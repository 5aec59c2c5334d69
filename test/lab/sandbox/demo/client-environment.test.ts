import { describe, expect, it } from "vitest";
import { clientEnvironment } from "../../../../lab/sandbox/demo/client-environment.ts";

const ADDRESSES = {
  apiUrl: "http://127.0.0.1:1",
  awsUrl: "http://127.0.0.1:2",
  slackUrl: "http://127.0.0.1:3",
  outsideUrl: "http://127.0.0.1:4",
  slackPageUrl: "http://127.0.0.1:3/?token=0",
  slackSigningSecret: "0",
  kubeconfig: "/demo/kubeconfig",
  awsConfigFile: "/demo/aws/config",
  awsCredentialsFile: "/demo/aws/credentials",
  people: { alice: { AWS_PROFILE: "alice", KUBECONFIG: "/demo/kube/alice" } },
};

describe("the environment of the demo's clients", () => {
  it("The demo's clients get no variable that leads to another account, cluster, broker or proxy", () => {
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
      "alice",
    );
    expect(env).toEqual({
      PATH: expect.stringMatching(/\/cli:\/usr\/bin$/),
      TZ: "Europe/Berlin",
      AWS_PROFILE: "alice",
      TIMELATCH_API: "http://127.0.0.1:1",
      TIMELATCH_OUTSIDE_ORIGIN: "http://127.0.0.1:4/",
      AWS_CONFIG_FILE: "/demo/aws/config",
      AWS_SHARED_CREDENTIALS_FILE: "/demo/aws/credentials",
      AWS_PAGER: "",
      KUBECONFIG: "/demo/kube/alice",
      KUBECACHEDIR: "/demo/kube-cache",
      XDG_CACHE_HOME: "/demo/cache",
    });
  });
});

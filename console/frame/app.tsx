/** The page as a whole: it waits to be let in, shows its views, and covers them when its console ended. */
import { I18nProvider } from "@cloudscape-design/components/i18n";
import messages from "@cloudscape-design/components/i18n/messages/all.en";
import { useEffect, useState } from "react";
import { call, onEnd, token } from "../api/client.ts";
import { shareToken, tokenOfTab } from "../api/launch.ts";
import { Problem } from "../api/problem.ts";
import { type Session, SessionOf } from "../api/session.ts";
import { Frame } from "./frame.tsx";
import { Launch } from "./launch.tsx";
import { Over } from "./over.tsx";

type Stage = "starting" | "digits" | "over" | Session;

export function App() {
  const [stage, setStage] = useState<Stage>("starting");
  useEffect(() => {
    onEnd(() => setStage("over"));
    shareToken();
    void enter(token.kept()).then(setStage, () => setStage("over"));
  }, []);
  useActivity(typeof stage === "object");
  return (
    <I18nProvider locale="en" messages={[messages]}>
      {stage === "digits" && (
        <Launch letIn={(text) => void enter(text).then(setStage, () => setStage("over"))} />
      )}
      {stage === "over" && <Over />}
      {typeof stage === "object" && (
        <SessionOf value={stage}>
          <Frame />
        </SessionOf>
      )}
    </I18nProvider>
  );
}

/** With the token of this tab, or of another one; else by digits. */
async function enter(known: string | null): Promise<Stage> {
  return (await sessionBy(known)) ?? (await sessionBy(await tokenOfTab())) ?? "digits";
}

async function sessionBy(text: string | null | undefined): Promise<Session | undefined> {
  if (text === null || text === undefined) return undefined;
  token.keep(text);
  return call<Session>("/session").catch((error: unknown) => {
    token.forget();
    if (error instanceof Problem && error.status === 401) return undefined;
    throw error;
  });
}

const ACTIVE_MS = 60_000;

/** Tells the server that somebody presses something: it ends after an hour without. */
function useActivity(on: boolean): void {
  useEffect(() => {
    if (!on) return undefined;
    let reportedAt = 0;
    const tell = () => {
      if (Date.now() - reportedAt < ACTIVE_MS) return;
      reportedAt = Date.now();
      call("/activity", { method: "POST" }).catch(() => undefined);
    };
    for (const event of ["pointerdown", "keydown"]) addEventListener(event, tell);
    return () => {
      for (const event of ["pointerdown", "keydown"]) removeEventListener(event, tell);
    };
  }, [on]);
}

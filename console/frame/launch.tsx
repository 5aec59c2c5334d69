/** The digits that let this page in, once the person has typed them into the terminal. */
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect, useState } from "react";
import { askForDigits, type Waiting } from "../api/launch.ts";

export function Launch({ letIn }: { readonly letIn: (token: string) => void }) {
  const [waiting, setWaiting] = useState<Waiting>({ state: "starting" });
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn asks for new digits
  useEffect(() => {
    document.title = "Timelatch";
    const stop = new AbortController();
    setWaiting({ state: "starting" });
    askForDigits(setWaiting, stop.signal).then(
      (token) => {
        if (token !== undefined) letIn(token);
      },
      () => {
        if (!stop.signal.aborted)
          setWaiting({ state: "over", why: "The console does not answer." });
      },
    );
    return () => stop.abort();
  }, [turn]);
  return (
    <main className="alone">
      <Container header={<Header variant="h1">Timelatch console</Header>}>
        {waiting.state === "over" ? (
          <Alert
            type="warning"
            header="This page was not let in"
            action={<Button onClick={() => setTurn(turn + 1)}>Show new digits</Button>}
          >
            {waiting.why}
          </Alert>
        ) : (
          <Digits digits={waiting.state === "digits" ? waiting.digits : undefined} />
        )}
      </Container>
    </main>
  );
}

const Digits = ({ digits }: { readonly digits: string | undefined }) => (
  <SpaceBetween size="m">
    <p>Type these digits into the terminal that runs timelatch console, within a minute:</p>
    <div className="digits" role="status" aria-label={digits?.split("").join(" ") ?? "Waiting"}>
      {digits ?? "······"}
    </div>
    <Box color="text-body-secondary">
      They let this page act with your AWS credentials. Type them only if you opened it yourself.
    </Box>
  </SpaceBetween>
);

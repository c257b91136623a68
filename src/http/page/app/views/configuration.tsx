import { Section } from "../parts/section.tsx";

/** Where the configuration is; the agent hands it to nobody over the network. */
export function Configuration() {
  return (
    <Section title="Configuration">
      <p>
        It is in <code>sluice.yaml</code> and the environment of the agent. <code>sluice config check</code> prints what
        holds, with secrets hidden.
      </p>
    </Section>
  );
}
